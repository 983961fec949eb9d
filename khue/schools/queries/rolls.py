"""Classes as messaging asks for them: whose they are, and who is in them."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.compiled import compiled
from khue.messaging.extensions import ClassRoll
from khue.schools import access
from khue.schools.models import Enrolment, SchoolClass, TeachingAssignment
from khue.schools.queries.class_lists import by_number

_COLUMNS = ("organisation_id", "id", "public_id", "name", "homeroom_teacher__person_id")


def _in_order(row: tuple[int, int, UUID, str, int | None]) -> tuple[int, list[tuple[int, str]]]:
    """By school, then 6A2 before 6A10."""
    return row[0], by_number(row[3])


class ClassRolls:
    """Fills messaging's slot `rolls`."""

    def own(self, person_id: int, on: date) -> list[ClassRoll]:
        """The classes this person teaches or leads on that day. One query."""
        return [
            ClassRoll(place, key, public_id, name, is_led=leader == person_id)
            for place, key, public_id, name, leader in sorted(_own(person_id, on), key=_in_order)
        ]

    def of_school(self, organisation_ids: Collection[int], on: date) -> list[ClassRoll]:
        """All classes of these schools on that day. One query."""
        return [
            ClassRoll(place, key, public_id, name, is_led=False)
            for place, key, public_id, name, _leader in sorted(_of_school(list(organisation_ids), on), key=_in_order)
        ]

    def pupils(self, class_ids: Collection[int], on: date) -> list[tuple[int, int]]:
        """Class id and person id of everybody in these classes on that day, by class and name. One query."""
        return _pupils(list(class_ids), on)


@compiled
def _own(person_id: int, on: date) -> QuerySet[SchoolClass, tuple[Any, ...]]:
    work = Q(staff__person_id=person_id) & access.in_force(on, "staff__")
    taught = TeachingAssignment.objects.filter(work, access.in_force(on)).values("class_subject__school_class")
    leads = Q(homeroom_teacher__person_id=person_id) & access.in_force(on, "homeroom_teacher__")
    led = SchoolClass.objects.filter(leads).values("id")
    return _in_year(on).filter(id__in=taught.union(led)).values_list(*_COLUMNS)


@compiled
def _of_school(organisation_ids: list[int], on: date) -> QuerySet[SchoolClass, tuple[Any, ...]]:
    return _in_year(on).filter(organisation_id__in=organisation_ids).values_list(*_COLUMNS)


def _in_year(on: date) -> QuerySet[SchoolClass]:
    rows = SchoolClass.objects.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)
    return rows.filter(Q(closed_on=None) | Q(closed_on__gt=on)).order_by("grade", "name", "id")


@compiled
def _pupils(class_ids: list[int], on: date) -> QuerySet[Enrolment, tuple[int, int]]:
    rows = Enrolment.objects.filter(access.in_force(on), school_class_id__in=class_ids)
    return rows.order_by("school_class_id", "person__sort_key", "id").values_list("school_class_id", "person_id")
