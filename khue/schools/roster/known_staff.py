"""What the school already knows of its staff, as the plan of an import compares it with a package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from khue.registry.queries import PersonDetails

#: A class by its key and a subject by its code: what somebody teaches.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownTeacher:
    """Somebody who works at the school. source_id: what this node's own packages call the person.

    staff_id  below zero for staff of the registry who stand on no list of this school yet: an account was opened first
    """

    staff_id: int
    person_id: int
    details: PersonDetails
    source_id: str
    code: str = ""
    group: str = ""

    @property
    def is_listed(self) -> bool:
        return self.staff_id > 0


@dataclass(frozen=True, slots=True)
class KnownLeader:
    """Who leads a class, and since when; None where nobody wrote that down."""

    staff_id: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Staff:
    """Everything a plan needs to know of a school's staff in one year.

    taught       who teaches each class-subject, the first teacher first, by staff id; nobody where the tuple is empty
    leaders      by class key
    offered      subject codes by grade that the programme teaches there
    codes        subject codes by what a package may call a subject: code or name, folded
    places       by the sourcedId of a class in this node's own packages; a homeroom has no subject code
    strands      names of the strands of integrated subjects, by the code of the subject and of the strand
    parts        who teaches which strand of a class-subject: staff id and name of the strand
    elsewhere    numbers that belong to people whose file is not this school's
    may_appoint  whether homeroom teachers may be appointed from the day of the import
    """

    teachers: Mapping[int, KnownTeacher] = field(default_factory=dict)
    taught: Mapping[Place, tuple[int, ...]] = field(default_factory=dict)
    leaders: Mapping[str, KnownLeader] = field(default_factory=dict)
    offered: Mapping[int, frozenset[str]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    strands: Mapping[tuple[str, str], str] = field(default_factory=dict)
    parts: Mapping[Place, frozenset[tuple[int, str]]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    may_appoint: bool = True
