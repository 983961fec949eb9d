"""How far a school is with setting up a year, counted from its rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from khue.foundation.compiled import compiled
from khue.registry import queries as registry
from khue.schools.models import (
    ClassSubject,
    Enrolment,
    SchoolClass,
    SchoolYear,
    SpecialDay,
    StaffMember,
    TeachingAssignment,
)


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a year has by now. Without a year nothing else can be there, but staff.

    unstudied  classes without any subject; untaught: subjects of classes that nobody teaches; unled: classes without
               a homeroom teacher
    teachers   staff who teach, or will
    campuses   beside the main one, and vacant: those of them where no class of the year learns
    follows    whether the school had a year before this one, out of which its pupils move up
    """

    year: SchoolYear | None
    teachers: int = 0
    holidays: int = 0
    classes: int = 0
    pupils: int = 0
    unstudied: int = 0
    untaught: int = 0
    unled: int = 0
    campuses: int = 0
    vacant: int = 0
    follows: bool = False


def set_up(organisation_id: int, on: date) -> SetUp:
    """The year that is planned on that day, and what it has. One query; two where no year was opened yet."""
    found = _counted(organisation_id, on)
    if not found:
        return SetUp(None, teachers=_teaching(organisation_id, on).count())
    (year,) = found
    return SetUp(year, *(getattr(year, name) for name in _COUNTED))


def _teaching(organisation_id: int, on: date) -> QuerySet[StaffMember]:
    """Who teaches at the school that day, or will."""
    still = Q(ends_on=None) | Q(ends_on__gt=on)
    return StaffMember.objects.filter(still, organisation_id=organisation_id, position=StaffMember.Position.TEACHER)


#: What is counted, in the order of the fields of SetUp; of a year each is an attribute of this name.
_COUNTED = (
    "teachers",
    "holidays",
    "classes",
    "pupils",
    "unstudied",
    "untaught",
    "unled",
    "campuses",
    "vacant",
    "follows",
)


@compiled
def _counted(organisation_id: int, on: date) -> QuerySet[SchoolYear]:
    """The year of calendar.year_to_plan, with what it has."""
    classes = SchoolClass.objects.filter(school_year=OuterRef("pk"), closed_on=None)
    subjects = ClassSubject.objects.filter(
        school_class__school_year=OuterRef("pk"), school_class__closed_on=None, is_elective=False
    )
    assigned = TeachingAssignment.objects.filter(class_subject=OuterRef("pk"), ends_on=None)
    enrolled = Enrolment.objects.filter(school_class__school_year=OuterRef("pk"), status=Enrolment.Status.STUDYING)
    before = SchoolYear.objects.filter(organisation=OuterRef("organisation"), starts_on__lt=OuterRef("starts_on"))
    campuses = registry.campuses_under(organisation_id)
    there = SchoolClass.objects.filter(school_year=OuterRef(OuterRef("pk")), closed_on=None, campus=OuterRef("pk"))
    years = SchoolYear.objects.filter(organisation_id=organisation_id)
    unfinished = years.filter(ends_on__gte=on).order_by("starts_on").values("id")[:1]
    last = years.filter(starts_on__lte=on).order_by("-starts_on").values("id")[:1]
    return years.filter(id=Coalesce(Subquery(unfinished), Subquery(last))).annotate(
        teachers=_how_many(_teaching(organisation_id, on)),
        holidays=_how_many(SpecialDay.objects.filter(school_year=OuterRef("pk"))),
        classes=_how_many(classes),
        pupils=_how_many(enrolled),
        unstudied=_how_many(classes.exclude(Exists(ClassSubject.objects.filter(school_class=OuterRef("pk"))))),
        untaught=_how_many(subjects.exclude(Exists(assigned))),
        unled=_how_many(classes.filter(homeroom_teacher=None)),
        campuses=_how_many(campuses),
        vacant=_how_many(campuses.exclude(Exists(there))),
        follows=Exists(before),
    )


def _how_many(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
