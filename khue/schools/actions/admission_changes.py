"""A published admission put right: all of it before it opens, afterwards only what takes nothing from any family."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.schools.access import Permission, require_manager
from khue.schools.actions.admission import PlanDetails, PlanOutOfOrder, SeatedAlready, lot_of
from khue.schools.models import AdmissionPlan

#: What a plan promises; grade and year say which plan it is and never change.
_PROMISED = ("capacity", "opens_at", "closes_at", "is_drawn", "seed_digest", "who", "papers", "zones")


class PlanUnderWay(Refusal):
    code = "plan_under_way"
    message = _("Đã bắt đầu nhận hồ sơ: chỉ còn kéo dài hạn nhận hoặc tăng số chỗ, mọi điều khác giữ như đã công bố.")


class PlanOpened(Refusal):
    code = "plan_opened"
    message = _("Đã bắt đầu nhận hồ sơ nên không rút được kế hoạch nữa.")


@transaction.atomic
def change_admission(*, actor: Actor, plan: AdmissionPlan, details: PlanDetails, at: datetime) -> AdmissionPlan:
    """Put a plan right. Before it opens everything; from then on families rely on it: a later end and more seats only.

    details  procedure and year are left as they are
    refuses  SeatedAlready; PlanUnderWay; PlanOutOfOrder; DigestMissing
    source   domain §5.3: the rule by which seats are filled stands before the first application
    """
    _require_planner(actor, plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.seated_at is not None:
        raise SeatedAlready
    if details.closes_at <= details.opens_at or details.capacity < 1:
        raise PlanOutOfOrder
    before = {name: getattr(plan, name) for name in _PROMISED}
    now = _promised(details)
    if plan.opens_at <= at:
        grown = {"capacity": max(details.capacity, plan.capacity), "closes_at": max(details.closes_at, plan.closes_at)}
        if now != {**before, **grown}:
            raise PlanUnderWay
    for name, value in now.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(_PROMISED))
    changed = {name: value for name, value in before.items() if now[name] != value}
    audit.record(actor, "admission.changed", plan, before=changed, after={name: now[name] for name in changed})
    return plan


@transaction.atomic
def withdraw_admission(*, actor: Actor, plan: AdmissionPlan, at: datetime) -> None:
    """Take a plan back that has not opened. Refuses PlanOpened."""
    _require_planner(actor, plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.opens_at <= at:
        raise PlanOpened
    audit.record(actor, "admission.withdrawn", plan, procedure=plan.procedure, year=plan.year, capacity=plan.capacity)
    plan.delete()


def _promised(details: PlanDetails) -> dict[str, object]:
    lot = lot_of(details)
    return {
        "capacity": details.capacity, "opens_at": details.opens_at, "closes_at": details.closes_at,
        "is_drawn": bool(lot), "seed_digest": lot, "who": details.who.strip(), "papers": details.papers.strip(),
        "zones": [{"commune": commune, "street": street} for commune, street in details.zones],
    }  # fmt: skip


def _require_planner(actor: Actor, plan: AdmissionPlan) -> None:
    """An office's plan is changed by that office, a school's own by the school."""
    if plan.planned_by_id is not None:
        require_manager(actor, plan.planned_by_id)
    else:
        require(actor, Permission.CLASSES_WRITE, within=plan)
