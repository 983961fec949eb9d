"""Admission: a plan is published, applications join a queue whose places all can see, seats are given by the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.registry.models import Organisation
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.access import Permission, require_manager
from khue.schools.actions.enrolments import enrol_new_pupil, enrol_pupil
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan, SchoolClass


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


class StillOpen(Refusal):
    code = "still_open"
    message = _("Tuyển sinh chưa kết thúc nên chưa xếp chỗ được.")


class SeatedAlready(Refusal):
    code = "seated_already"
    message = _("Đã xếp chỗ rồi.")


class SeedIsAnother(Refusal):
    code = "seed_is_another"
    field = "seed"
    message = _("Số bốc thăm không khớp với mã băm đã công bố.")


class NotSeatedYet(Refusal):
    code = "not_seated_yet"
    message = _("Hãy xếp chỗ trước rồi mới chia lớp.")


class ClassesMissing(Refusal):
    code = "classes_missing"
    field = "classes"
    message = _("Hãy chọn ít nhất một lớp.")


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


@transaction.atomic
def give_seats(*, actor: Actor, plan: AdmissionPlan, seed: str, at: datetime) -> int:
    """Decide every application of a plan that has closed, by its published rule. Returns how many got a seat.

    seed     of the lot, whose digest was published; "" where receipt decides
    refuses  StillOpen; SeatedAlready; SeedIsAnother
    cost     some ten statements an application
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.seated_at is not None:
        raise SeatedAlready
    if at < plan.closes_at:
        raise StillOpen
    if plan.is_drawn and seats.digest(seed) != plan.seed_digest:
        raise SeedIsAnother
    places = AdmissionPlace.objects.filter(plan=plan, case__finished_on=None)
    waiting = {each.code: each for each in places.order_by("number")}
    lot = seed if plan.is_drawn else ""
    queue = [seats.Waiting(each.code, each.priority, each.number) for each in waiting.values()]
    ordered = seats.in_order(queue, lot)
    taken = seats.seated(queue, plan.capacity, lot)
    for rank, each in enumerate(ordered, 1):
        step = cases.open_step(waiting[each.code].case_id)
        said = {"decision": "accept"} if each.code in taken else {"decision": "refuse", "reason": _why(plan, rank)}
        procedures.do_step(actor=actor, step=step, given=said, at=at)
    plan.seated_at, plan.seed = at, lot
    plan.save(update_fields=["seated_at", "seed"])
    audit.record(actor, "admission.seats_given", plan, applications=len(ordered), seated=len(taken), seed=lot)
    return len(taken)


@transaction.atomic
def place_admitted(*, actor: Actor, plan: AdmissionPlan, classes: Sequence[SchoolClass], on: date) -> int:
    """Put everybody who has a seat and no class yet into these classes, evenly. Returns how many.

    A child the platform knows keeps its file; for another one a file is opened with the name and birth of the dossier.
    refuses  NotSeatedYet; ClassesMissing; what enrol_pupil and enrol_new_pupil refuse
    cost     some ten statements a child
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.seated_at is None:
        raise NotSeatedYet
    if not classes:
        raise ClassesMissing
    places = AdmissionPlace.objects.filter(plan=plan, case__ends="granted", enrolment=None)
    waiting = list(places.select_related("case__subject").order_by("case__subject_name", "number"))
    for each, school_class in seats.dealt(waiting, list(classes)):
        case = each.case
        if case.subject is not None:
            each.enrolment = enrol_pupil(actor=actor, school_class=school_class, person=case.subject, on=on)
        else:
            born = PartialDate(case.born_on.year, case.born_on.month, case.born_on.day)
            details = PersonDetails(full_name=case.subject_name, birth=born)
            each.enrolment = enrol_new_pupil(actor=actor, school_class=school_class, details=details, on=on)
        each.save(update_fields=["enrolment"])
    audit.record(actor, "admission.placed", plan, pupils=len(waiting), classes=[each.name for each in classes])
    return len(waiting)


def _why(plan: AdmissionPlan, rank: int) -> str:
    return str(_("Hết chỗ: đứng thứ %(rank)s theo quy tắc đã công bố, trường có %(capacity)s chỗ.")) % {
        "rank": rank, "capacity": plan.capacity,
    }  # fmt: skip
