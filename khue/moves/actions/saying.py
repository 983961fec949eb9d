"""Saying to the other node where this side stands. Used by the other actions; and again, by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from khue.exchange import actions as exchange
from khue.exchange import queries as letters
from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.moves import queries, words
from khue.moves.access import Permission
from khue.moves.models import Move
from khue.moves.protocol import Side, State
from khue.moves.standing import standing_of

#: A package's pieces that did not arrive are sent again after this.
PIECES_AGAIN = timedelta(minutes=10)


@transaction.atomic
def say_again(*, actor: Actor, move: Move, at: datetime) -> bool:
    """Say once more where this side stands, unless the last word still waits to be handed over. Whether it was said."""
    require(actor, Permission.MOVE_CARRY, within=move)

    if 0 in letters.parts_waiting(move.thread, move.other_node):
        Move.objects.filter(id=move.id).update(posted_at=at)
        return False
    say(actor, move, at, again=True)
    audit.record(actor, "move.said", move, state=move.state, version=move.version)
    return True


def say(actor: Actor, move: Move, at: datetime, *, again: bool = False) -> None:
    """Write the word of this side as a letter."""
    exchange.write_letter(
        actor=actor, organisation_id=move.organisation_id, to_node=move.other_node, thread=move.thread,
        parts=[(0, words.written(_word(move, again)))], at=at,
    )  # fmt: skip
    Move.objects.filter(id=move.id).update(posted_at=at)


def send_pieces(actor: Actor, move: Move, numbers: Sequence[int], at: datetime) -> None:
    """Write these pieces of the package as letters, each by itself: what arrived need not be sent twice."""
    assert move.package is not None
    with files.open_file(move.package) as stream:
        whole = stream.read()
    parts = [(n, whole[(n - 1) * words.PIECE : n * words.PIECE]) for n in numbers]
    exchange.write_letter(
        actor=actor, organisation_id=move.organisation_id, to_node=move.other_node, thread=move.thread, parts=parts,
        at=at,
    )  # fmt: skip
    Move.objects.filter(id=move.id).update(pieces_at=at)


def send_missing(actor: Actor, move: Move, has: Sequence[int], at: datetime) -> None:
    """Send again what the other side lacks and what no longer waits here, if the last time is a while ago."""
    if move.record != Move.Transcript.COMING or move.state != State.RELEASED or move.package is None:
        return
    if move.pieces_at is not None and move.pieces_at > at - PIECES_AGAIN:
        return
    waiting = letters.parts_waiting(move.thread, move.other_node)
    missing = [n for n in range(1, queries.pieces_wanted(move) + 1) if n not in has and n not in waiting]
    if missing:
        send_pieces(actor, move, missing, at)


def _word(move: Move, again: bool) -> words.Word:
    said, is_receiving = standing_of(move).said(again=again), move.side == Side.RECEIVING
    release = words.release_in(move.release)
    begun = release.on if release and move.state == State.BEGUN and is_receiving else None
    return words.Word(
        side=said.side, state=said.state, version=said.version, heard=said.heard, wants=said.wants,
        ask=words.ask_in(move.ask),
        release=release if move.state == State.RELEASED else None,
        reason=move.reason,
        has=queries.pieces_of([move]).get(move.id, []) if is_receiving else [],
        record=move.record if is_receiving else "", record_problem=move.record_problem if is_receiving else "",
        begun_on=begun, pupil=release.pupil if release and is_receiving else None,
    )  # fmt: skip
