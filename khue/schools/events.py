"""What happened in a school's year, for the rooms above."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class RosterImported(Event):
    """A roster file was applied: pupils are new in classes, or moved between them."""

    name: ClassVar[str] = "schools.roster_imported"
    roster_import_id: int
    school_year_id: int


@dataclass(frozen=True)
class PupilsEnrolled(Event):
    """Pupils came into classes, new or from another class of the school."""

    name: ClassVar[str] = "schools.pupils_enrolled"
    school_year_id: int
    enrolment_ids: list[int]


@dataclass(frozen=True)
class EnrolmentsClosed(Event):
    """Pupils are no longer in these places: moved to another class, or gone."""

    name: ClassVar[str] = "schools.enrolments_closed"
    enrolment_ids: list[int]


@dataclass(frozen=True)
class TransferReleased(Event):
    """A pupil went from one school to another: one enrolment ended, another began. Told in the receiving school.

    left_organisation_id  the school left behind; whoever moves marks and signed records reads there
    on                    the first day at the new school
    """

    name: ClassVar[str] = "schools.transfer_released"
    left_organisation_id: int
    person_id: int
    left_enrolment_id: int
    enrolment_id: int
    case_id: int
    on: date
