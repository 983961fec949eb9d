"""Period reports: filled in from the rows or summed up from those of schools, signed, sent, and who is late."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.identity import actions as identity
from khue.indicators import queries
from khue.indicators.access import Permission, require_reporter
from khue.indicators.events import ReportSent
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.reporting import BY_CODE, prefilled
from khue.indicators.summing import count_summed, sums_of
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


class NothingToSum(Refusal):
    code = "nothing_to_sum"
    message = _("Chưa có báo cáo nào để tổng hợp. Hãy chờ các trường gửi.")


class SumOutdated(Refusal):
    code = "sum_outdated"
    message = _("%(count)s báo cáo mới đến sau khi tổng hợp. Hãy tổng hợp lại, xem qua rồi kí.")


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
    """Fill in a report of a period, again as often as wanted until it is signed.

    A school's from the rows, an office's from what the bodies below it have sent. What was written over stays.
    refuses  ReportIsSigned; NothingToSum
    """
    require_reporter(actor, organisation)
    filled = _filled(organisation, school_year, period, at)
    report, is_new = PeriodReport.objects.select_for_update().get_or_create(
        organisation=organisation, school_year=school_year, period=period,
        defaults={**filled, "prefilled_at": at},
    )  # fmt: skip
    if not is_new:
        _refuse_signed(report)
        for name, value in {**filled, "prefilled_at": at}.items():
            setattr(report, name, value)
        report.save(update_fields=[*filled, "prefilled_at"])
    audit.record(actor, "report.prefilled", report, period=period)
    return report


@transaction.atomic
def correct_report(
    *, actor: Actor, report: PeriodReport, corrections: Mapping[str, Correction], at: datetime
) -> PeriodReport:
    """Write figures over what the rows say, each with its reason; what nobody counted is filled in without one.

    All corrections are given, those left out fall away.

    refuses  ReportIsSigned; CorrectionNeedsReason
    """
    require_reporter(actor, report.organisation)
    held = _held(report)
    _refuse_signed(held)
    kept = {}
    for code, said in corrections.items():
        if code not in held.figures or said.value == held.figures[code]:
            continue
        if held.figures[code] is not None and not said.reason.strip():
            raise CorrectionNeedsReason(text=BY_CODE[code].said)
        kept[code] = {"value": said.value, "reason": said.reason.strip()}
    held.corrected = kept
    held.save(update_fields=["corrected"])
    audit.record(actor, "report.corrected", held, corrected=kept, at=at)
    return held


def sign_report(*, actor: Actor, report: PeriodReport, password: str, code: str, at: datetime) -> PeriodReport:
    """Sign a report, having proved at this moment who signs. A signed report never changes.

    refuses  ReportIsSigned; SumOutdated; WhoSigns; what identity's prove_signer refuses. Not atomic around the count of
             failed attempts. An account proves itself; it is not a qualified digital signature (decision 0159).
    """
    require_reporter(actor, report.organisation)
    _refuse_signed(PeriodReport.objects.get(id=report.id))
    if not password and not code:
        raise WhoSigns
    proof = identity.prove_signer(actor=actor, password=password, code=code, at=at)
    with transaction.atomic():
        held = _held(report)
        _refuse_signed(held)
        _refuse_outdated(held)
        held.state, held.signed_at, held.signed_by_name = State.SIGNED, at, actor.name
        held.proof, held.digest = proof.value, digest_of(held)
        held.save(update_fields=["state", "signed_at", "signed_by_name", "proof", "digest"])
        audit.record(actor, "report.signed", held, digest=held.digest, proof=held.proof)
        return held


@transaction.atomic
def send_report(*, actor: Actor, report: PeriodReport, at: datetime) -> PeriodReport:
    """Send a signed report to who manages the body. Sums above hold each school of it once, from then on by it.

    refuses  ReportNotSigned; ReportIsSent
    """
    require_reporter(actor, report.organisation)
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
    events.publish(ReportSent(held.organisation_id, school_year=held.school_year, period=held.period))
    return held


@transaction.atomic
def set_deadline(
    *, actor: Actor, organisation: Organisation, school_year: str, period: str, due_on: date, at: datetime
) -> ReportDeadline:
    """Say by when the bodies below an office send a period's report."""
    require(actor, Permission.REPORT_RECEIVE, within=organisation)
    made, _new = ReportDeadline.objects.update_or_create(
        organisation=organisation, school_year=school_year, period=period, defaults={"due_on": due_on}
    )
    audit.record(actor, "report.deadline_set", made, period=period, due_on=due_on, at=at)
    return made


def digest_of(report: PeriodReport) -> str:
    """SHA-256 of what is signed: body, period, figures, corrections, what was summed, in one fixed way of writing."""
    said = [report.organisation_id, report.school_year, report.period, report.figures, report.corrected]
    if report.summed is not None:
        said += [report.summed, report.unknown]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _held(report: PeriodReport) -> PeriodReport:
    return PeriodReport.objects.select_for_update(of=("self",)).select_related("organisation").get(id=report.id)


def _refuse_signed(report: PeriodReport) -> None:
    if report.state != State.DRAFT:
        raise ReportIsSigned


def _filled(body: Organisation, school_year: str, period: str, at: datetime) -> dict[str, object]:
    if body.kind == Organisation.Kind.SCHOOL:
        return {"figures": prefilled(body, school_year, at.astimezone(clock.VIETNAM).date())}
    reports = queries.parts_of_sum(body.id, school_year, period)
    if not reports:
        raise NothingToSum
    sums = sums_of(reports)
    return {
        "figures": {key: one.value for key, one in sums.items()},
        "unknown": {key: one.unknown for key, one in sums.items() if one.unknown},
        "summed": count_summed(reports),
    }


def _refuse_outdated(report: PeriodReport) -> None:
    """What arrived after the sum was made would stand in no sum above."""
    if report.summed is None:
        return
    parts = queries.parts_of_sum(report.organisation_id, report.school_year, report.period)
    came = count_summed(parts) - report.summed
    if came:
        raise SumOutdated(count=came)
