"""Who must say yes, by age and purpose."""

from dataclasses import dataclass
from datetime import date

from khue.identity.models import Consent

SELF = Consent.Capacity.SELF
REPRESENTATIVE = Consent.Capacity.REPRESENTATIVE

#: From this age a child's own yes is needed to disclose its private life (domain §7.1).
OWN_WORD = 7
#: Children are people under sixteen (Luật Trẻ em 102/2016/QH13, Điều 1).
ADULT = 16


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date of which any part may be unknown."""

    year: int | None
    month: int | None
    day: int | None

    def ages(self, on: date) -> tuple[int, int]:
        """The least and the most years the person may have completed on that day."""
        if self.year is None:
            return 0, 150
        latest = (self.year, self.month or 12, self.day or 31)
        earliest = (self.year, self.month or 1, self.day or 1)
        today = (on.month, on.day)
        return on.year - latest[0] - (today < latest[1:]), on.year - earliest[0] - (today < earliest[1:])


def who_must_agree(birth: Birth, *, discloses: bool, on: date) -> frozenset[Consent.Capacity]:
    """Whose yes a purpose needs. Where the age is not certain, everyone who might be needed is.

    source  Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP as read in domain §7.1
    """
    least, most = birth.ages(on)
    needed = set()
    if most >= ADULT or (discloses and most >= OWN_WORD):
        needed.add(SELF)
    if least < ADULT:
        needed.add(REPRESENTATIVE)
    return frozenset(needed)
