"""Who learns and teaches at a school, and what they have at hand to do so online (indicator A1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Enrolment, LearnerMeans, SchoolClass, StaffMember
from khue.schools.queries.classes import is_homeroom_of

TEACHING = (StaffMember.Position.TEACHER, StaffMember.Position.HEAD, StaffMember.Position.DEPUTY_HEAD)
ADEQUATE = Q(has_device=True, has_connection=True, has_software=True)


class PersonId(TypedDict):
    """One row of a query of person ids."""

    person_id: int


@dataclass(frozen=True, slots=True)
class MeansCount:
    """People of one school: adequate of answered of all."""

    adequate: int
    answered: int
    people: int


def pupils_at(organisation_id: int, on: date) -> "QuerySet[Enrolment, PersonId]":
    """Pupils of a school on a day, as person ids for use inside other queries."""
    return Enrolment.objects.filter(access.in_force(on), organisation_id=organisation_id).values("person_id")


def teachers_at(organisation_id: int, on: date) -> "QuerySet[StaffMember, PersonId]":
    """Who teaches or leads at a school on a day, as person ids for use inside other queries."""
    rows = StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id, position__in=TEACHING)
    return rows.values("person_id")


def count_means(organisation_id: int, on: date) -> MeansCount:
    """How many pupils and teachers have device, line and software, of how many who said so. Three queries."""
    pupils, teachers = pupils_at(organisation_id, on), teachers_at(organisation_id, on)
    answers = LearnerMeans.objects.filter(
        Q(person_id__in=pupils) | Q(person_id__in=teachers), organisation_id=organisation_id
    )
    found = answers.aggregate(adequate=Count("id", filter=ADEQUATE), answered=Count("id"))
    return MeansCount(found["adequate"], found["answered"], pupils.count() + teachers.count())


def means_of(organisation_id: int, person_ids: Collection[int]) -> dict[int, LearnerMeans]:
    """The latest answers of these people by person id. One query."""
    return {row.person_id: row for row in _means(organisation_id, person_ids)}


@compiled
def _means(organisation_id: int, person_ids: Collection[int]) -> QuerySet[LearnerMeans]:
    return LearnerMeans.objects.filter(organisation_id=organisation_id, person_id__in=person_ids)


def may_ask_means_at(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor fills in the survey for the staff and every class of a school: its office. No query."""
    return actor.may(Permission.MEANS_WRITE_ALL, organisation_id)


def may_ask_means(actor: Actor, school_class: SchoolClass, on: date) -> bool:
    """Whether the actor fills in the survey for this class: who leads it, and the office. At most one query."""
    if actor.may(Permission.MEANS_WRITE_ALL, school_class):
        return True
    return actor.may(Permission.MEANS_WRITE_LED, school_class) and is_homeroom_of(actor, school_class, on)
