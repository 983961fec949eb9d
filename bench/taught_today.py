"""Schools in which every class has ten lessons today, for rolls: five of the largest kind, forty classes of 45 each.

Made once and kept with the node; each run forgets the rolls of the last. Works on the node's own database, in this
process; see bench/visitor.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections, transaction

from bench import demonstration
from bench.names import DOMAIN, name_of
from khue.attendance.models import Absence, LessonLog
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.text import name_sort_key
from khue.identity.models import Account, Grant
from khue.registry.models import Guardianship, Organisation, Person
from khue.schools.models import (
    ClassSubject,
    Enrolment,
    SchoolClass,
    SchoolYear,
    SpecialDay,
    StaffMember,
    TeachingAssignment,
    Term,
)
from khue.timetable.models import Slot, TimetableVersion
from tests.world import YEAR_START, School, account, maths_subject, school, staff

NAME = "Trường điểm danh"
SCHOOLS = 5
CLASSES = 40
PUPILS = 45
#: Mornings of five lessons; on Mondays, and today is taught like a Monday, five more in the afternoon.
PLACES = [("am", period) for period in range(1, 6)] + [("pm", period) for period in range(1, 6)]


@dataclass(frozen=True)
class Teacher:
    """One teacher with a session and a class; `slots` are the ten lessons of today, in order."""

    session: str
    slots: Sequence[UUID]
    school_class: UUID
    pupils: Sequence[int]


@dataclass(frozen=True)
class Taught:
    """Everybody who takes rolls, and the session of the head of the first school."""

    teachers: Sequence[Teacher]
    head: str
    organisations: Sequence[int]


def taught_today() -> Taught:
    """The schools as on a morning before the first roll; made where the node has none yet: a minute of work."""
    with scope.of(SYSTEM):
        if not Organisation.objects.filter(name__startswith=NAME).exists():
            _make()
        places = list(Organisation.objects.filter(name__startswith=NAME).order_by("id"))
        forget([place.id for place in places])
        for place in places:
            _teach_today(place)
        teachers = [_teacher(each) for each in SchoolClass.objects.filter(organisation__in=places).order_by("id")]
        _write_week(places[0])
        head = Grant.objects.select_related("account").get(organisation=places[0], role="head").account
        return Taught(teachers, demonstration.session_of(head), [place.id for place in places])


def forget(organisations: Sequence[int]) -> None:
    """Take away every roll of these schools and what was told of it."""
    tables = ("absence", "rollcall", "absencenotice", "lessonlog")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM attendance_{table} WHERE organisation_id = ANY(%s)", [list(organisations)])
        cursor.execute("VACUUM ANALYZE " + ", ".join(f"attendance_{table}" for table in tables))


def forget_mail() -> None:
    """Send no mail that earlier benchmarks left on the node: there is a server now, and theirs had none."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE messaging_delivery SET state = 'withdrawn' WHERE state IN ('waiting', 'sending')")


def _teacher(school_class: SchoolClass) -> Teacher:
    taught = ClassSubject.objects.get(school_class=school_class)
    person = school_class.homeroom_teacher.person_id if school_class.homeroom_teacher else 0
    slots = Slot.objects.filter(class_subject=taught, weekday=1).order_by("session", "period")
    pupils = Enrolment.objects.filter(school_class=school_class).order_by("id")
    return Teacher(
        session=demonstration.session_of(Account.objects.get(person_id=person)),
        slots=list(slots.values_list("public_id", flat=True)),
        school_class=school_class.public_id,
        pupils=list(pupils.values_list("id", flat=True)),
    )


def _teach_today(place: Organisation) -> None:
    """Whatever day it is, it lies in the year and is taught like a Monday."""
    today = clock.today()
    year = SchoolYear.objects.get(organisation=place)
    last = max(year.ends_on, today + timedelta(days=30))
    SchoolYear.objects.filter(id=year.id).update(ends_on=last)
    Term.objects.filter(school_year=year, number=2).update(ends_on=last)
    taught = {"kind": "make_up", "taught_as": 1, "title": "Học bù"}
    SpecialDay.objects.update_or_create(organisation=place, school_year=year, day=today, defaults=taught)


def _write_week(place: Organisation) -> None:
    """The other days of this week in the first class's log, signed, with five pupils not there in each lesson."""
    first = SchoolClass.objects.filter(organisation=place).order_by("id")[0]
    pupils = list(Enrolment.objects.filter(school_class=first).order_by("id"))
    today, now = clock.today(), clock.now()
    monday = today - timedelta(days=today.weekday())
    slots = Slot.objects.filter(class_subject__school_class=first, weekday__lte=5)
    logs = [
        _signed(slot, monday + timedelta(days=slot.weekday - 1), now)
        for slot in slots
        if monday + timedelta(days=slot.weekday - 1) < today
    ]
    LessonLog.objects.bulk_create(logs)
    Absence.objects.bulk_create(
        Absence(organisation=place, lesson=log, enrolment=pupils[(number + of) % PUPILS], kind="KPMSK"[of])
        for number, log in enumerate(logs)
        for of in range(5)
    )


def _signed(slot: Slot, day: date, now: datetime) -> LessonLog:
    return LessonLog(
        organisation_id=slot.organisation_id, slot=slot, class_subject_id=slot.class_subject_id, day=day, taken_at=now,
        title="Phép cộng và phép trừ phân số", remark="Lớp học tập tích cực", rating="A", plan_number=slot.period,
        signed_at=now, signed_by_name="Cô giáo",
    )  # fmt: skip


@transaction.atomic
def _make() -> None:
    department = Organisation.objects.filter(kind="department").order_by("id")[0]
    subject = maths_subject()
    for number in range(SCHOOLS):
        made = school(f"{NAME} {number}", department, subject, 0)
        TeachingAssignment.objects.filter(organisation=made.organisation).delete()
        ClassSubject.objects.filter(organisation=made.organisation).delete()
        SchoolClass.objects.filter(organisation=made.organisation).delete()  # 6A of that world has no pupils
        version = TimetableVersion.objects.create(
            organisation=made.organisation, term=made.term, title="Tuần 1", valid_from=YEAR_START
        )
        taught = [_class(made, number * CLASSES + each) for each in range(CLASSES)]
        _fill_timetable(version, taught)
        _enrol(made, [each.school_class for each, _staff in taught])


def _class(made: School, number: int) -> tuple[ClassSubject, StaffMember]:
    at = {"organisation": made.organisation}
    teacher = staff(name_of(number), made.organisation, "teacher")
    signed_in = account(teacher.person, "subject_teacher", made.organisation, f"diemdanh{number}")
    Grant.objects.create(**at, account=signed_in, role="homeroom_teacher", valid_from=YEAR_START)
    school_class = SchoolClass.objects.create(
        **at, school_year=made.year, grade=6 + number % 4, name=f"{6 + number % 4}.{number}", homeroom_teacher=teacher
    )
    taught = ClassSubject.objects.create(
        **at, school_class=school_class, subject=made.maths.subject, weekly_periods_term_1=30, weekly_periods_term_2=30
    )
    TeachingAssignment.objects.create(**at, class_subject=taught, staff=teacher, starts_on=YEAR_START)
    return taught, teacher


def _fill_timetable(version: TimetableVersion, taught: Sequence[tuple[ClassSubject, StaffMember]]) -> None:
    Slot.objects.bulk_create(
        Slot(
            organisation_id=version.organisation_id, version=version, class_subject=each, staff=teacher,
            weekday=weekday, session=session, period=period,
        )
        for each, teacher in taught
        for weekday in range(1, 6)
        for session, period in PLACES
        if session == "am" or weekday == 1
    )  # fmt: skip


def _enrol(made: School, classes: Sequence[SchoolClass]) -> None:
    """45 pupils in each class, each with a mother who reads e-mail."""
    place = made.organisation
    numbers = range(len(classes) * PUPILS)
    pupils = Person.objects.bulk_create(_person(name_of(n), place) for n in numbers)
    mothers = Person.objects.bulk_create(
        _person(f"Mẹ {name_of(n)}", place, email=f"me{n}.{place.id}@{DOMAIN}") for n in numbers
    )
    Guardianship.objects.bulk_create(
        Guardianship(
            organisation=place, child=pupil, guardian=mother, relationship="mother", valid_from=YEAR_START
        )
        for pupil, mother in zip(pupils, mothers, strict=True)
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(organisation=place, person=pupil, school_class=classes[n // PUPILS], starts_on=YEAR_START)
        for n, pupil in enumerate(pupils)
    )


def _person(name: str, place: Organisation, **more: str) -> Person:
    return Person(organisation=place, full_name=name, sort_key=name_sort_key(name), **more)
