"""What people type to say who they are, in one normal form each."""

import re
import unicodedata

from khue.identity.models import Handle

#: Mobile prefixes of eleven-digit numbers and what they became in autumn 2018. Old paper forms still carry them.
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_PHONE_SIGNS = re.compile(r"[\s.()\-–/]+")
_USER_NAME = re.compile(r"^(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,49}$")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$")
_NATIONAL_ID = re.compile(r"^0\d{11}$")


def normal_form(typed: str) -> tuple[Handle.Kind, str] | None:
    """Which handle was typed, and its one spelling; None when it can be none.

    A number of twelve digits that begins with 0 is a personal number (domain §1.7): no phone number has this shape.
    """
    text = _plain(typed)
    if "@" in text:
        return (Handle.Kind.EMAIL, text) if _EMAIL.match(text) else None
    if _NATIONAL_ID.match(compact := _PHONE_SIGNS.sub("", text)):
        return Handle.Kind.NATIONAL_ID, compact
    if (number := phone(text)) is not None:
        return Handle.Kind.PHONE, number
    return (Handle.Kind.USER_NAME, text) if _USER_NAME.match(text) else None


def phone(typed: str) -> str | None:
    """A Vietnamese phone number as "+84912345678", from any usual spelling; None when it is none.

    typed    "0912 345 678", "(+84) 912.345.678", "84912345678", "0084...", "0168 ..." of before 2018
    """
    compact = _PHONE_SIGNS.sub("", _plain(typed))
    for country in ("+84", "0084", "84"):
        if compact.startswith(country):
            compact = "0" + compact.removeprefix(country).removeprefix("0")
            break
    if not compact.isascii() or not compact.isdigit() or not compact.startswith("0"):
        return None
    if len(compact) == 11 and (new := _OLD_PREFIXES.get(compact[:4])):
        compact = new + compact[4:]
    is_mobile = len(compact) == 10 and compact[1] in "35789"
    is_landline = len(compact) == 11 and compact[1] == "2"
    return f"+84{compact[1:]}" if is_mobile or is_landline else None


def _plain(typed: str) -> str:
    """Compatibility forms, full-width digits and invisible signs away; one case."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc")).strip().lower()
