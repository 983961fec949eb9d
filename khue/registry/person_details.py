"""What is written down about a person, in the form in which it is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from khue.foundation.text import nfc
from khue.registry.identifiers import IdentifierWarning, check_moet_code, check_national_id, tidy_number
from khue.registry.partial_dates import PartialDate
from khue.registry.phones import national_phone


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as a form, a file or another system describes them. An empty text means: not known.

    sex          "0" unknown, "1" male, "2" female
    ethnicity    code of the list in domain §11.1; nationality: two letters of ISO 3166
    national_id  as typed; stored without the spaces and apostrophes around it
    """

    full_name: str
    other_name: str = ""
    sex: str = "0"
    birth: PartialDate = field(default_factory=PartialDate)
    birthplace: str = ""
    national_id: str = ""
    moet_code: str = ""
    foreign_paper: str = ""
    ethnicity: str = ""
    nationality: str = "VN"
    address: str = ""
    territory_id: int | None = None
    phone: str = ""
    email: str = ""
    occupation: str = ""
    is_disabled: bool = False
    is_poor_household: bool = False

    def tidied(self) -> "PersonDetails":
        """The same in one Unicode form, with single spaces and bare numbers."""
        changed: dict[str, Any] = {}
        for name, tidy in _TIDIED:
            text = getattr(self, name)
            if text and (better := tidy(text)) != text:
                changed[name] = better
        # Most rows of an import are tidy already, and a copy costs more than looking.
        return replace(self, **changed) if changed else self

    @property
    def warnings(self) -> list[IdentifierWarning]:
        """What looks wrong about the numbers, given sex and birth."""
        return check_national_id(tidy_number(self.national_id), sex=self.sex, birth=self.birth) + check_moet_code(
            tidy_number(self.moet_code)
        )

    def columns(self) -> dict[str, object]:
        """Values of the person's columns; numbers that are not known are null."""
        values: dict[str, object] = {name: getattr(self, name) for name in _PLAIN}
        values["national_id"] = self.national_id or None
        values["moet_code"] = self.moet_code or None
        values |= {"birth_year": self.birth.year, "birth_month": self.birth.month, "birth_day": self.birth.day}
        return values


#: Fields that are columns of the same name.
_PLAIN = tuple(f.name for f in fields(PersonDetails) if f.name != "birth")

#: How each text is made tidy.
_TIDIED: tuple[tuple[str, Callable[[str], str]], ...] = (
    *((name, nfc) for name in ("full_name", "other_name", "birthplace", "foreign_paper", "address", "occupation")),
    *((name, tidy_number) for name in ("national_id", "moet_code")),
    ("phone", lambda text: national_phone(text) or tidy_number(text)),
    ("email", str.strip),
)
