"""Admission: classes are filled with those who got a seat."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.arrays import array
from khue.foundation.errors import Refusal
from khue.foundation.models import Job
from khue.foundation.text import fold, name_sort_key
from khue.procedures.models import Case
from khue.schools.access import Permission
from khue.schools.actions.admission_children import enrol_children, files_of, open_year
from khue.schools.actions.admission_families import adults_of, appoint_families
from khue.schools.dossiers import dealing
from khue.schools.models import AdmissionPlace, AdmissionPlan, SchoolClass

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
    classes   of one year
    progress  told how many are placed, of how many
    refuses   NotSeatedYet; ClassesMissing; what enrol_pupil refuses
    cost      a few dozen statements, however many children
    """
    require(actor, Permission.CLASSES_WRITE, within=plan)

    plan = _seated(plan, classes)
    places = AdmissionPlace.objects.filter(plan=plan, case__ends="granted", enrolment=None)
    waiting = sorted(
        places.select_related("case__applicant"),
        key=lambda each: (name_sort_key(each.case.subject_name), each.number),
    )
    dealt = dealing.dealt(waiting, list(classes), lambda place: _kin(place.case))
    cases = [place.case for place in waiting]
    year = open_year(classes, on)
    children = files_of(actor, plan.organisation, cases, on)
    known = {case.subject_id: case.subject_name for case in cases if case.subject_id is not None}
    came = enrol_children(actor, year, {children[each.case_id]: into.id for each, into in dealt}, known, on)
    _bind({each.id: came[children[each.case_id]] for each in waiting})
    appoint_families(actor, plan.organisation, [case for case in cases if case.subject_id is None], children, on)
    if progress:
        progress(len(waiting), len(waiting))
    audit.record(actor, "admission.placed", plan, pupils=len(waiting), classes=[each.name for each in classes])
    return len(waiting)


def _bind(enrolments: Mapping[int, int]) -> None:
    """Write of each place which enrolment came of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schools_admissionplace p SET enrolment_id = n.enrolment"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS n (place, enrolment) WHERE p.id = n.place",
            [array(enrolments), array(enrolments.values())],
        )


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
