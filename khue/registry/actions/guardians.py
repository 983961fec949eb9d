"""Guardians and their rights over a child."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.access import Permission
from khue.registry.actions.affiliations import EndsBeforeItBegins
from khue.registry.events import GuardianRightsChanged
from khue.registry.models import Affiliation, Guardianship, Person


class GuardianOfSelf(Refusal):
    code = "guardian_of_self"
    message = _("Một người không thể là người giám hộ của chính mình.")
    field = "guardian"


class GuardianBarred(Refusal):
    code = "guardian_barred"
    message = _("Người này bị hạn chế theo quyết định của toà án (%(decision)s). Hãy gỡ hạn chế trước khi đổi quyền.")


@transaction.atomic
def appoint_guardian(
    *,
    actor: Actor,
    child: Person,
    guardian: Person,
    relationship: str,
    on: date,
    receives_messages: bool = True,
    may_decide: bool = True,
) -> Guardianship:
    """Write down that an adult looks after a child, and with which rights. Doing it again updates the rights.

    relationship  "father", "mother" or "other"
    refuses       GuardianOfSelf; GuardianBarred
    """
    require(actor, Permission.GUARDIAN_WRITE, within=child)

    if child.id == guardian.id:
        raise GuardianOfSelf
    known = Guardianship.objects.select_for_update().filter(child=child, guardian=guardian).first()
    if known is not None and known.is_barred:
        raise GuardianBarred(decision=known.court_decision)

    said = {
        "organisation_id": child.organisation_id,
        "relationship": relationship,
        "receives_messages": receives_messages,
        "may_decide": may_decide,
    }
    made, _made = Guardianship.objects.update_or_create(
        child=child,
        guardian=guardian,
        defaults={**said, "valid_to": None},
        create_defaults={**said, "valid_from": on},
    )
    _belongs_here(guardian, child.organisation_id, on)
    _tell(actor, "guardian.appointed", made, relationship=relationship)
    return made


def _belongs_here(guardian: Person, organisation_id: int, on: date) -> None:
    known = Affiliation.objects.filter(
        person=guardian, organisation_id=organisation_id, kind=Affiliation.Kind.GUARDIAN, valid_to=None
    )
    if not known.exists():
        Affiliation.objects.create(
            person=guardian, organisation_id=organisation_id, kind=Affiliation.Kind.GUARDIAN, valid_from=on
        )


@transaction.atomic
def change_guardian_rights(
    *, actor: Actor, guardianship: Guardianship, receives_messages: bool, may_decide: bool
) -> Guardianship:
    """Change what a guardian receives and decides.

    refuses  GuardianBarred: a court's bar is lifted first
    """
    require(actor, Permission.GUARDIAN_WRITE, within=guardianship)

    guardianship = _locked(guardianship)
    if guardianship.is_barred:
        raise GuardianBarred(decision=guardianship.court_decision)

    before = {"receives_messages": guardianship.receives_messages, "may_decide": guardianship.may_decide}
    guardianship.receives_messages, guardianship.may_decide = receives_messages, may_decide
    guardianship.save(update_fields=["receives_messages", "may_decide"])
    _tell(actor, "guardian.rights_changed", guardianship, before=before)
    return guardianship


@transaction.atomic
def bar_guardian(*, actor: Actor, guardianship: Guardianship, court_decision: str) -> Guardianship:
    """Bar a guardian from a child by a court's decision: from now on sees, receives and decides nothing.

    court_decision  number and date of the decision
    """
    require(actor, Permission.GUARDIAN_WRITE, within=guardianship)

    guardianship = _locked(guardianship)
    guardianship.is_barred, guardianship.court_decision = True, court_decision
    guardianship.save(update_fields=["is_barred", "court_decision"])
    _tell(actor, "guardian.barred", guardianship)
    return guardianship


@transaction.atomic
def lift_bar(*, actor: Actor, guardianship: Guardianship, court_decision: str) -> Guardianship:
    """Give a barred guardian back the rights from before, by a later decision of a court."""
    require(actor, Permission.GUARDIAN_WRITE, within=guardianship)

    guardianship = _locked(guardianship)
    before = guardianship.court_decision
    guardianship.is_barred, guardianship.court_decision = False, court_decision
    guardianship.save(update_fields=["is_barred", "court_decision"])
    _tell(actor, "guardian.bar_lifted", guardianship, before=before)
    return guardianship


@transaction.atomic
def end_guardianship(*, actor: Actor, guardianship: Guardianship, on: date) -> Guardianship:
    """Let a guardianship end. What it let the guardian see and receive is gone on the day after.

    on       its last day
    refuses  EndsBeforeItBegins
    """
    require(actor, Permission.GUARDIAN_WRITE, within=guardianship)

    guardianship = _locked(guardianship)
    if on < guardianship.valid_from:
        raise EndsBeforeItBegins(on=f"{on:%d/%m/%Y}", begun=f"{guardianship.valid_from:%d/%m/%Y}")

    guardianship.valid_to = on
    guardianship.save(update_fields=["valid_to"])
    _tell(actor, "guardian.ended", guardianship, on=on)
    return guardianship


def _locked(guardianship: Guardianship) -> Guardianship:
    return Guardianship.objects.select_for_update().get(id=guardianship.id)


def _tell(actor: Actor, verb: str, row: Guardianship, **details: object) -> None:
    """The audit row and the event that every change of a guardian's rights leaves behind."""
    audit.record(
        actor,
        verb,
        row,
        child=row.child_id,
        guardian=row.guardian_id,
        receives_messages=row.receives_messages,
        may_decide=row.may_decide,
        is_barred=row.is_barred,
        court_decision=row.court_decision,
        **details,
    )
    events.publish(
        GuardianRightsChanged(organisation_id=row.organisation_id, child_id=row.child_id, guardian_id=row.guardian_id)
    )
