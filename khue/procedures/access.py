"""Who works on cases, who draws procedures, and who sees which case: each rule once, as a Q."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.procedures.models import Case, Step


class Permission(StrEnum):
    """What a role may be allowed to do here. wiring.py says which role is."""

    CASE_WORK = "procedures:case:work"
    CASE_READ = "procedures:case:read"  # figures of offices below, and their cases
    DEFINITION_WRITE = "procedures:definition:write"
    DAYS_WRITE = "procedures:days:write"
    REFERENCE_WRITE = "procedures:reference:write"


EVERYTHING = Q()
NOTHING = Q(pk__in=())


def cases(actor: Actor) -> Q:
    """Cases of the offices one works for or oversees, those where one's office takes part, and one's own."""
    own = Q(applicant_id=actor.person_id) if actor.person_id else NOTHING
    places = _places(actor)
    if places is None:
        return EVERYTHING
    return Q(organisation_id__in=places) | Q(partner_id__in=places) | own if places else own


def steps(actor: Actor) -> Q:
    """Steps to be done at the actor's offices by a role the actor holds there, or by anybody."""
    places = actor.organisations(Permission.CASE_WORK)
    within = EVERYTHING if places is None else Q(organisation_id__in=sorted(places)) if places else NOTHING
    return within if places is None else within & (Q(role="") | Q(role__in=sorted(actor.roles)))


def require_doer(actor: Actor, step: Step) -> None:
    """Refuse unless the actor works where the step is to be done, and holds the role it is for."""
    if not actor.may(Permission.CASE_WORK, step):
        raise Forbidden
    if (
        step.role
        and not actor.is_system
        and not any(held.role == step.role and held.reaches(step.organisation_id) for held in actor.held)
    ):
        raise Forbidden


def require_applicant(actor: Actor, case: Case, proof: str) -> None:
    """Refuse unless the actor filed the case, or holds its code and the birth date: `proof` is the code then."""
    if proof == case.code or (actor.person_id is not None and actor.person_id == case.applicant_id):
        return
    raise Forbidden


def require_party(actor: Actor, case: Case, proof: str) -> None:
    """Refuse unless the actor works at the office of the case or oversees it, or is its applicant as above."""
    if not any(actor.may(each, case.organisation_id) for each in (Permission.CASE_WORK, Permission.CASE_READ)):
        require_applicant(actor, case, proof)


def require_reader(actor: Actor, case: Case, proof: str) -> None:
    """Refuse unless the actor works at an office of the case or oversees one, or is its applicant as above."""
    offices = [case.organisation_id, *filter(None, [case.partner_id])]
    if not any(actor.may(each, office) for each in (Permission.CASE_WORK, Permission.CASE_READ) for office in offices):
        require_applicant(actor, case, proof)


def may_upload(actor: Actor, organisation_id: int | None) -> bool:
    """Whether a file for a case of this office may come in pieces: from whom the database lets write there."""
    return organisation_id is not None and (actor.reach is None or organisation_id in actor.reach)


def _places(actor: Actor) -> list[int] | None:
    working, reading = actor.organisations(Permission.CASE_WORK), actor.organisations(Permission.CASE_READ)
    if working is None or reading is None:
        return None
    return sorted(working | reading)
