"""Who works on cases, who draws procedures, and who sees which case: each rule once, as a Q."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation import permissions
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
    """Steps for a role the actor holds, at the actor's office or below it; those for anybody, at the very office."""
    places = actor.organisations(Permission.CASE_WORK)
    if places is None and actor.is_system:
        return EVERYTHING
    within = EVERYTHING if places is None else Q(organisation_id__in=sorted(places)) if places else NOTHING
    own = Q(role="", organisation_id__in=sorted(working_at(actor)))
    return own | (within & Q(role__in=sorted(actor.roles)))


def working_at(actor: Actor) -> frozenset[int]:
    """Offices the actor works for: those themselves, not the ones below, whose cases are theirs."""
    granting = permissions.granting(Permission.CASE_WORK)
    return frozenset(held.organisation for held in actor.held if held.role in granting)


def works_on(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor works on cases of that office; an office above reads them."""
    return actor.is_system or organisation_id in working_at(actor)


def require_worker(actor: Actor, case: Case) -> None:
    """Refuse unless the actor works at the office of the case."""
    if not works_on(actor, case.organisation_id):
        raise Forbidden


def require_doer(actor: Actor, step: Step) -> None:
    """Refuse unless the actor works where the step is to be done, and holds the role it is for."""
    if not (actor.may(Permission.CASE_WORK, step) if step.role else works_on(actor, step.organisation_id)):
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
