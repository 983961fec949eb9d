"""The ways to reach people beyond the application, in the order in which one stands in for another."""

from khue.messaging.channels.mail import MAIL
from khue.messaging.channels.parcels import Channel
from khue.messaging.channels.push import PUSH
from khue.messaging.channels.sms import SMS
from khue.messaging.channels.zalo import ZALO

ORDER: tuple[Channel, ...] = (PUSH, MAIL, ZALO, SMS)


def channel_named(code: str) -> Channel:
    """The channel of a delivery; KeyError for the application, which is none."""
    return _BY_CODE[code]


_BY_CODE = {channel.code: channel for channel in ORDER}
