"""Admissions as anybody may read them, as an applicant follows the queue, and as the school's office sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.foundation.text import fold
from khue.procedures.queries import procedure_of
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.models import AdmissionPlace, AdmissionPlan, SchoolClass

#: How long after its end a plan still stands in the public list.
SHOWN_AFTER = timedelta(days=120)
MOST = 500
#: So many schools stand on one form; a department manages 28 upper-secondary schools on average.
MOST_MANAGED = 120
#: The grade an admission fills.
GRADES = {"first-grade-admission": 1, "sixth-grade-admission": 6}


def public_plans(at: datetime, text: str = "") -> list[AdmissionPlan]:
    """Plans that receive applications, then those that will, then those that did not long ago, each by school.

    text  of the name of a school or a commune
    cost  one query
    """
    words = fold(text).split()
    found = [plan for plan in _plans_since(at - SHOWN_AFTER) if all(word in _words_of(plan) for word in words)]
    return sorted(found, key=lambda plan: (at >= plan.closes_at, at < plan.opens_at))[:MOST]


@compiled
def _plans_since(ended: datetime) -> QuerySet[AdmissionPlan]:
    rows = AdmissionPlan.objects.filter(closes_at__gte=ended).select_related("organisation")
    return rows.order_by("organisation__folded_name", "year", "id")


def _words_of(plan: AdmissionPlan) -> str:
    return fold(" ".join([plan.organisation.name, *(zone["commune"] for zone in plan.zones)]))


def public_plan(public_id: UUID) -> AdmissionPlan:
    """A plan with its school: published to all. Raises NotFound. One query."""
    return first(_plan(public_id))


@compiled
def _plan(public_id: UUID) -> QuerySet[AdmissionPlan]:
    return AdmissionPlan.objects.filter(public_id=public_id).select_related("organisation", "planned_by")


def procedure_filed(plan: AdmissionPlan) -> UUID:
    """The address of the procedure that is filed for a plan. One query."""
    return procedure_of(plan.procedure).public_id


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one application stands. before: how many stand before it now; decided: "", "granted" or "refused"."""

    code: str
    number: int
    priority: int
    before: int
    decided: str
    capacity: int

    @property
    def place(self) -> int:
        return self.before + 1


def queue_of(plan: AdmissionPlan) -> Mapping[int, int]:
    """How many applications wait, by class of priority. One query, in the scope of the school."""
    return dict(_waiting(plan.id))


@compiled
def _waiting(plan_id: int) -> "QuerySet[AdmissionPlace, tuple[int, int]]":
    rows = AdmissionPlace.objects.filter(plan_id=plan_id, case__finished_on=None)
    return rows.values_list("priority").annotate(many=Count("id")).order_by("priority")


def standing_of(plan: AdmissionPlan, code: str) -> Standing | None:
    """Where the application with this code stands; None where the plan has none. Two queries."""
    found = _place(plan.id, code.strip().upper()[:60])
    if not found:
        return None
    number, priority, decided, finished_on = found[0]
    before = 0 if finished_on else next(iter(_before(plan.id, priority, number)), 0)
    return Standing(code.strip().upper(), number, priority, before, decided, plan.capacity)


@compiled
def _place(plan_id: int, code: str) -> "QuerySet[AdmissionPlace, tuple[int, int, str, object]]":
    rows = AdmissionPlace.objects.filter(plan_id=plan_id, code=code)
    return rows.values_list("number", "priority", "case__ends", "case__finished_on")


@compiled
def _before(plan_id: int, priority: int, number: int) -> "QuerySet[AdmissionPlace, int]":
    sooner = Q(priority__lt=priority) | Q(priority=priority, number__lt=number)
    rows = AdmissionPlace.objects.filter(sooner, plan_id=plan_id, case__finished_on=None)
    return rows.values("plan_id").annotate(many=Count("id")).values_list("many", flat=True).order_by()


def results_of(plan: AdmissionPlan) -> QuerySet[AdmissionPlace]:
    """The published list of a plan whose seats are given: codes, no names. One query.

    Page it, in the school's scope.
    """
    rows = AdmissionPlace.objects.filter(plan=plan, case__ends__in=("granted", "refused")).select_related("case")
    return rows.only("code", "number", "priority", "plan", "case__ends")


def count_results(plan: AdmissionPlan) -> tuple[int, int]:
    """How many stand in that list, and how many of them have a seat. One query."""
    counted = results_of(plan).aggregate(all=Count("id"), seated=Count("id", filter=Q(case__ends="granted")))
    return counted["all"], counted["seated"]


def office_plans(actor: Actor) -> list[AdmissionPlan]:
    """Plans of the actor's schools, and of those the actor's office manages, the newest first. One query."""
    rows = AdmissionPlan.objects.filter(access.admissions(actor))
    return list(rows.select_related("organisation").order_by("-opens_at", "id")[:MOST])


def count_admissions(actor: Actor, at: datetime) -> tuple[int, int]:
    """Of the plans `office_plans` lists, how many receive and how many wait for their seats. One query."""
    return next(iter(_count_admissions(actor, at)), (0, 0))


@compiled
def _count_admissions(actor: Actor, at: datetime) -> QuerySet[AdmissionPlan, tuple[int, int]]:
    unseated = AdmissionPlan.objects.filter(access.admissions(actor), seated_at=None, opens_at__lte=at)
    counted = unseated.order_by().values(all=Value(1))
    counted = counted.annotate(
        receiving=Count("id", filter=Q(closes_at__gt=at)), waiting=Count("id", filter=Q(closes_at__lte=at))
    )
    return counted.values_list("receiving", "waiting")


def managed_schools(office_id: int) -> list[Organisation]:
    """Open schools that an office manages itself, by name. One query."""
    rows = registry.visible_organisations(SYSTEM).filter(parent_id=office_id, kind="school", valid_to=None)
    return list(rows.order_by("folded_name", "id")[:MOST_MANAGED])


def office_plan(actor: Actor, public_id: UUID) -> AdmissionPlan:
    """A plan of the actor's own school, or of one the actor's office manages. Raises NotFound."""
    rows = AdmissionPlan.objects.filter(access.admissions(actor))
    return one(rows.select_related("organisation", "planned_by", "seating", "placing"), public_id=public_id)


def may_change_plan(actor: Actor, plan: AdmissionPlan) -> bool:
    """Whether the plan is the actor's to change: an office's is that office's, a school's own the school's."""
    if plan.planned_by_id is not None:
        return plan.planned_by_id in access.managing(actor)
    return actor.may(access.Permission.CLASSES_WRITE, plan)


def applications(actor: Actor, plan: AdmissionPlan) -> QuerySet[AdmissionPlace]:
    """Applications of a plan with their dossiers and the class each child came into. Page it before use."""
    rows = AdmissionPlace.objects.filter(access.admissions(actor), plan=plan)
    return rows.select_related("case", "enrolment__school_class")


@dataclass(frozen=True, slots=True)
class ZoneCount:
    """Applications from one place. seated: of them, with a seat."""

    commune: str
    street: str
    applications: int
    seated: int


def by_zone(plan: AdmissionPlan) -> Sequence[ZoneCount]:
    """Applications by where the children live, the most first. One query."""
    rows = AdmissionPlace.objects.filter(plan=plan).values_list("case__data__commune", "case__data__street")
    counted = rows.annotate(many=Count("id"), seated=Count("id", filter=Q(case__ends="granted"))).order_by("-many")
    return [ZoneCount(commune or "", street or "", many, seated) for commune, street, many, seated in counted[:200]]


def classes_to_fill(plan: AdmissionPlan) -> list[SchoolClass]:
    """Open classes of the plan's grade in its year, by name. One query."""
    rows = SchoolClass.objects.filter(
        organisation_id=plan.organisation_id, school_year__code=plan.year, closed_on=None, grade=GRADES[plan.procedure]
    )
    return list(rows.select_related("school_year", "organisation").order_by("name"))


def count_unplaced(plan: AdmissionPlan) -> int:
    """Children with a seat who are in no class yet. One query."""
    return AdmissionPlace.objects.filter(plan=plan, case__ends="granted", enrolment=None).count()
