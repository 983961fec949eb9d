"""Putting the pieces of a whole record together, and having it judged like any package that a pupil brings along."""

import hashlib
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.moves import words
from khue.moves.access import Permission
from khue.moves.actions.saying import say
from khue.moves.events import RecordArrived
from khue.moves.models import Move, Piece
from khue.moves.protocol import State, moved
from khue.moves.standing import standing_of, take_over
from khue.records import actions as records


def put_together(*, actor: Actor, move: Move, at: datetime) -> Move:
    """Put the pieces together; what is whole and signed goes into the pupil's records, anything else is told of.

    Pieces that do not make what was announced are forgotten, and asked for again. Judged before anything is written,
    about a second.
    """
    require(actor, Permission.MOVE_CARRY, within=move)

    release, problem = words.release_in(move.release), ""
    assert release is not None
    assert release.package is not None
    assert move.person is not None
    rows = Piece.objects.filter(move=move, number__lte=release.package.pieces).order_by("number")
    whole = b"".join(bytes(content) for content in rows.values_list("content", flat=True))
    if hashlib.sha256(whole).hexdigest() != release.package.digest:
        return _settled(actor, move, "", "", at)
    try:
        records.take_in_package(actor=actor, organisation=move.organisation, person=move.person, data=whole, at=at)
    except Refusal as refusal:
        problem = "" if refusal.code == "already_received" else str(refusal)
    return _settled(actor, move, Move.Transcript.BAD if problem else Move.Transcript.TAKEN, problem, at)


@transaction.atomic
def _settled(actor: Actor, move: Move, record: str, problem: str, at: datetime) -> Move:
    move = Move.objects.select_for_update().get(id=move.id)
    Piece.objects.filter(move=move).delete()
    if record:
        move.record, move.record_problem = record, problem[:2000]
        take_over(move, moved(standing_of(move), State(move.state)))
        move.changed_at = at
        move.save()
        audit.record(actor, "move.record_bad" if problem else "move.record_taken", move, problem=problem)
        events.publish(RecordArrived(organisation_id=move.organisation_id, move_id=move.id, record=record))
    say(actor, move, at)
    return move
