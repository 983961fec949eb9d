"""Admission: classes are filled with those who got a seat."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import Job
from khue.foundation.text import fold, name_sort_key
from khue.procedures.models import Case
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.access import Permission
from khue.schools.actions.admission_families import Families, adults_of
from khue.schools.actions.enrolments import enrol_new_pupil, enrol_pupil
from khue.schools.dossiers import dealing
from khue.schools.models import AdmissionPlace, AdmissionPlan, Enrolment, SchoolClass

JOB = "schools.place_admitted"
Progress = Callable[[int, int], None]


class NotSeatedYet(Refusal):
    code = "not_seated_yet"
    message = _("Hãy xếp chỗ trước rồi mới chia lớp.")


class ClassesMissing(Refusal):
    code = "classes_missing"
    field = "classes"
    message = _("Hãy chọn ít nhất một lớp.")


@transaction.atomic
def begin_placing(*, actor: Actor, plan: AdmissionPlan, classes: Sequence[SchoolClass], on: date, at: datetime) -> Job:
    """Let the worker put the admitted into classes. Asked again while it does, the job under way is answered.

    refuses  NotSeatedYet; ClassesMissing
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = _seated(plan, classes)
    if plan.placing is not None and not plan.placing.is_over:
        return plan.placing
    plan.placing = jobs.start(
        actor=actor, kind=JOB, organisation_id=plan.organisation_id, at=at,
        arguments={
            "plan": str(plan.public_id), "classes": [str(each.public_id) for each in classes], "on": on.isoformat(),
        },
    )  # fmt: skip
    plan.save(update_fields=["placing"])
    audit.record(actor, "admission.placing_begun", plan, classes=[each.name for each in classes])
    return plan.placing


@transaction.atomic
def place_admitted(
    *, actor: Actor, plan: AdmissionPlan, classes: Sequence[SchoolClass], on: date, progress: Progress | None = None
) -> int:
    """Put everybody who has a seat and no class yet into these classes, evenly. Returns how many.

    All of it is one transaction: whoever is killed in the middle has placed nobody, and the next one begins anew.
    In the order of Vietnamese names; twins into one class unless their family asked for two. A child the platform knows
    keeps its file; for another one a file is opened with what the dossier says, and for whoever filed it, and the
    second guardian it names, as guardians.
    progress  told how many are placed, of how many
    refuses   NotSeatedYet; ClassesMissing; what enrol_pupil and enrol_new_pupil refuse
    cost      some ten statements a child, so that it is the worker's to do
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = _seated(plan, classes)
    places = AdmissionPlace.objects.filter(plan=plan, case__ends="granted", enrolment=None)
    waiting = sorted(
        places.select_related("case__subject", "case__applicant"),
        key=lambda each: (name_sort_key(each.case.subject_name), each.number),
    )
    families = Families(actor, plan.organisation, on)
    dealt = dealing.dealt(waiting, list(classes), lambda place: _kin(place.case))
    for count, (each, school_class) in enumerate(dealt, 1):
        each.enrolment = _enrolled(actor, each.case, school_class, on)
        each.save(update_fields=["enrolment"])
        families.appoint(each.case, each.enrolment.person)
        if progress:
            progress(count, len(waiting))
    audit.record(actor, "admission.placed", plan, pupils=len(waiting), classes=[each.name for each in classes])
    return len(waiting)


def _seated(plan: AdmissionPlan, classes: Sequence[SchoolClass]) -> AdmissionPlan:
    """The plan, locked, if its admitted may be put into these classes now."""
    plan = AdmissionPlan.objects.select_for_update(of=("self",)).select_related("placing").get(id=plan.id)
    if plan.seated_at is None:
        raise NotSeatedYet
    if not classes:
        raise ClassesMissing
    return plan


def _kin(case: Case) -> dealing.Kin:
    """Adults count as the same where name and phone are, or where it is the same person's account."""
    adults = {f"{fold(name)} {phone}" for name, phone, _relation in adults_of(case) if phone}
    if case.applicant_id is not None:
        adults.add(str(case.applicant_id))
    return dealing.Kin(case.born_on, frozenset(adults), str(case.data.get("twins", "")))


def _enrolled(actor: Actor, case: Case, school_class: SchoolClass, on: date) -> Enrolment:
    if case.subject is not None:
        return enrol_pupil(actor=actor, school_class=school_class, person=case.subject, on=on)
    born = PartialDate(case.born_on.year, case.born_on.month, case.born_on.day)
    lives = ", ".join(filter(None, (case.data.get("street", ""), case.data.get("commune", ""))))
    details = PersonDetails(full_name=case.subject_name, birth=born, sex=case.data.get("sex", "0"), address=lives)
    return enrol_new_pupil(actor=actor, school_class=school_class, details=details, on=on)
