"""Writing a plan: classes, people, places in classes and guardians, each kind with a few statements."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.foundation.garbage import collector_resting
from khue.foundation.ids import uuid7s
from khue.registry import actions as registry
from khue.registry import queries as registry_queries
from khue.registry.actions import Appointment, PersonChange
from khue.registry.models import Organisation
from khue.registry.queries import PersonDetails
from khue.schools.actions.roster_staff import write_staff
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled
from khue.schools.models import SchoolClass, SchoolYear
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.plan import GuardianPlan, NewClass, Outcome, Plan, RowPlan
from khue.schools.roster.staff_plan import StaffPlan
from khue.schools.roster.values import class_key

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of the people who are new to the school: pupils, guardians of a child, staff with their positions."""

    pupils: list[int]
    guardians: list[int]
    staff: dict[int, str]


@collector_resting()
def write_roster(
    *,
    actor: Actor,
    school_year: SchoolYear,
    plan: Plan,
    staff: StaffPlan,
    on: date,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write what the plan says, inside the caller's transaction. Rows that turn out impossible become wrong."""
    organisation = school_year.organisation
    classes = _make_classes(actor, school_year, plan.new_classes)
    done = plan.count(Outcome.WRONG) + plan.count(Outcome.UNCHANGED)
    people: dict[int, int] = {}
    for rows in _chunks([row for row in plan.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]):
        people |= _write_pupils(actor, organisation, rows, on)
        _enrol(actor, school_year, rows, people, classes, on)
        done += len(rows)
        if progress:
            progress(done, len(plan.rows))
    teachers = write_staff(actor=actor, school_year=school_year, plan=staff, classes=classes, on=on)
    if progress and staff.teachers:
        progress(done + len(staff.teachers), len(plan.rows) + len(staff.teachers))
    guardians = _write_guardians(actor, organisation, plan, people, teachers.people, on)
    pupils = [people[row.row.line] for row in plan.rows if row.outcome is Outcome.NEW]
    return Written(pupils, guardians, teachers.working)


def _chunks(rows: Sequence[RowPlan]) -> Iterator[Sequence[RowPlan]]:
    for begin in range(0, len(rows), CHUNK):
        yield rows[begin : begin + CHUNK]


def _make_classes(actor: Actor, school_year: SchoolYear, wanted: Sequence[NewClass]) -> dict[str, int]:
    """Class ids by key, of all classes of the year."""
    made = SchoolClass.objects.bulk_create(
        [
            SchoolClass(
                organisation_id=school_year.organisation_id, school_year=school_year, grade=new.grade, name=new.name
            )
            for new in wanted
        ]
    )
    if made:
        audit.record(actor, "classes.created", school_year, classes={c.id: c.name for c in made})
    rows = SchoolClass.objects.filter(school_year=school_year).values_list("name", "id")
    return {class_key(name): key for name, key in rows}


def _write_pupils(actor: Actor, organisation: Organisation, rows: Sequence[RowPlan], on: date) -> dict[int, int]:
    """Person id by line. New people are recorded, former ones belong again, known ones corrected where they differ."""
    ids = {row.row.line: row.pupil.person_id for row in rows if row.pupil is not None}
    new = [row for row in rows if row.pupil is None or row.pupil.is_former]
    if new:
        answers = registry.record_people(
            actor=actor, organisation=organisation, kind="pupil", people=[_details(row) for row in new], on=on
        )
        for row, answer in zip(new, answers, strict=True):
            if answer.person_id is None:
                row.outcome = Outcome.WRONG
                row.row.issues.append(issue(Code.HELD_ELSEWHERE))
            else:
                ids[row.row.line] = answer.person_id
    changed = [
        PersonChange(row.pupil.person_id, _details(row))
        for row in rows
        if row.pupil is not None and row.details != row.pupil.details
    ]
    if changed:
        registry.correct_people(actor=actor, organisation=organisation, changes=changed)
    return ids


def _details(row: RowPlan) -> PersonDetails:
    assert row.details is not None  # every row that is not wrong has them
    return row.details


def _enrol(
    actor: Actor,
    school_year: SchoolYear,
    rows: Sequence[RowPlan],
    people: dict[int, int],
    classes: dict[str, int],
    on: date,
) -> None:
    """Open places for pupils who are new to their class, and close the ones they leave on that day."""
    coming = [r for r in rows if r.outcome is not Outcome.WRONG and (r.pupil is None or "class" in r.changes)]
    leaving = [r.pupil.enrolment_id for r in coming if r.pupil is not None and r.pupil.enrolment_id is not None]
    if leaving:
        _close(actor, school_year, leaving, on)
    gone = [r.pupil.enrolment_id for r in rows if "left" in r.changes and r.pupil is not None and r.pupil.enrolment_id]
    if gone:
        _close(actor, school_year, gone, on, status="left")
    if not coming:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schools_enrolment (public_id, organisation_id, person_id, school_class_id, starts_on, status)"
            " SELECT u, %s, p, c, %s, 'studying' FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS n (u, p, c)"
            " RETURNING id",
            [
                school_year.organisation_id,
                on,
                array(public_id.hex for public_id in uuid7s(len(coming))),
                array(people[row.row.line] for row in coming),
                array(classes[row.class_key] for row in coming),
            ],
        )
        opened = [row[0] for row in cursor.fetchall()]
    audit.record(actor, "pupils.enrolled", school_year, on=on, enrolments=opened)
    events.publish(
        PupilsEnrolled(organisation_id=school_year.organisation_id, school_year_id=school_year.id, enrolment_ids=opened)
    )


def _close(
    actor: Actor, school_year: SchoolYear, enrolment_ids: Sequence[int], on: date, status: str = "moved_class"
) -> None:
    """A place that began on that very day was a mistake of the same day: it ends as it began, and holds no day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schools_enrolment e SET ends_on = greatest(%s, e.starts_on),"
            " status = CASE WHEN c.school_year_id = %s THEN %s ELSE 'finished' END"
            " FROM schools_schoolclass c WHERE c.id = e.school_class_id AND e.id = ANY(%s)",
            [on, school_year.id, status, list(enrolment_ids)],
        )
    audit.record(actor, "enrolments.closed", school_year, on=on, enrolments=list(enrolment_ids))
    events.publish(EnrolmentsClosed(organisation_id=school_year.organisation_id, enrolment_ids=list(enrolment_ids)))


def _write_guardians(
    actor: Actor, organisation: Organisation, plan: Plan, people: dict[int, int], teachers: dict[str, int], on: date
) -> list[int]:
    """Ids of the adults who became guardians of a child. A teacher of the package may be one, and is known by then."""
    adults = [
        (row, adult)
        for row in plan.rows
        if row.outcome in (Outcome.NEW, Outcome.CHANGED)
        for adult in row.guardians
        if adult.changes_something
    ]
    for guardianship_id in sorted({adult.replaces for _, adult in adults if adult.replaces is not None}):
        guardianship = registry_queries.guardianship_of(actor, guardianship_id)
        registry.end_guardianship(actor=actor, guardianship=guardianship, on=on - timedelta(days=1))
    known = {**teachers, **_write_adults(actor, organisation, [adult for _, adult in adults], teachers, on)}
    appointments = [
        Appointment(people[row.row.line], guardian, adult.relationship)
        for row, adult in adults
        if adult.appoint and (guardian := adult.person_id or known.get(adult.key)) is not None
    ]
    if appointments:
        registry.appoint_guardians(actor=actor, organisation=organisation, appointments=appointments, on=on)
    return sorted({appointment.guardian_id for appointment in appointments})


def _write_adults(
    actor: Actor, organisation: Organisation, adults: Sequence[GuardianPlan], teachers: dict[str, int], on: date
) -> dict[str, int]:
    """Person ids of new adults by key; each is recorded once, whatever the number of children."""
    corrected = {a.person_id: a.details for a in adults if a.person_id is not None and a.details is not None}
    if corrected:
        changes = [PersonChange(person_id, details) for person_id, details in corrected.items()]
        registry.correct_people(actor=actor, organisation=organisation, changes=changes)
    new: dict[str, PersonDetails] = {}
    for adult in adults:
        if adult.person_id is None and adult.details is not None and adult.key not in teachers:
            new[adult.key] = adult.details  # the last row that speaks of an adult knows all that the rows before said
    if not new:
        return {}
    answers = registry.record_people(
        actor=actor, organisation=organisation, kind="guardian", people=list(new.values()), on=on
    )
    return {key: answer.person_id for key, answer in zip(new, answers, strict=True) if answer.person_id is not None}
