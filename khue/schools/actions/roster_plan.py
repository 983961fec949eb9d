"""Making the plan of an import: the file's rows against the school as it is now."""

from dataclasses import dataclass
from datetime import datetime

from khue.foundation import files
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.garbage import collector_resting
from khue.schools.models import RosterImport
from khue.schools.queries.roster import school_as_known
from khue.schools.queries.roster_staff import staff_as_known
from khue.schools.roster import reading
from khue.schools.roster.plan import Plan, planned
from khue.schools.roster.staff_plan import StaffPlan, planned_staff


@dataclass(frozen=True, slots=True)
class WholePlan:
    """What an import would do: with pupils and their guardians, and with teachers."""

    pupils: Plan
    staff: StaffPlan


def content_of(roster_import: RosterImport) -> bytes:
    """The bytes of the file that is imported."""
    with files.open_file(roster_import.file) as stream:
        return stream.read()


@collector_resting()
def plan_of(actor: Actor, roster_import: RosterImport, data: bytes, at: datetime) -> WholePlan:
    """Read the file and compare it with the school. Changes nothing.

    refuses  what the file refuses
    cost     some ten queries, whatever the number of rows; twice that where the file has teachers
    """
    today = at.astimezone(VIETNAM).date()
    rows = reading.rows_of(data, roster_import, today=today)
    for row in rows.pupils:
        row.class_name = row.class_name or roster_import.class_name or None
    year, on = roster_import.school_year, roster_import.applies_on
    school = school_as_known(actor, year, rows.pupils, on)
    plan = planned(rows.pupils, school, create_classes=roster_import.creates_classes)
    if not rows.teachers:
        return WholePlan(plan, StaffPlan())
    details = [known.details for known in school.pupils.values()]
    staff = planned_staff(
        rows.teachers,
        staff_as_known(actor, year, rows.teachers, on, today),
        school.classes,
        plan.new_classes,
        pupil_numbers=frozenset(number for d in details for number in (d.national_id, d.moet_code) if number),
        create_classes=roster_import.creates_classes,
        is_delta=rows.is_delta,
        on=on,
    )
    return WholePlan(plan, staff)
