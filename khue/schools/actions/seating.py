"""Admission: seats are given by the published plan, all at once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import Job
from khue.procedures import actions as procedures
from khue.procedures.models import Case
from khue.schools.access import Permission
from khue.schools.actions.admission import SeatedAlready
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan

JOB = "schools.give_seats"
#: The task of an admission's drawing at which every application waits.
REVIEW = "review"
#: So many applications are decided by one batch of statements.
AT_ONCE = 500
Progress = Callable[[int, int], None]


class StillOpen(Refusal):
    code = "still_open"
    message = _("Tuyển sinh chưa kết thúc nên chưa xếp chỗ được.")


class SeedIsAnother(Refusal):
    code = "seed_is_another"
    field = "seed"
    message = _("Số bốc thăm không khớp với mã băm đã công bố.")


class AnswersMissing(Refusal):
    code = "answers_missing"
    message = _(
        "%(count)s hồ sơ còn chờ gia đình bổ sung: %(codes)s. Hãy nhận bổ sung, hoặc từ chối các hồ sơ đó, rồi xếp chỗ."
    )


class NoSuchPlace(Refusal):
    code = "no_such_place"
    field = "code"
    message = _("Đợt tuyển sinh này không có hồ sơ nào đang chờ mang mã đó.")


class WhyMissing(Refusal):
    code = "why_missing"
    field = "why"
    message = _("Hãy ghi căn cứ: gia đình đọc được.")


@transaction.atomic
def judge_place(*, actor: Actor, plan: AdmissionPlan, code: str, priority: int, why: str) -> AdmissionPlace:
    """Put an application into the class of priority that its papers show, whatever the family wrote. Its number stays.

    why      the family reads it on the tracking page
    refuses  SeatedAlready; NoSuchPlace; WhyMissing
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.seated_at is not None:
        raise SeatedAlready
    waiting = AdmissionPlace.objects.filter(plan=plan, code=code.strip().upper(), case__finished_on=None)
    place = waiting.select_for_update(of=("self",)).first()
    if place is None:
        raise NoSuchPlace
    if not why.strip():
        raise WhyMissing
    before, place.priority, place.judged = place.priority, priority, why.strip()[:500]
    place.save(update_fields=["priority", "judged"])
    audit.record(actor, "admission.judged", place, before=before, after=priority, why=place.judged)
    return place


@transaction.atomic
def begin_seating(*, actor: Actor, plan: AdmissionPlan, seed: str, at: datetime) -> Job:
    """Let the worker give the seats of a plan. Asked again while it does, the job that is under way is answered.

    seed     as in give_seats
    refuses  what give_seats refuses
    """
    require(actor, Permission.ADMISSION_DECIDE, within=plan)

    plan = _undecided(plan, seed, at)
    standing = plan.seating
    if standing is not None and not standing.is_over:
        return standing
    plan.seating = jobs.start(
        actor=actor, kind=JOB, organisation_id=plan.organisation_id, at=at,
        arguments={"plan": str(plan.public_id), "seed": seed},
    )  # fmt: skip
    plan.save(update_fields=["seating"])
    audit.record(actor, "admission.seating_begun", plan, capacity=plan.capacity)
    return plan.seating


@transaction.atomic
def give_seats(*, actor: Actor, plan: AdmissionPlan, seed: str, at: datetime, progress: Progress | None = None) -> int:
    """Decide every application of a plan that has closed, by its published rule. Returns how many got a seat.

    All of it is one transaction: whoever is killed in the middle has given no seat, and the next one begins anew; by
    the same seed the same children are seated.
    seed      of the lot, whose digest was published; "" where receipt decides
    progress  told how many are decided, of how many
    refuses   StillOpen; SeatedAlready; SeedIsAnother; AnswersMissing while somebody was asked for a paper and has not
              answered
    cost      eight statements for each AT_ONCE applications
    """
    require(actor, Permission.ADMISSION_DECIDE, within=plan)

    plan = _undecided(plan, seed, at)
    # From here on the plan is seated: what a review may do by itself is decided by that.
    plan.seated_at, plan.seed = at, seed if plan.is_drawn else ""
    plan.save(update_fields=["seated_at", "seed"])
    waiting = {each.code: each for each in _waiting(plan)}
    queue = [seats.Waiting(each.code, each.priority, each.number) for each in waiting.values()]
    ordered = seats.in_order(queue, plan.seed)
    decided = [
        (waiting[each.code].case_id, {"decision": "accept"} if rank <= plan.capacity else _refused(plan, rank))
        for rank, each in enumerate(ordered, 1)
    ]
    for first in range(0, len(decided), AT_ONCE):
        procedures.do_steps(
            actor=actor, organisation_id=plan.organisation_id, task=REVIEW,
            given=dict(decided[first : first + AT_ONCE]), at=at,
        )  # fmt: skip
        if progress:
            progress(min(first + AT_ONCE, len(decided)), len(decided))
    seated = min(plan.capacity, len(decided))
    audit.record(actor, "admission.seats_given", plan, applications=len(decided), seated=seated, seed=plan.seed)
    return seated


def _undecided(plan: AdmissionPlan, seed: str, at: datetime) -> AdmissionPlan:
    """The plan, locked, if its seats may be given now."""
    plan = AdmissionPlan.objects.select_for_update(of=("self",)).select_related("seating").get(id=plan.id)
    if plan.seated_at is not None:
        raise SeatedAlready
    if at < plan.closes_at:
        raise StillOpen
    if plan.is_drawn and seats.digest(seed) != plan.seed_digest:
        raise SeedIsAnother
    asked = AdmissionPlace.objects.filter(plan=plan, case__finished_on=None, case__status=Case.Status.SUPPLEMENT)
    codes = list(asked.order_by("number").values_list("code", flat=True))
    if codes:
        raise AnswersMissing(count=len(codes), codes=", ".join(codes[:5]))
    return plan


def _waiting(plan: AdmissionPlan) -> QuerySet[AdmissionPlace]:
    """Who waits, by receipt. Their cases are locked: whoever withdraws one now comes too late."""
    rows = AdmissionPlace.objects.filter(plan=plan, case__finished_on=None).select_related("case").order_by("number")
    return rows.only("code", "priority", "number", "case__code").select_for_update(of=("case",))


def _refused(plan: AdmissionPlan, rank: int) -> dict[str, str]:
    why = _("Hết chỗ: đứng thứ %(rank)s theo quy tắc đã công bố, trường có %(capacity)s chỗ.")
    return {"decision": "refuse", "reason": str(why) % {"rank": rank, "capacity": plan.capacity}}
