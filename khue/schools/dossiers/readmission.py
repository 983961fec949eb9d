"""Re-admission: a pupil who left comes back to the school, into a class."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.procedures.extensions import CaseFacts, Done
from khue.schools.actions import enrol_pupil
from khue.schools.dossiers.places import class_with
from khue.schools.dossiers.transfer import ClassNotChosen, PupilNotHere, number_in
from khue.schools.models import Enrolment


def readmit(actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> Done:
    """Put the pupil whose file the school still holds into a class.

    refuses  PupilNotHere; ClassNotChosen; what enrol_pupil refuses
    source   domain §5.2: within age, before the opening of the year or by the school's decision
    """
    found = next((each for each in _former(facts) if each.person_id == number_in(facts, "pupil")), None)
    if found is None:
        raise PupilNotHere
    joining = class_with(facts.organisation_id, number_in(facts, "school_class"), on)
    if joining is None:
        raise ClassNotChosen
    # The head decides here; that the roster may be written by whoever is head is the school's own rule.
    enrol_pupil(actor=replace(actor, is_system=True), school_class=joining, person=found.person, on=on)
    return Done(subject_id=found.person_id)


def former_pupils(_actor: Actor, facts: CaseFacts, _place: int) -> Sequence[tuple[str, str]]:
    """Who left the school and was born that day."""
    return [(str(each.person_id), f"{each.person.full_name} · {each.school_class.name}") for each in _former(facts)]


def _former(facts: CaseFacts) -> list[Enrolment]:
    born = Q(
        person__birth_year=facts.born_on.year, person__birth_month=facts.born_on.month,
        person__birth_day=facts.born_on.day,
    )  # fmt: skip
    rows = Enrolment.objects.filter(born, organisation_id=facts.organisation_id, ends_on__isnull=False)
    found = {
        each.person_id: each for each in rows.select_related("person", "school_class").order_by("ends_on", "id")[:40]
    }
    return list(found.values())
