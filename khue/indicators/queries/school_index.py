"""Assessments of schools by the index of QĐ 4725: the school's own, those a department sees, and the published ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.indicators.access import Permission
from khue.indicators.models import CriterionClaim, SchoolAssessment
from khue.indicators.queries.figures import readable_organisations
from khue.indicators.school_index import CRITERIA, Criterion, Result, hand_in_by, result_of
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import open_schools_below


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with what the school says of it and what the department gives."""

    criterion: Criterion
    claim: CriterionClaim


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school in a department's list. is_overdue: nothing was sent and the last day is over."""

    school: Organisation
    assessment: SchoolAssessment | None
    is_overdue: bool


def visible_assessments(actor: Actor) -> QuerySet[SchoolAssessment]:
    """Assessments of the schools whose indicators the actor reads. One query."""
    schools = readable_organisations(actor).order_by()
    return SchoolAssessment.objects.filter(organisation__in=schools).select_related("organisation")


def assessment_of(actor: Actor, public_id: UUID) -> SchoolAssessment:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_assessment(actor, public_id))


def assessment_with(assessment_id: int) -> SchoolAssessment:
    """The assessment with this key, for work that was given the key. One query."""
    return SchoolAssessment.objects.get(id=assessment_id)


@compiled
def _assessment(actor: Actor, public_id: UUID) -> QuerySet[SchoolAssessment]:
    return visible_assessments(actor).filter(public_id=public_id)


def assessment_at(school: Organisation, school_year: str) -> SchoolAssessment | None:
    """The assessment of a school from `organisation_of`; None before it was begun. One query."""
    return next(iter(_begun([school.id], school_year)), None)


def lines_of(assessment: SchoolAssessment) -> list[CriterionLine]:
    """All criteria in their order. One query."""
    claims = {row.code: row for row in _claims(assessment.id)}
    return [CriterionLine(criterion, claims[criterion.code]) for criterion in CRITERIA]


@compiled
def _claims(assessment_id: int) -> QuerySet[CriterionClaim]:
    return CriterionClaim.objects.filter(assessment_id=assessment_id)


def result_so_far(lines: Sequence[CriterionLine]) -> Result:
    """What the points come to: the department's where it has given them, else what the school claims."""
    return result_of(
        {
            line.criterion.code: (line.claim.claimed if line.claim.appraised is None else line.claim.appraised) or 0
            for line in lines
        }
    )


def schools_to_assess(office: Organisation, school_year: str, on: date, which: str = "") -> QuerySet[Organisation]:
    """The open schools below an office. One query; page it, and give the page to `assessment_lines`.

    office  one from `organisation_of`
    which   a state of an assessment, or "overdue"; all schools for any other word
    """
    rows = open_schools_below(office)
    begun = SchoolAssessment.objects.filter(school_year=school_year)
    if which == "overdue":
        handed_in = begun.exclude(state__in=SchoolAssessment.OPEN).values("organisation_id")
        return rows.exclude(id__in=handed_in) if on > hand_in_by(school_year) else rows.none()
    if which in SchoolAssessment.State.values:
        return rows.filter(id__in=begun.filter(state=which).values("organisation_id"))
    return rows


def assessment_lines(schools: Sequence[Organisation], school_year: str, on: date) -> list[SchoolLine]:
    """How far each of a page of schools is. One query."""
    held = {row.organisation_id: row for row in _begun([school.id for school in schools], school_year)}
    is_over = on > hand_in_by(school_year)
    return [
        SchoolLine(school, held.get(school.id), is_over and (school.id not in held or held[school.id].is_open))
        for school in schools
    ]


@compiled
def _begun(school_ids: Sequence[int], school_year: str) -> QuerySet[SchoolAssessment]:
    return SchoolAssessment.objects.filter(organisation_id__in=school_ids, school_year=school_year)


def published_assessments() -> QuerySet[SchoolAssessment]:
    """What everybody may read, the latest year first. One query; page it."""
    rows = SchoolAssessment.objects.filter(published_at__isnull=False).select_related("organisation")
    return rows.order_by("-school_year", "organisation__folded_name", "id")


def may_assess(actor: Actor, school: Organisation) -> bool:
    """Whether the actor speaks for the school."""
    return school.kind == Organisation.Kind.SCHOOL and actor.may(Permission.INDEX_ASSESS, school)


def appraising_office(actor: Actor) -> Organisation | None:
    """The office for which the actor appraises assessments. One query."""
    return next(iter(registry.working_places(actor, Permission.INDEX_APPRAISE)), None)


def may_appraise(actor: Actor, place: Organisation) -> bool:
    """Whether the actor appraises here."""
    return actor.may(Permission.INDEX_APPRAISE, place)
