"""Who must say yes, by age and purpose."""

from datetime import date

from khue.identity.models import Consent
from khue.registry.queries import PartialDate

SELF = Consent.Capacity.SELF
REPRESENTATIVE = Consent.Capacity.REPRESENTATIVE

#: From this age a child's own yes is needed to disclose its private life (domain §7.1).
OWN_WORD = 7
#: Children are people under sixteen (Luật Trẻ em 102/2016/QH13, Điều 1).
ADULT = 16


def ages(birth: PartialDate, on: date) -> tuple[int, int]:
    """The least and the most years a person may have completed on that day."""
    if birth.year is None:
        return 0, 150
    latest = (birth.month or 12, birth.day or 31)
    earliest = (birth.month or 1, birth.day or 1)
    today = (on.month, on.day)
    return on.year - birth.year - (today < latest), on.year - birth.year - (today < earliest)


def who_must_agree(birth: PartialDate, *, discloses: bool, on: date) -> frozenset[Consent.Capacity]:
    """Whose yes a purpose needs. Where the age is not certain, everyone who might be needed is.

    source  Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP as read in domain §7.1
    """
    least, most = ages(birth, on)
    needed = set()
    if most >= ADULT or (discloses and most >= OWN_WORD):
        needed.add(SELF)
    if least < ADULT:
        needed.add(REPRESENTATIVE)
    return frozenset(needed)
