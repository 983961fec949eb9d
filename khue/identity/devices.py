"""Which device a session is on, in words a person recognises."""

from django.utils.translation import gettext as _

#: First match wins: browsers name those they descend from.
_BROWSERS = [
    ("Zalo", "Zalo"), ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
_SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
]  # fmt: skip


def device_of(agent: str) -> str:
    """ "Chrome trên Android", from what the browser says of itself; "Thiết bị khác" when it says nothing known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Thiết bị khác")


def is_phone(agent: str) -> bool:
    """Whether to draw a phone beside it."""
    return "Mobile" in agent or "Android" in agent or "iPhone" in agent
