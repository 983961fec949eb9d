"""Children of a school as its office bills them: all, a grade, a class, and how long each was there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from khue.payments.extensions import Group, Period, Span
from khue.schools.models import Enrolment, SchoolClass, Term
from khue.schools.queries.class_lists import by_number

WHOLE_SCHOOL = "school"


def groups_to_bill(organisation_id: int, on: date) -> list[Group]:
    """The whole school, its grades and its classes of that day's year, in order. One query."""
    rows = SchoolClass.objects.filter(
        organisation_id=organisation_id, school_year__starts_on__lte=on, school_year__ends_on__gte=on
    )
    classes = sorted(rows.values_list("id", "name", "grade"), key=lambda row: (row[2], by_number(row[1])))
    grades = sorted({grade for _id, _name, grade in classes})
    found = [Group(WHOLE_SCHOOL, _("Toàn trường"))] if classes else []
    found += [Group(f"grade:{grade}", _("Khối %(grade)s") % {"grade": grade}, _("Cả khối")) for grade in grades]
    return found + [Group(f"class:{key}", name, _("Khối %(grade)s") % {"grade": grade}) for key, name, grade in classes]


def periods_to_bill(organisation_id: int) -> list[Period]:
    """The terms of the school in order. One query."""
    rows = Term.objects.filter(organisation_id=organisation_id).order_by("starts_on")
    return [
        Period(_("Học kỳ %(number)s, %(year)s") % {"number": number, "year": year}, year, starts_on, ends_on)
        for number, year, starts_on, ends_on in rows.values_list("number", "school_year__code", "starts_on", "ends_on")
    ]


def stays(span: Span, keys: Collection[str]) -> dict[int, int]:
    """Days within the span that each child of these groups was at the school. One query.

    A child who changed class belongs to the later one with all its days, so that no two classes bill it.
    """
    rows = Enrolment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=span.first), organisation_id=span.organisation_id, starts_on__lte=span.last
    )
    days: dict[int, int] = {}
    latest: dict[int, tuple[int, int]] = {}
    after = span.last + timedelta(days=1)
    for child, school_class, grade, starts_on, ends_on in rows.order_by("starts_on", "id").values_list(
        "person_id", "school_class_id", "school_class__grade", "starts_on", "ends_on"
    ):
        stayed = (min(ends_on or after, after) - max(starts_on, span.first)).days
        if stayed > 0:
            days[child] = days.get(child, 0) + stayed
            latest[child] = (school_class, grade)
    return {child: count for child, count in days.items() if _is_of(keys, *latest[child])}


def classes_on(organisation_id: int, on: date, children: Collection[int]) -> dict[int, str]:
    """The class of each of these children on a day, in the order of classes. One query."""
    rows = Enrolment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), organisation_id=organisation_id, person_id__in=children, starts_on__lte=on
    )
    found = list(rows.order_by().values_list("person_id", "school_class__name", "school_class__grade"))
    return {child: name for child, name, _grade in sorted(found, key=lambda row: (row[2], by_number(row[1])))}


@dataclass(frozen=True, slots=True)
class ClassStay:
    """Days that a child was in a class, both included."""

    person_id: int
    class_id: int
    first: date
    last: date


def class_stays(organisation_id: int, children: Collection[int], first: date, last: date) -> list[ClassStay]:
    """In which classes of the school each of these children was between two days. One query."""
    rows = Enrolment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=first), organisation_id=organisation_id, person_id__in=children,
        starts_on__lte=last,
    )  # fmt: skip
    return [
        ClassStay(
            person, school_class, max(starts_on, first), min(ends_on - timedelta(days=1), last) if ends_on else last
        )
        for person, school_class, starts_on, ends_on in rows.values_list(
            "person_id", "school_class_id", "starts_on", "ends_on"
        )
    ]


def _is_of(keys: Collection[str], school_class: int, grade: int) -> bool:
    return WHOLE_SCHOOL in keys or f"grade:{grade}" in keys or f"class:{school_class}" in keys
