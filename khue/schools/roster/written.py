"""A school's roster as it is written: who is in which class, who teaches there."""

from dataclasses import dataclass
from datetime import date

from khue.registry.queries import PersonDetails


@dataclass(frozen=True, slots=True)
class WrittenGuardian:
    person_id: int
    relationship: str
    details: PersonDetails


@dataclass(frozen=True, slots=True)
class WrittenPupil:
    """One pupil in a class, with the guardians that no court has barred. ethnicity is the people's name."""

    person_id: int
    details: PersonDetails
    class_name: str
    grade: int
    starts_on: date
    ethnicity: str
    guardians: tuple[WrittenGuardian, ...]


@dataclass(frozen=True, slots=True)
class WrittenTeaching:
    """That somebody teaches a subject in a class, or leads the class where the subject is empty."""

    person_id: int
    full_name: str
    moet_code: str
    email: str
    class_name: str
    grade: int
    subject_code: str
    subject_name: str
    leads: bool


@dataclass(frozen=True, slots=True)
class WrittenStaff:
    """One member of the staff. taught: classes by the name of the subject; led: classes."""

    details: PersonDetails
    code: str
    position: str
    group: str
    taught: dict[str, list[str]]
    led: list[str]


@dataclass(frozen=True, slots=True)
class WrittenTerm:
    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class WrittenRoster:
    """A school's roster of one year, in the order of classes and names."""

    school_name: str
    school_code: str
    year_code: str
    year_starts_on: date
    year_ends_on: date
    pupils: tuple[WrittenPupil, ...]
    teaching: tuple[WrittenTeaching, ...] = ()
    terms: tuple[WrittenTerm, ...] = ()
