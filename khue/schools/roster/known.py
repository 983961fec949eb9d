"""What the school already knows, as the plan of an import compares it with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from khue.registry.queries import PersonDetails, spelling_key


@dataclass(frozen=True, slots=True)
class Link:
    """One guardian of one pupil, in force today. A barred one is never touched by an import."""

    guardianship_id: int
    guardian_id: int
    relationship: str
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A pupil of the school, or a former one who is found by number.

    enrolment_id  the place in a class today; None when in none
    class_key     of that class; "" when in none
    """

    person_id: int
    details: PersonDetails
    enrolment_id: int | None = None
    class_key: str = ""
    links: tuple[Link, ...] = ()
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class KnownClass:
    class_id: int
    name: str
    grade: int


@dataclass(slots=True)
class School:
    """Everything an import needs to know of one school in one year.

    classes    by class_key
    guardians  details of every guardian who belongs to the school, by person id
    elsewhere  numbers that belong to people whose file is not this school's
    strangers  numbers that belong to people of this school who were never its pupils
    """

    pupils: Mapping[int, KnownPupil]
    classes: Mapping[str, KnownClass]
    guardians: Mapping[int, PersonDetails] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()

    def children_of(self) -> dict[int, int]:
        """How many pupils each guardian has here."""
        counts: dict[int, int] = {}
        for pupil in self.pupils.values():
            for link in pupil.links:
                counts[link.guardian_id] = counts.get(link.guardian_id, 0) + 1
        return counts


def identity_key(details: PersonDetails) -> tuple[str, object]:
    """Name and birth: who somebody without a number is."""
    return name_key(details.full_name), details.birth


_names: dict[str, str] = {}


def name_key(name: str) -> str:
    """A name as two files may write it: case, tone placement and spaces do not count."""
    key = _names.get(name)
    if key is None:
        if len(_names) > 50_000:
            _names.clear()
        key = _names[name] = spelling_key(name)
    return key


def by_number(people: Iterable[tuple[int, PersonDetails]]) -> dict[tuple[str, str], int]:
    """Person ids by ("moet_code" or "national_id", number)."""
    found = {}
    for person_id, details in people:
        if details.moet_code:
            found["moet_code", details.moet_code] = person_id
        if details.national_id:
            found["national_id", details.national_id] = person_id
    return found
