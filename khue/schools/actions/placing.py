"""Admission: classes are filled with those who got a seat."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import fold, name_sort_key
from khue.procedures.models import Case
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.access import Permission
from khue.schools.actions.admission_families import Families, adults_of
from khue.schools.actions.enrolments import enrol_new_pupil, enrol_pupil
from khue.schools.dossiers import dealing
from khue.schools.models import AdmissionPlace, AdmissionPlan, Enrolment, SchoolClass


class NotSeatedYet(Refusal):
    code = "not_seated_yet"
    message = _("Hãy xếp chỗ trước rồi mới chia lớp.")


class ClassesMissing(Refusal):
    code = "classes_missing"
    field = "classes"
    message = _("Hãy chọn ít nhất một lớp.")


@transaction.atomic
def place_admitted(*, actor: Actor, plan: AdmissionPlan, classes: Sequence[SchoolClass], on: date) -> int:
    """Put everybody who has a seat and no class yet into these classes, evenly. Returns how many.

    In the order of Vietnamese names; twins into one class unless their family asked for two. A child the platform knows
    keeps its file; for another one a file is opened with what the dossier says, and for whoever filed it, and the
    second guardian it names, as guardians.
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
    for each, school_class in dealing.dealt(waiting, list(classes), lambda place: _kin(place.case)):
        each.enrolment = _enrolled(actor, each.case, school_class, on)
        each.save(update_fields=["enrolment"])
        families.appoint(each.case, each.enrolment.person)
    audit.record(actor, "admission.placed", plan, pupils=len(waiting), classes=[each.name for each in classes])
    return len(waiting)


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
