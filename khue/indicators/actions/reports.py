"""Period reports: filled in from the rows, looked through and signed by the head, sent, and who is late."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.identity import actions as identity
from khue.indicators import queries
from khue.indicators.access import Permission
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.reporting import BY_CODE, prefilled
from khue.registry.models import Organisation

State = PeriodReport.State


class ReportIsSigned(Refusal):
    code = "report_is_signed"
    message = _("Báo cáo đã kí nên không sửa được nữa.")


class ReportNotSigned(Refusal):
    code = "report_not_signed"
    message = _("Hãy kí báo cáo trước khi gửi.")


class ReportIsSent(Refusal):
    code = "report_is_sent"
    message = _("Báo cáo này đã gửi rồi.")


class CorrectionNeedsReason(Refusal):
    code = "correction_needs_reason"
    message = _("Số của mục “%(text)s” khác số hệ thống đếm được. Hãy ghi lí do để cơ quan quản lí hiểu.")


class WhoSigns(Refusal):
    code = "who_signs"
    message = _("Hãy nhập mật khẩu hoặc mã của ứng dụng xác thực để kí.")


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that the school writes over what the rows say. None: unknown."""

    value: int | None
    reason: str


@transaction.atomic
def prefill_report(
    *, actor: Actor, organisation: Organisation, school_year: str, period: str, at: datetime
) -> PeriodReport:
    """Fill in a school's report of a period from the rows, again as often as wanted until it is signed.

    What the school wrote over stays written over.
    refuses  ReportIsSigned
    """
    require(actor, Permission.REPORT_WRITE, within=organisation)
    figures = prefilled(organisation, school_year, at.astimezone(clock.VIETNAM).date())
    report, is_new = PeriodReport.objects.select_for_update().get_or_create(
        organisation=organisation, school_year=school_year, period=period,
        defaults={"figures": figures, "prefilled_at": at},
    )  # fmt: skip
    if not is_new:
        _refuse_signed(report)
        report.figures, report.prefilled_at = figures, at
        report.save(update_fields=["figures", "prefilled_at"])
    audit.record(actor, "report.prefilled", report, period=period)
    return report


@transaction.atomic
def correct_report(
    *, actor: Actor, report: PeriodReport, corrections: Mapping[str, Correction], at: datetime
) -> PeriodReport:
    """Write figures over what the rows say, each with its reason. All corrections are given, those left out fall away.

    refuses  ReportIsSigned; CorrectionNeedsReason
    """
    require(actor, Permission.REPORT_WRITE, within=report)
    held = _held(report)
    _refuse_signed(held)
    kept = {}
    for code, said in corrections.items():
        if code not in held.figures or said.value == held.figures[code]:
            continue
        if not said.reason.strip():
            raise CorrectionNeedsReason(text=BY_CODE[code].said)
        kept[code] = {"value": said.value, "reason": said.reason.strip()}
    held.corrected = kept
    held.save(update_fields=["corrected"])
    audit.record(actor, "report.corrected", held, corrected=kept, at=at)
    return held


def sign_report(*, actor: Actor, report: PeriodReport, password: str, code: str, at: datetime) -> PeriodReport:
    """Sign a report, having proved at this moment who signs. A signed report never changes.

    refuses  ReportIsSigned; WhoSigns; what identity's prove_signer refuses. Not atomic around the count of failed
             attempts. An account proves itself; it is not a qualified digital signature (decision 0159).
    """
    require(actor, Permission.REPORT_WRITE, within=report)
    _refuse_signed(PeriodReport.objects.get(id=report.id))
    if not password and not code:
        raise WhoSigns
    proof = identity.prove_signer(actor=actor, password=password, code=code, at=at)
    with transaction.atomic():
        held = _held(report)
        _refuse_signed(held)
        held.state, held.signed_at, held.signed_by_name = State.SIGNED, at, actor.name
        held.proof, held.digest = proof.value, digest_of(held)
        held.save(update_fields=["state", "signed_at", "signed_by_name", "proof", "digest"])
        audit.record(actor, "report.signed", held, digest=held.digest, proof=held.proof)
        return held


@transaction.atomic
def send_report(*, actor: Actor, report: PeriodReport, at: datetime) -> PeriodReport:
    """Send a signed report to who manages the school.

    refuses  ReportNotSigned; ReportIsSent
    """
    require(actor, Permission.REPORT_WRITE, within=report)
    held = _held(report)
    if held.state == State.SENT:
        raise ReportIsSent
    if held.state != State.SIGNED:
        raise ReportNotSigned
    due = queries.due_on(held.organisation, held.school_year, held.period)
    held.state, held.sent_at = State.SENT, at
    held.is_late = due is not None and at.astimezone(clock.VIETNAM).date() > due
    held.save(update_fields=["state", "sent_at", "is_late"])
    audit.record(actor, "report.sent", held, late=held.is_late)
    return held


@transaction.atomic
def set_deadline(
    *, actor: Actor, organisation: Organisation, school_year: str, period: str, due_on: date, at: datetime
) -> ReportDeadline:
    """Say by when the schools below an office send a period's report."""
    require(actor, Permission.REPORT_RECEIVE, within=organisation)
    made, _new = ReportDeadline.objects.update_or_create(
        organisation=organisation, school_year=school_year, period=period, defaults={"due_on": due_on}
    )
    audit.record(actor, "report.deadline_set", made, period=period, due_on=due_on, at=at)
    return made


def digest_of(report: PeriodReport) -> str:
    """SHA-256 of what is signed: school, period, figures and corrections in one fixed way of writing."""
    said = [report.organisation_id, report.school_year, report.period, report.figures, report.corrected]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _held(report: PeriodReport) -> PeriodReport:
    return PeriodReport.objects.select_for_update(of=("self",)).select_related("organisation").get(id=report.id)


def _refuse_signed(report: PeriodReport) -> None:
    if report.state != State.DRAFT:
        raise ReportIsSigned
