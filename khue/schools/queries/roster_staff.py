"""What an import compares the teachers of a package with: who works here, who teaches what, who leads which class."""

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import date

from django.db.models import Max, Q

from khue.curriculum import queries as curriculum
from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.registry import queries as registry
from khue.schools.labels import POSITIONS
from khue.schools.models import (
    ClassSubject,
    HomeroomAppointment,
    SchoolClass,
    SchoolYear,
    StaffMember,
    TeachingAssignment,
)
from khue.schools.queries.staff import staff_at
from khue.schools.roster.known_staff import KnownLeader, KnownTeacher, Place, Staff
from khue.schools.roster.oneroster_tables import source_id
from khue.schools.roster.teachers import TeacherRow
from khue.schools.roster.values import class_key, grade_of_class
from khue.schools.roster.written import WrittenStaff


def staff_as_known(actor: Actor, school_year: SchoolYear, rows: Sequence[TeacherRow], on: date, today: date) -> Staff:
    """The staff of a school as the plan of an import sees it on that day.

    cost  a dozen queries, one of them beyond the actor's scope: who holds the numbers of the package. It gives nothing
          away but that somebody elsewhere does. None at all for a file without teachers
    """
    if not rows:
        return Staff()
    teachers = _teachers(school_year.organisation_id, on)
    leaders = _leaders(school_year)
    names = {name: class_key(name) for name in leaders}
    taught, parts = _taught(school_year, on, teachers)
    places = {source_id("class", name): (key, "") for name, key in names.items()}
    places |= {
        source_id("class", (name, code)): (key, code) for name, key in names.items() for of, code in taught if of == key
    }
    subjects = curriculum.subjects(school_year.starts_on)
    named = (work.grade or grade_of_class(work.class_name) for row in rows for work in row.works)
    grades = {grade for grade in named if grade is not None}
    return Staff(
        teachers,
        taught,
        {names[name]: leader for name, leader in leaders.items() if leader and leader.staff_id in teachers},
        {grade: frozenset(codes) for grade, codes in _offered(school_year, grades).items()},
        {fold(subject.name): subject.code for subject in subjects}
        | {fold(subject.code): subject.code for subject in subjects},
        places,
        curriculum.strand_names(),
        parts,
        _elsewhere(actor, rows),
        may_appoint=on <= max(today, school_year.starts_on),
    )


def _leaders(school_year: SchoolYear) -> dict[str, KnownLeader | None]:
    """Who leads each class of the year, if anybody, and since when; by the name of the class."""
    classes = SchoolClass.objects.filter(school_year=school_year).values_list("id", "name", "homeroom_teacher_id")
    appointed = HomeroomAppointment.objects.filter(school_class__school_year=school_year).values_list("school_class")
    since = dict(appointed.annotate(Max("starts_on")).order_by())
    return {
        name: None if staff_id is None else KnownLeader(staff_id, since.get(key)) for key, name, staff_id in classes
    }


def _teachers(organisation_id: int, on: date) -> dict[int, KnownTeacher]:
    """Everybody who works here that day, and whoever belongs to the school as staff and stands on no list of it yet."""
    rows = StaffMember.objects.filter(organisation_id=organisation_id).order_by("id")
    everybody = list(rows.values_list("id", "person_id", "code", "subject_group__name", "ends_on"))
    listed = [row[:4] for row in everybody if row[4] is None or row[4] > on]
    others = {each.person_id for each in registry.colleagues(organisation_id)} - {row[1] for row in everybody}
    details = registry.details_of(others.union(row[1] for row in listed))
    found = {
        staff_id: KnownTeacher(
            staff_id, person_id, details[person_id], source_id("person", person_id), code, group or ""
        )
        for staff_id, person_id, code, group in listed
        if person_id in details
    }
    waiting = (key for key in sorted(others) if key in details)
    return found | {-key: KnownTeacher(-key, key, details[key], source_id("person", key)) for key in waiting}


def _taught(
    school_year: SchoolYear, on: date, teachers: Container[int]
) -> tuple[dict[Place, tuple[int, ...]], dict[Place, frozenset[tuple[int, str]]]]:
    """By class and subject, who teaches it on that day or later, the first teacher first; and who has which strand."""
    rows = ClassSubject.objects.filter(school_class__school_year=school_year)
    found: dict[Place, list[int]] = {
        (class_key(name), code): [] for name, code in rows.values_list("school_class__name", "subject__code")
    }
    work = TeachingAssignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), class_subject__school_class__school_year=school_year
    )
    fields = ("class_subject__school_class__name", "class_subject__subject__code", "staff_id", "strand")
    parts: dict[Place, set[tuple[int, str]]] = defaultdict(set)
    for name, code, staff_id, strand in work.order_by("-leads", "id").values_list(*fields):
        people = found[class_key(name), code]
        if staff_id in teachers:
            parts[class_key(name), code].add((staff_id, strand))
            if staff_id not in people:
                people.append(staff_id)
    return (
        {place: tuple(people) for place, people in found.items()},
        {place: frozenset(theirs) for place, theirs in parts.items()},
    )


def _offered(school_year: SchoolYear, wanted: set[int]) -> dict[int, set[str]]:
    """Subject codes by grade that every class of the grade learns, or may choose."""
    found: dict[int, set[str]] = defaultdict(set)
    grades = SchoolClass.objects.filter(school_year=school_year).values_list("grade", flat=True).distinct()
    for grade in sorted({*grades, *wanted}):
        for plan in curriculum.subjects_in(grade, school_year.starts_on):
            if plan.block in ("compulsory", "elective", "optional"):
                found[grade].add(plan.subject.code)
    return found


def _elsewhere(actor: Actor, rows: Sequence[TeacherRow]) -> frozenset[str]:
    numbers = {number for row in rows for number in (row.moet_code, row.national_id) if number}
    if not numbers:
        return frozenset()
    with scope.raised(actor):
        holders = registry.holders_of(numbers)
    return frozenset(holders.keys() - registry.holders_of(numbers).keys()) if holders else frozenset()


def written_staff(school_year: SchoolYear, on: date) -> list[WrittenStaff]:
    """Everybody who works at the school on that day, with what they teach and lead in the year. Five queries."""
    people = staff_at(school_year.organisation_id, on)
    details = registry.details_of({each.person_id for each in people})
    work = TeachingAssignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), class_subject__school_class__school_year=school_year
    ).order_by(
        "class_subject__subject__order", "class_subject__school_class__grade", "class_subject__school_class__name"
    )
    taught: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    fields = ("staff_id", "strand", "class_subject__subject__name", "class_subject__school_class__name")
    for staff_id, strand, subject, name in work.values_list(*fields):
        taught[staff_id][strand or subject].append(name)
    led: dict[int | None, list[str]] = defaultdict(list)
    classes = SchoolClass.objects.filter(school_year=school_year, closed_on=None).exclude(homeroom_teacher=None)
    for staff_id, name in classes.order_by("grade", "name").values_list("homeroom_teacher_id", "name"):
        led[staff_id].append(name)
    return [
        WrittenStaff(
            details[each.person_id], each.code, str(POSITIONS[each.position]),
            each.subject_group.name if each.subject_group else "", dict(taught[each.id]), led[each.id],
        )
        for each in people
        if each.person_id in details
    ]  # fmt: skip
