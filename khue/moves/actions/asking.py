"""The receiving school asks the school on another node; and takes the request back when the family does."""

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from khue.exchange import queries as exchange
from khue.exchange.models import FarSchool
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.moves import proofs, words
from khue.moves.access import Permission
from khue.moves.actions.saying import say
from khue.moves.lookups import class_with
from khue.moves.models import Move
from khue.moves.protocol import Side, Standing, State, moved
from khue.moves.refusals import ClassNotChosen, NumberMissing, OldSchoolNotChosen
from khue.moves.standing import standing_of, take_over
from khue.procedures.extensions import CaseFacts
from khue.registry import queries as registry
from khue.registry.models import Organisation


@transaction.atomic
def ask_for_pupil(*, actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Move:
    """Ask the school where a pupil is, on another node, to let it go: by its number and birth date.

    The receiving school has accepted and named a class. Money is not asked about.
    refuses  OldSchoolNotChosen; ClassNotChosen; NumberMissing
    source   domain §5.2 (draft of TT 15/2026): the receiving school decides, the other hands over in 3 working days
    """
    require(actor, Permission.MOVE_ASK, within=facts.organisation_id)

    asked = Move.objects.filter(case_id=facts.case_id).first()
    if asked is not None:  # before a restore, of which the other school has reminded us
        return asked
    old, number = _chosen(facts, on)
    own = registry.organisation_with(facts.organisation_id)
    move = Move(
        organisation=own, thread=uuid4(), side=Side.RECEIVING, case_id=facts.case_id, other_node=old.node_id,
        other_code=old.code, other_name=old.name, changed_at=at,
    )  # fmt: skip
    move.ask = words.kept(proofs.proved(move.thread, _asked(move, own, facts, number)))
    take_over(move, moved(Standing(Side.RECEIVING), State.ASKING))
    move.save()
    say(actor, move, at)
    audit.record(actor, "move.asked", move, school=old.code, case=facts.code)
    return move


def _chosen(facts: CaseFacts, on: date) -> tuple[FarSchool, str]:
    """The school that is asked, and the number of the pupil it is asked for. A class here is chosen too."""
    old = exchange.far_school(str(facts.data.get("old_school", "")))
    if old is None:
        raise OldSchoolNotChosen
    if class_with(facts.organisation_id, facts.data.get("school_class"), on) is None:
        raise ClassNotChosen
    number = registry.tidy_number(str(facts.data.get("number", "")))[:20]
    if not number:
        raise NumberMissing
    return old, number


def _asked(move: Move, own: Organisation, facts: CaseFacts, number: str) -> words.Ask:
    case = move.case
    assert case is not None  # the one whose step this is
    return words.Ask(
        school_code=own.code or "", school_name=own.name, other_code=move.other_code, number=number,
        subject_name=facts.subject_name, born_on=facts.born_on, code=facts.code,
        applicant_name=case.applicant_name[:200], phone=case.phone[:40], why=str(facts.data.get("why", ""))[:500],
    )  # fmt: skip


@transaction.atomic
def withdraw_ask(*, actor: Actor, move: Move, at: datetime) -> Move:
    """Say that the family took its request back. If the other school has let the pupil go, it takes the pupil back."""
    require(actor, Permission.MOVE_CARRY, within=move)

    move = Move.objects.select_for_update().get(id=move.id)
    if move.state != State.ASKING:
        return move
    withdraw(actor, move, at)
    return move


def withdraw(actor: Actor, move: Move, at: datetime) -> None:
    """A move that is locked and still asks comes to its end."""
    take_over(move, moved(standing_of(move), State.WITHDRAWN))
    move.changed_at = at
    move.save()
    say(actor, move, at)
    audit.record(actor, "move.withdrawn", move)
