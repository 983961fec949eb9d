"""The school index on its way: the school says, the department appraises, recognises and publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.indicators.access import Permission
from khue.indicators.events import AssessmentJudged
from khue.indicators.evidence import findings
from khue.indicators.models import CriterionClaim, SchoolAssessment
from khue.indicators.school_index import BY_CODE, CRITERIA, hand_in_by, result_of
from khue.registry.models import Organisation

State = SchoolAssessment.State


class AssessmentNotOpen(Refusal):
    code = "assessment_not_open"
    message = _("Bản tự đánh giá này đã gửi Sở nên không sửa được nữa. Nếu cần sửa, Thầy/Cô đề nghị Sở trả lại.")


class NotTheTurn(Refusal):
    code = "not_the_turn"
    message = _("Bản đánh giá này chưa đến hoặc đã qua bước đó. Hãy tải lại trang để xem bước hiện tại.")


class PointsOverMost(Refusal):
    code = "points_over_most"
    message = _("Tiêu chí %(code)s cho từ 0 đến %(most)s điểm.")


class CriteriaMissing(Refusal):
    code = "criteria_missing"
    message = _("Còn %(count)s tiêu chí chưa đánh giá: %(codes)s. Hãy điền đủ rồi gửi.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Hãy ghi lí do trả lại để trường biết cần bổ sung gì.")


class DecisionMissing(Refusal):
    code = "decision_missing"
    message = _("Hãy ghi số quyết định công nhận của hội đồng.")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a school says of one criterion. points: None where it has not said; link: "" or an address."""

    points: int | None
    evidence: str = ""
    link: str = ""


@transaction.atomic
def begin_assessment(*, actor: Actor, organisation: Organisation, school_year: str, at: datetime) -> SchoolAssessment:
    """Begin a school's assessment of a year with what the system finds; an assessment that was begun stays as it is."""
    require(actor, Permission.INDEX_ASSESS, within=organisation)

    made, is_new = SchoolAssessment.objects.get_or_create(
        organisation=organisation, school_year=school_year, defaults={"begun_at": at}
    )
    if is_new:
        found = findings(organisation, at.astimezone(clock.VIETNAM).date())
        CriterionClaim.objects.bulk_create(
            CriterionClaim(
                organisation=organisation,
                assessment=made,
                code=criterion.code,
                claimed=found[criterion.code].points if criterion.code in found else None,
                evidence=found[criterion.code].text if criterion.code in found else "",
            )
            for criterion in CRITERIA
        )
        audit.record(actor, "school_index.begun", made, found=sorted(found))
    return made


@transaction.atomic
def save_claims(
    *, actor: Actor, assessment: SchoolAssessment, claims: Mapping[str, Claim], at: datetime
) -> SchoolAssessment:
    """Keep what the school says of criteria.

    claims   by code; criteria that are not named stay as they are
    refuses  AssessmentNotOpen; PointsOverMost
    """
    require(actor, Permission.INDEX_ASSESS, within=assessment)
    held = _held(assessment)
    if not held.is_open:
        raise AssessmentNotOpen
    rows = {row.code: row for row in CriterionClaim.objects.filter(assessment=held, code__in=claims)}
    for code, claim in claims.items():
        _check(code, claim.points)
        rows[code].claimed, rows[code].evidence, rows[code].link = claim.points, claim.evidence, claim.link
    CriterionClaim.objects.bulk_update(rows.values(), ["claimed", "evidence", "link"])
    audit.record(actor, "school_index.claimed", held, points={code: x.points for code, x in claims.items()}, at=at)
    return held


@transaction.atomic
def submit_assessment(*, actor: Actor, assessment: SchoolAssessment, at: datetime) -> SchoolAssessment:
    """Send a whole assessment to the department. After the last day it is taken as well, and marked as late.

    refuses  AssessmentNotOpen; CriteriaMissing
    """
    require(actor, Permission.INDEX_ASSESS, within=assessment)
    held = _held(assessment)
    if not held.is_open:
        raise AssessmentNotOpen
    rows = CriterionClaim.objects.filter(assessment=held, claimed=None)
    missing = [criterion.code for criterion in CRITERIA if criterion.code in set(rows.values_list("code", flat=True))]
    if missing:
        raise CriteriaMissing(count=len(missing), codes=", ".join(missing))
    held.state, held.submitted_at, held.submitted_by_name, held.reason = State.SUBMITTED, at, actor.name, ""
    held.is_late = at.astimezone(clock.VIETNAM).date() > hand_in_by(held.school_year)
    held.save(update_fields=["state", "submitted_at", "submitted_by_name", "reason", "is_late"])
    audit.record(actor, "school_index.submitted", held, late=held.is_late)
    return held


@transaction.atomic
def return_assessment(*, actor: Actor, assessment: SchoolAssessment, reason: str, at: datetime) -> SchoolAssessment:
    """Give an assessment back to the school, which then mends and sends it again.

    refuses  NotTheTurn; ReasonMissing
    """
    require(actor, Permission.INDEX_APPRAISE, within=assessment)
    held = _at_step(assessment, State.SUBMITTED, State.APPRAISED)
    if not reason.strip():
        raise ReasonMissing
    held.state, held.reason = State.RETURNED, reason.strip()
    held.save(update_fields=["state", "reason"])
    audit.record(actor, "school_index.returned", held, reason=held.reason, at=at)
    _tell(held)
    return held


@transaction.atomic
def appraise(
    *, actor: Actor, assessment: SchoolAssessment, points: Mapping[str, int], remarks: Mapping[str, str], at: datetime
) -> SchoolAssessment:
    """Give the points that the department finds right.

    points   by code; a criterion that is not named keeps what the school claims
    refuses  NotTheTurn; PointsOverMost
    """
    require(actor, Permission.INDEX_APPRAISE, within=assessment)
    held = _at_step(assessment, State.SUBMITTED, State.APPRAISED)
    rows = list(CriterionClaim.objects.filter(assessment=held))
    for row in rows:
        given = points.get(row.code, row.claimed)
        _check(row.code, given)
        row.appraised, row.remark = given, remarks.get(row.code, "")
    CriterionClaim.objects.bulk_update(rows, ["appraised", "remark"])
    held.state, held.appraised_at, held.appraised_by_name = State.APPRAISED, at, actor.name
    held.save(update_fields=["state", "appraised_at", "appraised_by_name"])
    changed = {row.code: [row.claimed, row.appraised] for row in rows if row.claimed != row.appraised}
    audit.record(actor, "school_index.appraised", held, changed=changed)
    return held


@transaction.atomic
def recognise(*, actor: Actor, assessment: SchoolAssessment, decision: str, at: datetime) -> SchoolAssessment:
    """Fix the level by the council's decision.

    decision  its number
    refuses   NotTheTurn; DecisionMissing
    """
    require(actor, Permission.INDEX_APPRAISE, within=assessment)
    held = _at_step(assessment, State.APPRAISED)
    if not decision.strip():
        raise DecisionMissing
    rows = CriterionClaim.objects.filter(assessment=held).values_list("code", "appraised")
    result = result_of({code: appraised or 0 for code, appraised in rows})
    held.state, held.decision, held.recognised_at = State.RECOGNISED, decision.strip(), at
    held.level, held.points_teaching, held.points_governance = result.level, result.teaching, result.governance
    held.save(update_fields=["state", "decision", "recognised_at", "level", "points_teaching", "points_governance"])
    audit.record(actor, "school_index.recognised", held, level=held.level, decision=held.decision)
    _tell(held)
    return held


@transaction.atomic
def publish_assessment(*, actor: Actor, assessment: SchoolAssessment, at: datetime) -> SchoolAssessment:
    """Let everybody read the level. Refuses NotTheTurn."""
    require(actor, Permission.INDEX_APPRAISE, within=assessment)
    held = _at_step(assessment, State.RECOGNISED)
    held.state, held.published_at = State.PUBLISHED, at
    held.save(update_fields=["state", "published_at"])
    audit.record(actor, "school_index.published", held, level=held.level)
    _tell(held)
    return held


def _tell(held: SchoolAssessment) -> None:
    told = AssessmentJudged(organisation_id=held.organisation_id, assessment_id=held.id, state=str(held.state))
    events.publish(told)


def _held(assessment: SchoolAssessment) -> SchoolAssessment:
    return SchoolAssessment.objects.select_for_update().get(id=assessment.id)


def _at_step(assessment: SchoolAssessment, *states: str) -> SchoolAssessment:
    held = _held(assessment)
    if held.state not in states:
        raise NotTheTurn
    return held


def _check(code: str, points: int | None) -> None:
    if points is not None and not 0 <= points <= BY_CODE[code].ceiling:
        raise PointsOverMost(code=code, most=BY_CODE[code].ceiling)
