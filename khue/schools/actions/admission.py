"""Admission: the plan by which a grade is filled is published, by the school or by the office that manages it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.registry.models import Organisation
from khue.schools.access import Permission, require_manager
from khue.schools.models import AdmissionPlan


class PlanTaken(Refusal):
    code = "plan_taken"
    message = _("%(school)s đã mở tuyển sinh này trong năm học đó.")


class PlanOutOfOrder(Refusal):
    code = "plan_out_of_order"
    field = "closes_at"
    message = _("Giờ kết thúc phải sau giờ bắt đầu, và chỉ tiêu phải từ 1 trở lên.")


class DigestMissing(Refusal):
    code = "digest_missing"
    field = "seed_digest"
    message = _("Bốc thăm phải công bố trước mã băm SHA-256 của số bốc thăm, 64 kí tự.")


class NoSchoolPlanned(Refusal):
    code = "no_school_planned"
    message = _("Hãy ghi số chỗ cho ít nhất một trường.")


class SeatedAlready(Refusal):
    code = "seated_already"
    message = _("Đã xếp chỗ rồi.")


@dataclass(frozen=True)
class PlanDetails:
    """What a plan promises. See AdmissionPlan."""

    procedure: str
    year: str
    capacity: int
    opens_at: datetime
    closes_at: datetime
    zones: Sequence[tuple[str, str]]
    seed_digest: str = ""
    who: str = ""
    papers: str = ""


@transaction.atomic
def open_admission(*, actor: Actor, organisation: Organisation, details: PlanDetails) -> AdmissionPlan:
    """Publish how a grade is filled. A lot needs the digest of its seed, so that nobody can choose the seed later.

    refuses  PlanTaken; PlanOutOfOrder; DigestMissing
    source   domain §5.3: catchment by residential group, capacity, no lottery without an audit seed
    """
    require(actor, Permission.CLASSES_WRITE, within=organisation.id)

    return _opened(actor, organisation, details, None)


@dataclass(frozen=True)
class SchoolSeats:
    """What an office plans for one school. zones: see PlanDetails."""

    organisation: Organisation
    capacity: int
    zones: Sequence[tuple[str, str]]


@transaction.atomic
def plan_admissions(
    *, actor: Actor, office: Organisation, details: PlanDetails, seats: Sequence[SchoolSeats]
) -> list[AdmissionPlan]:
    """Publish one plan for schools that an office manages: the same days and rule, each its seats and catchment.

    All of them or none.
    details  capacity and zones are each school's own
    refuses  NoSchoolPlanned; PlanTaken, naming the school; PlanOutOfOrder; DigestMissing; Forbidden for a school that
             another office manages
    source   domain §4.1: communes manage preschool, primary and lower secondary and enrol first grades; §5.3: catchment
             zones are assigned to schools by the commune
    """
    require_manager(actor, office.id)

    if not seats:
        raise NoSchoolPlanned
    if any(each.organisation.parent_id != office.id for each in seats):
        raise Forbidden
    return [
        _opened(actor, each.organisation, replace(details, capacity=each.capacity, zones=each.zones), office)
        for each in seats
    ]


def _opened(
    actor: Actor, organisation: Organisation, details: PlanDetails, office: Organisation | None
) -> AdmissionPlan:
    if details.closes_at <= details.opens_at or details.capacity < 1:
        raise PlanOutOfOrder
    lot = lot_of(details)
    try:
        with transaction.atomic():
            made = AdmissionPlan.objects.create(
                organisation=organisation, planned_by=office, procedure=details.procedure, year=details.year,
                capacity=details.capacity,
                opens_at=details.opens_at, closes_at=details.closes_at, is_drawn=bool(lot), seed_digest=lot,
                who=details.who.strip(), papers=details.papers.strip(),
                zones=[{"commune": commune, "street": street} for commune, street in details.zones],
            )  # fmt: skip
    except IntegrityError:
        raise PlanTaken(school=organisation.name) from None
    audit.record(actor, "admission.opened", made, capacity=made.capacity, zones=made.zones, seed_digest=lot,
                 planned_by=made.planned_by_id)  # fmt: skip
    return made


def lot_of(details: PlanDetails) -> str:
    """The digest of the seed as it is kept; "" where nothing is drawn. Refuses DigestMissing."""
    lot = details.seed_digest.strip().lower()
    if lot and (len(lot) != 64 or set(lot) - set("0123456789abcdef")):
        raise DigestMissing
    return lot
