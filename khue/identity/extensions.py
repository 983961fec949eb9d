"""What higher rooms plug into identity."""

from dataclasses import dataclass

from django.utils.functional import Promise

from khue.foundation.slots import Slots


@dataclass(frozen=True)
class Purpose:
    """Something personal data is used for only with a yes. The key under which it is plugged in never changes.

    title     lazy translation, a few words
    text      lazy translation: what is done with which data, in plain words, as the person reads it before deciding
    version   of the wording; a new wording asks again
    discloses whether it shows a child's private life to others: then a child of seven or more decides with its
              representative (domain §7.1)
    """

    title: str | Promise
    text: str | Promise
    version: str
    discloses: bool


purposes: Slots[Purpose] = Slots("consent_purposes")

#: The name of the address where a role begins its day ("gradebook:mine"); roles without one begin at "/".
home_url: Slots[str] = Slots("home_url")
