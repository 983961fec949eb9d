"""Admission: seats are given by the published plan, all at once, and classes filled with whom got one."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import name_sort_key
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.models import Case
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.access import Permission
from khue.schools.actions.admission import SeatedAlready
from khue.schools.actions.admission_families import Families
from khue.schools.actions.enrolments import enrol_new_pupil, enrol_pupil
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan, Enrolment, SchoolClass


class StillOpen(Refusal):
    code = "still_open"
    message = _("Tuyển sinh chưa kết thúc nên chưa xếp chỗ được.")


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
def give_seats(*, actor: Actor, plan: AdmissionPlan, seed: str, at: datetime) -> int:
    """Decide every application of a plan that has closed, by its published rule. Returns how many got a seat.

    seed     of the lot, whose digest was published; "" where receipt decides
    refuses  StillOpen; SeatedAlready; SeedIsAnother; AnswersMissing while somebody was asked for a paper and has not
             answered
    cost     some ten statements an application
    """
    require(actor, Permission.ADMISSION_DECIDE, within=plan)

    plan = AdmissionPlan.objects.select_for_update().get(id=plan.id)
    if plan.seated_at is not None:
        raise SeatedAlready
    if at < plan.closes_at:
        raise StillOpen
    if plan.is_drawn and seats.digest(seed) != plan.seed_digest:
        raise SeedIsAnother
    places = AdmissionPlace.objects.filter(plan=plan, case__finished_on=None)
    waiting = {each.code: each for each in places.select_related("case").order_by("number")}
    _refuse_unanswered(waiting.values())
    # From here on the plan is seated: what a review may do by itself is decided by that.
    plan.seated_at = at
    plan.save(update_fields=["seated_at"])
    lot = seed if plan.is_drawn else ""
    queue = [seats.Waiting(each.code, each.priority, each.number) for each in waiting.values()]
    ordered = seats.in_order(queue, lot)
    taken = seats.seated(queue, plan.capacity, lot)
    for rank, each in enumerate(ordered, 1):
        step = cases.open_step(waiting[each.code].case_id)
        said = {"decision": "accept"} if each.code in taken else {"decision": "refuse", "reason": _why(plan, rank)}
        procedures.do_step(actor=actor, step=step, given=said, at=at)
    plan.seed = lot
    plan.save(update_fields=["seed"])
    audit.record(actor, "admission.seats_given", plan, applications=len(ordered), seated=len(taken), seed=lot)
    return len(taken)


@transaction.atomic
def place_admitted(*, actor: Actor, plan: AdmissionPlan, classes: Sequence[SchoolClass], on: date) -> int:
    """Put everybody who has a seat and no class yet into these classes, evenly. Returns how many.

    In the order of Vietnamese names. A child the platform knows keeps its file; for another one a file is opened with
    what the dossier says, and for whoever filed it, and the second guardian it names, as guardians.
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
    waiting = sorted(
        places.select_related("case__subject", "case__applicant"),
        key=lambda each: (name_sort_key(each.case.subject_name), each.number),
    )
    families = Families(actor, plan.organisation, on)
    for each, school_class in seats.dealt(waiting, list(classes)):
        each.enrolment = _enrolled(actor, each.case, school_class, on)
        each.save(update_fields=["enrolment"])
        families.appoint(each.case, each.enrolment.person)
    audit.record(actor, "admission.placed", plan, pupils=len(waiting), classes=[each.name for each in classes])
    return len(waiting)


def _enrolled(actor: Actor, case: Case, school_class: SchoolClass, on: date) -> Enrolment:
    if case.subject is not None:
        return enrol_pupil(actor=actor, school_class=school_class, person=case.subject, on=on)
    born = PartialDate(case.born_on.year, case.born_on.month, case.born_on.day)
    lives = ", ".join(filter(None, (case.data.get("street", ""), case.data.get("commune", ""))))
    details = PersonDetails(full_name=case.subject_name, birth=born, sex=case.data.get("sex", "0"), address=lives)
    return enrol_new_pupil(actor=actor, school_class=school_class, details=details, on=on)


def _refuse_unanswered(waiting: Iterable[AdmissionPlace]) -> None:
    codes = [each.code for each in waiting if each.case.status == Case.Status.SUPPLEMENT]
    if codes:
        raise AnswersMissing(count=len(codes), codes=", ".join(codes[:5]))


def _why(plan: AdmissionPlan, rank: int) -> str:
    return str(_("Hết chỗ: đứng thứ %(rank)s theo quy tắc đã công bố, trường có %(capacity)s chỗ.")) % {
        "rank": rank, "capacity": plan.capacity,
    }  # fmt: skip
