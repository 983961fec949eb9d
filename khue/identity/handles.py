"""What people type to say who they are, in one normal form each."""

import re
import unicodedata

from khue.identity.models import Handle
from khue.registry import queries as registry

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
    number = registry.national_phone(typed)
    return f"+84{number[1:]}" if number else None


def _plain(typed: str) -> str:
    """Compatibility forms, full-width digits and invisible signs away; one case."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc")).strip().lower()
