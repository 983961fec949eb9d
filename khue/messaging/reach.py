"""By which channel a person is told beyond the application, and which stands in when one fails."""

from khue.messaging import channels
from khue.registry.queries import Recipient


def address_on(channel: str, to: Recipient, has_browser: bool) -> str | None:
    """Where the person is reached by this channel; None for nowhere. Browsers have no address of their own here."""
    if channel == "push":
        return "" if has_browser else None
    return (to.email if channel == "email" else to.phone) or None


def first_way(to: Recipient, *, has_browser: bool, after: str = "") -> tuple[str, str] | None:
    """Channel and address for the person: the first that is on and leads somewhere. None where there is none.

    after  the channel that failed; only those behind it stand in for it
    """
    codes = [channel.code for channel in channels.ORDER]
    begin = codes.index(after) + 1 if after else 0
    for channel in channels.ORDER[begin:]:
        address = address_on(channel.code, to, has_browser) if channel.is_on() else None
        if address is not None:
            return channel.code, address
    return None
