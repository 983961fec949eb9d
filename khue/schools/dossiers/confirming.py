"""Confirmation of studying: the school finds the pupil in its own lists, and what they say stands on the paper."""

from datetime import date, datetime

from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.procedures.extensions import CaseFacts, Done
from khue.schools.dossiers.places import pupils_born
from khue.schools.dossiers.transfer import PupilNotHere, number_in
from khue.schools.models import Enrolment

#: Under which name what was found joins the data of the case.
STUDYING = "studying"


def confirm(_actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> Done | None:
    """To accept is to say that the pupil is in a class of the school that day; class and year are the list's.

    The pupil is the one the case is about; where it was filed without an account, the one that was chosen, or the only
    one of that name and birth date.
    refuses  PupilNotHere
    """
    if facts.data.get("decision") != "accept":
        return None
    found = _found(facts, on)
    if found is None:
        raise PupilNotHere
    return Done(subject_id=found.person_id, data={STUDYING: _told(found)})


def _found(facts: CaseFacts, on: date) -> Enrolment | None:
    here = pupils_born(facts.organisation_id, facts.born_on, on)
    chosen = facts.subject_id or (number_in(facts, "pupil") if facts.data.get("pupil") else None)
    if chosen is None:
        here = [each for each in here if fold(each.person.full_name) == fold(facts.subject_name)]
        return here[0] if len(here) == 1 else None
    return next((each for each in here if each.person_id == chosen), None)


def _told(found: Enrolment) -> dict[str, str]:
    return {
        "full_name": found.person.full_name,
        "class": found.school_class.name,
        "grade": str(found.school_class.grade),
        "school_year": found.school_class.school_year.code,
    }
