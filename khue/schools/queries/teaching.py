"""What is taught in which class, by whom, with which share."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.curriculum.models import Subject
from khue.foundation.compiled import compiled
from khue.schools import access
from khue.schools.models import (
    ClassSubject,
    ElectiveChoice,
    SchoolClass,
    SchoolYear,
    StaffMember,
    SubjectGroup,
    TeachingAssignment,
)
from khue.schools.queries.class_lists import by_number
from khue.schools.queries.members import Member, members
from khue.schools.queries.staff import staff_at
from khue.schools.workload import Duty, Load, load_of, quota_of


@dataclass(frozen=True, slots=True)
class TeacherShare:
    """One teacher's part of a class-subject. The strand is empty where the subject has one teacher."""

    staff_id: int
    full_name: str
    strand: str
    share_percent: int
    leads: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject of a class with those who teach it, the leading teacher first.

    weekly_periods  in term 1 and term 2
    """

    class_subject: UUID
    name: str
    hue: str
    is_elective: bool
    weekly_periods: tuple[Decimal, Decimal]
    teachers: Sequence[TeacherShare]


def subject_lines(school_class: SchoolClass, on: date) -> list[SubjectLine]:
    """The subjects of a class in the programme's order, with who teaches them on that day. Two queries."""
    rows = ClassSubject.objects.filter(school_class=school_class).select_related("subject")
    shares = shares_of(Q(class_subject__school_class=school_class), on)
    return [
        SubjectLine(
            row.public_id,
            row.subject.name,
            row.subject.hue,
            row.is_elective,
            (row.weekly_periods_term_1.normalize(), row.weekly_periods_term_2.normalize()),
            shares.get(row.id, ()),
        )
        for row in rows.order_by("is_elective", "subject__order", "subject__code", "id")
    ]


def shares_of(rule: Q, on: date) -> dict[int, list[TeacherShare]]:
    """Who teaches the class-subjects of the rule on that day, by class-subject. One query."""
    found: dict[int, list[TeacherShare]] = defaultdict(list)
    rows = TeachingAssignment.objects.filter(rule, access.in_force(on)).order_by("-leads", "id")
    fields = ("class_subject_id", "staff_id", "staff__person__full_name", "strand", "share_percent", "leads")
    for key, *share in rows.values_list(*fields):
        found[key].append(TeacherShare(*share))
    return found


def teachers_of(class_subject_ids: Sequence[int], on: date) -> dict[int, list[str]]:
    """The names of those who teach these class-subjects on that day, the leading teacher first. One query."""
    found: dict[int, list[str]] = {}
    for key, name in _teaching(class_subject_ids, on):
        names = found.setdefault(key, [])
        if name not in names:
            names.append(name)
    return found


@compiled
def _teaching(class_subject_ids: Sequence[int], on: date) -> QuerySet[TeachingAssignment, tuple[int, str]]:
    rows = TeachingAssignment.objects.filter(access.in_force(on), class_subject_id__in=class_subject_ids)
    return rows.order_by("-leads", "id").values_list("class_subject_id", "staff__person__full_name")


def leading_codes(class_subject_ids: Sequence[int], on: date) -> dict[int, str]:
    """The official code of who leads each of these class-subjects on that day, where that person has one. One query."""
    rows = TeachingAssignment.objects.filter(access.in_force(on), class_subject_id__in=list(class_subject_ids))
    rows = rows.filter(leads=True, staff__person__moet_code__isnull=False).order_by("-id")
    return {key: code for key, code in rows.values_list("class_subject_id", "staff__person__moet_code") if code}


def homerooms_by_staff(school_year: SchoolYear) -> dict[int, list[str]]:
    """The classes of the year that each teacher leads now, by staff id. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = SchoolClass.objects.filter(school_year=school_year, homeroom_teacher__isnull=False)
    for staff_id, name in rows.order_by("grade", "name").values_list("homeroom_teacher_id", "name"):
        assert staff_id is not None  # filtered above
        found[staff_id].append(name)
    return found


@dataclass(frozen=True, slots=True)
class GridCell:
    """A class-subject in the grid of a grade."""

    class_subject: UUID
    teachers: Sequence[TeacherShare]
    is_elective: bool


@dataclass(frozen=True, slots=True)
class TeachingGrid:
    """Classes of a grade down, subjects across. cells by class id and subject id; a subject a class lacks has none."""

    classes: Sequence[SchoolClass]
    subjects: Sequence[Subject]
    cells: dict[tuple[int, int], GridCell]

    @property
    def missing(self) -> int:
        return sum(not cell.teachers for cell in self.cells.values())


def teaching_grid(school_year: SchoolYear, grade: int, on: date) -> TeachingGrid:
    """Who teaches what in the classes of a grade on that day. Three queries.

    school_year  from `year_of` or `working_years`
    """
    classes = list(SchoolClass.objects.filter(school_year=school_year, grade=grade, closed_on=None))
    rows = list(
        ClassSubject.objects.filter(school_class__school_year=school_year, school_class__grade=grade)
        .select_related("subject")
        .order_by("is_elective", "subject__order", "subject__code")
    )
    shares = shares_of(Q(class_subject__in=[row.id for row in rows]), on)
    subjects = {row.subject_id: row.subject for row in rows}
    cells = {
        (row.school_class_id, row.subject_id): GridCell(row.public_id, shares.get(row.id, ()), row.is_elective)
        for row in rows
    }
    return TeachingGrid(sorted(classes, key=lambda each: by_number(each.name)), list(subjects.values()), cells)


@dataclass(frozen=True, slots=True)
class TeacherLoad:
    """What one member of the staff teaches in a term. `load` is None where nothing is owed and nothing taught."""

    staff: StaffMember
    lessons: Sequence[str]
    homerooms: Sequence[str]
    leads_group: bool
    load: Load | None


def teacher_loads(school_year: SchoolYear, term: int, on: date) -> list[TeacherLoad]:
    """Periods a week of everybody at the school in a term, in name order. Four queries."""
    weekly = f"class_subject__weekly_periods_term_{term}"
    rows = TeachingAssignment.objects.filter(access.in_force(on), class_subject__school_class__school_year=school_year)
    fields = (
        "staff_id",
        "class_subject__school_class__grade",
        "class_subject__school_class__name",
        "class_subject__subject__name",
        "share_percent",
        weekly,
    )
    taught: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    classes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    order = ("class_subject__subject__order", "class_subject__school_class__grade", "class_subject__school_class__name")
    for staff_id, grade, name, subject, percent, periods in rows.order_by(*order).values_list(*fields):
        taught[staff_id].append((grade, periods * percent / 100))
        classes[staff_id][subject].append(name)
    led = homerooms_by_staff(school_year)
    groups = SubjectGroup.objects.filter(organisation_id=school_year.organisation_id, leader__isnull=False)
    heads = set(groups.values_list("leader_id", flat=True))
    return [
        TeacherLoad(
            staff,
            [f"{subject}: {', '.join(sorted(names, key=by_number))}" for subject, names in classes[staff.id].items()],
            led.get(staff.id, ()),
            staff.id in heads,
            _load(staff, taught[staff.id], len(led.get(staff.id, ())) > 0, staff.id in heads),
        )
        for staff in staff_at(school_year.organisation_id, on)
    ]


def _load(staff: StaffMember, taught: list[tuple[int, Decimal]], leads_class: bool, leads_group: bool) -> Load | None:
    quota = quota_of(staff.position, taught)
    if quota is None:
        return None
    duties = [duty for duty, has in ((Duty.HOMEROOM, leads_class), (Duty.GROUP_HEAD, leads_group)) if has]
    return load_of(quota, round(sum((periods for _, periods in taught), Decimal(0)), 1), duties)


@dataclass(frozen=True, slots=True)
class ElectiveTable:
    """The electives of a class, who is in it, and who takes which: (enrolment id, class-subject id)."""

    electives: Sequence[ClassSubject]
    pupils: Sequence[Member]
    chosen: frozenset[tuple[int, int]]


def elective_table(school_class: SchoolClass, on: date) -> ElectiveTable:
    """What each pupil of the class chose on that day. Three queries."""
    rows = ClassSubject.objects.filter(school_class=school_class, is_elective=True).select_related("subject")
    choices = ElectiveChoice.objects.filter(access.in_force(on), class_subject__school_class=school_class)
    return ElectiveTable(
        list(rows.order_by("subject__order", "id")),
        members(school_class, on),
        frozenset(choices.values_list("enrolment_id", "class_subject_id")),
    )


@dataclass(frozen=True, slots=True)
class TaughtRow:
    """A class-subject of a year as a timetable is made from it.

    periods   a week, in the term that was asked for
    teachers  staff id and share in percent, the leading teacher first
    """

    class_subject_id: int
    school_class_id: int
    class_name: str
    subject_id: int
    subject: str
    grade: int
    periods: Decimal
    teachers: Sequence[tuple[int, int]]


def teaching_of_year(school_year: SchoolYear, term: int, on: date) -> list[TaughtRow]:
    """Everything that is taught in a year's open classes in a term, with who teaches it on that day. Two queries."""
    rule = Q(school_class__school_year=school_year, school_class__closed_on=None)
    shares = shares_of(Q(class_subject__school_class__school_year=school_year), on)
    rows = ClassSubject.objects.filter(rule).order_by(
        "school_class__grade", "school_class__name", "subject__order", "id"
    )
    fields = ("id", "school_class_id", "school_class__name", "subject_id", "subject__name", "school_class__grade")
    return [
        TaughtRow(
            key,
            class_id,
            class_name,
            subject_id,
            subject,
            grade,
            periods,
            tuple((share.staff_id, share.share_percent) for share in shares.get(key, ())),
        )
        for key, class_id, class_name, subject_id, subject, grade, periods in rows.values_list(
            *fields, f"weekly_periods_term_{term}"
        )
    ]


def subjects_of_year(school_year: SchoolYear) -> list[Subject]:
    """The subjects taught in a year's classes, in the programme's order. One query."""
    rows = ClassSubject.objects.filter(school_class__school_year=school_year).order_by("subject_id")
    found = [row.subject for row in rows.select_related("subject").distinct("subject_id")]
    return sorted(found, key=lambda subject: (subject.order, subject.code))


def grades_of_year(school_year: SchoolYear) -> list[int]:
    """The grades that have classes in the year, in order. One query."""
    rows = SchoolClass.objects.filter(school_year=school_year, closed_on=None)
    return sorted(set(rows.values_list("grade", flat=True)))


def shares_of_one(class_subject: ClassSubject, on: date) -> list[TeacherShare]:
    """Who teaches one class-subject on that day, the leading teacher first. One query."""
    return shares_of(Q(class_subject=class_subject), on).get(class_subject.id, [])


def same_subject_beside(class_subject: ClassSubject) -> list[ClassSubject]:
    """The same subject in the other classes of the grade. One query."""
    here = class_subject.school_class
    rows = ClassSubject.objects.filter(
        subject_id=class_subject.subject_id,
        school_class__school_year_id=here.school_year_id,
        school_class__grade=here.grade,
        school_class__closed_on=None,
    )
    found = rows.exclude(id=class_subject.id).select_related("school_class__school_year")
    return sorted(found, key=lambda row: by_number(row.school_class.name))
