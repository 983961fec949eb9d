"""Figures that no rows of this node make: an office types them, with the document they come from."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.indicators.access import Permission
from khue.indicators.catalogue import REPORTED
from khue.indicators.counts import Count
from khue.indicators.human_capital import components_of
from khue.indicators.models import HumanMeasure, ReportedCount
from khue.registry.models import Organisation


class NotReported(Refusal):
    code = "not_reported"
    message = _("Chỉ số %(code)s do hệ thống tính từ dữ liệu, không nhập tay.")


class NotAShare(Refusal):
    code = "not_a_share"
    message = _("Mẫu số phải lớn hơn 0, tử số từ 0 đến mẫu số.")


class SourceMissing(Refusal):
    code = "source_missing"
    message = _("Hãy ghi văn bản hoặc báo cáo mà số liệu được lấy từ đó.")


class NotMeasuredHere(Refusal):
    code = "not_measured_here"
    message = _("Thành phần này không được theo dõi ở đơn vị này.")


class ValueOutOfRange(Refusal):
    code = "value_out_of_range"
    message = _("Giá trị của %(component)s nằm trong khoảng từ %(low)s đến %(high)s.")


@transaction.atomic
def report_count(
    *, actor: Actor, organisation: Organisation, code: str, count: Count, about_on: date, source: str, at: datetime
) -> ReportedCount:
    """Keep a figure of an indicator that is not counted from rows; one of the same day is replaced.

    refuses  NotReported; NotAShare; SourceMissing
    """
    require(actor, Permission.FIGURE_REPORT, within=organisation)
    if code not in REPORTED:
        raise NotReported(code=code)
    if count.denominator <= 0 or not 0 <= count.numerator <= count.denominator:
        raise NotAShare
    if not source.strip():
        raise SourceMissing
    made, _new = ReportedCount.objects.update_or_create(
        organisation=organisation, code=code, about_on=about_on,
        defaults={
            "numerator": count.numerator, "denominator": count.denominator, "source": source.strip(),
            "reported_at": at, "reported_by_id": actor.account_id, "reported_by_name": actor.name,
        },
    )  # fmt: skip
    audit.record(actor, "figure.reported", made, code=code, numerator=count.numerator, denominator=count.denominator)
    return made


@transaction.atomic
def record_measure(
    *, actor: Actor, organisation: Organisation, component: str, year: int, value: Decimal, source: str, at: datetime,
    is_target: bool = False,
) -> HumanMeasure:  # fmt: skip
    """Keep a component of the Human Capital Index of a country or province in a year, as its source gives it.

    organisation  the Ministry for the country, a department for its province
    is_target     where it is to be in that year; one of the same year is replaced
    refuses       NotMeasuredHere; ValueOutOfRange; SourceMissing
    """
    require(actor, Permission.FIGURE_REPORT, within=organisation)
    held = components_of(organisation.kind).get(component)
    if held is None:
        raise NotMeasuredHere
    if not held.low <= value <= held.high:
        raise ValueOutOfRange(component=held.text, low=held.low, high=held.high)
    if not source.strip():
        raise SourceMissing
    made, _new = HumanMeasure.objects.update_or_create(
        organisation=organisation, component=component, year=year, is_target=is_target,
        defaults={"value": value, "source": source.strip(), "recorded_at": at, "recorded_by_name": actor.name},
    )  # fmt: skip
    audit.record(actor, "measure.recorded", made, component=component, year=year, value=value, is_target=is_target)
    return made
