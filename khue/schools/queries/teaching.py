"""What is taught in which class, by whom, with which share."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from khue.schools import access
from khue.schools.models import ClassSubject, SchoolClass, SchoolYear, TeachingAssignment


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


def homerooms_by_staff(school_year: SchoolYear) -> dict[int, list[str]]:
    """The classes of the year that each teacher leads now, by staff id. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = SchoolClass.objects.filter(school_year=school_year, homeroom_teacher__isnull=False)
    for staff_id, name in rows.order_by("grade", "name").values_list("homeroom_teacher_id", "name"):
        assert staff_id is not None  # filtered above
        found[staff_id].append(name)
    return found
