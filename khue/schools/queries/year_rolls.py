"""Everybody of a school year at once: who is in which class and takes what, for rooms that work out a whole school."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment


@dataclass(frozen=True, slots=True)
class RollLine:
    """One pupil's stay in one class of a year.

    ends_on  the first day on which it holds no more; None while it holds
    """

    enrolment_id: int
    person_id: int
    school_class_id: int
    grade: int
    organisation_id: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class OfferedSubject:
    """A subject of a class, by its key and that of the subject."""

    class_subject_id: int
    school_class_id: int
    subject_id: int
    is_elective: bool


def roll_of_year(school_year_id: int) -> list[RollLine]:
    """Every stay in a class of the year, in the order in which they began. One query."""
    return [RollLine(*row) for row in _roll_of_year(school_year_id)]


def roll_of_people(school_year_id: int, enrolment_ids: Sequence[int]) -> list[RollLine]:
    """All stays in the year of the people who have these enrolments, in the order in which they began. One query."""
    return [RollLine(*row) for row in _roll_of_people(school_year_id, list(enrolment_ids))]


def offered_subjects(school_class_ids: Sequence[int]) -> list[OfferedSubject]:
    """The subjects of these classes in the programme's order. One query."""
    return [OfferedSubject(*row) for row in _offered(list(school_class_ids))]


def elective_choices(class_subject_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(enrolment, class-subject) of who has chosen these electives at any time of the year. One query."""
    return set(_chosen(list(class_subject_ids)))


_ROLL = ("id", "person_id", "school_class_id", "school_class__grade", "organisation_id", "starts_on", "ends_on")
_RollRow = tuple[int, int, int, int, int, date, date | None]


@compiled
def _roll_of_year(school_year_id: int) -> QuerySet[Enrolment, _RollRow]:
    rows = Enrolment.objects.filter(school_class__school_year_id=school_year_id)
    return rows.order_by("starts_on", "id").values_list(*_ROLL)


@compiled
def _roll_of_people(school_year_id: int, enrolment_ids: Sequence[int]) -> QuerySet[Enrolment, _RollRow]:
    people = Enrolment.objects.filter(id__in=enrolment_ids).values("person_id")
    rows = Enrolment.objects.filter(school_class__school_year_id=school_year_id, person_id__in=people)
    return rows.order_by("starts_on", "id").values_list(*_ROLL)


@compiled
def _offered(school_class_ids: Sequence[int]) -> QuerySet[ClassSubject, tuple[int, int, int, bool]]:
    rows = ClassSubject.objects.filter(school_class_id__in=school_class_ids)
    return rows.order_by("subject__order", "id").values_list("id", "school_class_id", "subject_id", "is_elective")


@compiled
def _chosen(class_subject_ids: Sequence[int]) -> QuerySet[ElectiveChoice, tuple[int, int]]:
    rows = ElectiveChoice.objects.filter(class_subject_id__in=class_subject_ids)
    return rows.values_list("enrolment_id", "class_subject_id")
