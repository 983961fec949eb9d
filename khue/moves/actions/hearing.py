"""Hearing what another node says about a move: who may say it, what is new, and what follows from it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from khue.exchange import queries as exchange
from khue.exchange.extensions import OpenedLetter
from khue.foundation import audit, events, files
from khue.foundation.actor import Actor, require
from khue.moves import words
from khue.moves.access import Permission
from khue.moves.actions import deeds_heard
from khue.moves.actions.leaving import pack_again
from khue.moves.actions.rebuilding import rebuild, why_not_rebuilt
from khue.moves.actions.saying import say, send_missing
from khue.moves.events import MoveHeard, RecordArrived
from khue.moves.lookups import own_school
from khue.moves.models import Move, Piece
from khue.moves.protocol import Deed, Side, Standing, State, moved, took_in
from khue.moves.standing import standing_of, take_over
from khue.moves.words import Word


@transaction.atomic
def hear_word(*, actor: Actor, letter: OpenedLetter, word: Word, at: datetime) -> Move | None:
    """Take in a word of another node and do what follows. None where it is no party to the move, or asks for nothing.

    The same word again, or an older one, changes nothing; it is answered where it wants an answer. A move for which
    this node once asked and which it has forgotten by a restore is there again afterwards.
    refuses  CaseStillWaits: the word is kept and heard again
    """
    require(actor, Permission.MOVE_CARRY, within=None)

    move = Move.objects.select_for_update().filter(thread=letter.thread).first()
    why = _why_not(move, letter, word)
    if why:
        audit.record(actor, "move.refused", move, node=str(letter.from_node), thread=str(letter.thread), why=why)
        return None
    if move is None:
        move = _begun(letter, word, at) if word.side == Side.RECEIVING else rebuild(actor, letter, word, at)
    deed = _taken_in(move, word, at)
    if deed is not None:
        _do(actor, move, deed, word, at)
    _hear_of_record(actor, move, word, at)
    if deed is not None or word.wants:
        say(actor, move, at)
    audit.record(actor, "move.heard", move, state=word.state, version=word.version, deed=deed or "")
    return move


@transaction.atomic
def keep_piece(*, actor: Actor, letter: OpenedLetter, at: datetime) -> bool:
    """Keep one piece of a package that is coming. Whether it belongs to a move of ours with that node."""
    require(actor, Permission.MOVE_CARRY, within=None)

    move = Move.objects.select_for_update().filter(thread=letter.thread).first()
    is_ours = move is not None and move.side == Side.RECEIVING and move.other_node == letter.from_node
    if move is None or not is_ours or not 0 < len(letter.content) <= words.PIECE:
        audit.record(actor, "move.refused", move, node=str(letter.from_node), thread=str(letter.thread), why="piece")
        return False
    if move.state in (State.ASKING, State.BEGUN) and move.record in ("", Move.Transcript.COMING):
        Piece.objects.update_or_create(
            move=move, number=letter.part,
            defaults={"organisation_id": move.organisation_id, "content": letter.content},
        )  # fmt: skip
    audit.record(actor, "move.heard", move, piece=letter.part, at=f"{at:%F}")
    return True


def _taken_in(move: Move, word: Word, at: datetime) -> Deed | None:
    """Keep what the word says of the other side. Returns what follows from it for us, if anything does."""
    before = standing_of(move)
    standing, deed = took_in(before, word.spoken())
    take_over(move, standing)
    is_new = word.version > before.their_version
    if is_new and word.release is not None:
        _keep_release(move, word.release)
    if move.id is None or standing != before or is_new:
        move.changed_at = at if is_new or deed else move.changed_at
        move.save()
    return deed


def _do(actor: Actor, move: Move, deed: Deed, word: Word, at: datetime) -> None:
    """Do what follows from a word, and tell that the move has come on."""
    state = deeds_heard.done(actor, move, deed, word, at)
    take_over(move, moved(standing_of(move), state))
    move.changed_at = at
    move.save()
    events.publish(MoveHeard(organisation_id=move.organisation_id, move_id=move.id, state=state))


def _why_not(move: Move | None, letter: OpenedLetter, word: Word) -> str:
    """Why a word is not heard: it comes from a node that is no party, or speaks for a school that is not its own."""
    if move is None and word.side == Side.GIVING:
        return why_not_rebuilt(letter, word)
    if move is None:
        if word.ask is None:
            return "nobody asked"
        asking = exchange.far_school(word.ask.school_code)
        is_theirs = asking is not None and asking.node_id == letter.from_node
        return "" if is_theirs else "asks for a school that is not its own"
    if move.other_node != letter.from_node or move.side == word.side:
        return "no party to this move"
    if word.ask is not None and (word.ask.school_code, word.ask.other_code) != _codes_of(move):
        return "another school than the one that asked"
    return ""


def _codes_of(move: Move) -> tuple[str, str]:
    return str(move.ask.get("school_code", "")), str(move.ask.get("other_code", ""))


def _keep_release(move: Move, release: words.Release) -> None:
    """Keep what the other school says of the pupil. Pieces of another package than it now names are of no use."""
    before = words.release_in(move.release)
    if before is not None and before.package != release.package:
        Piece.objects.filter(move=move).delete()
    move.release = words.kept(release)


def _begun(letter: OpenedLetter, word: Word, at: datetime) -> Move:
    """The move as the school that is left first hears of it. Where there is no such school, that is said."""
    assert word.ask is not None
    school = own_school(word.ask.other_code)
    this = exchange.this_node()
    assert this is not None  # it has just opened a letter
    move = Move(
        organisation=school or this.body, thread=letter.thread, side=Side.GIVING, other_node=letter.from_node,
        other_code=word.ask.school_code, other_name=word.ask.school_name[:200], ask=words.kept(word.ask), changed_at=at,
    )  # fmt: skip
    take_over(move, Standing(Side.GIVING))
    if school is None:
        move.reason = _("Hệ thống này không có trường mang mã số đã hỏi.")
        take_over(move, moved(Standing(Side.GIVING), State.NOT_HERE))
    return move


def _hear_of_record(actor: Actor, move: Move, word: Word, at: datetime) -> None:
    """Of the package: what is missing is sent again; what was taken, or could not be used, is noted."""
    if move.side == Side.RECEIVING:
        if word.state == State.RELEASED and move.record == "":
            move.record = Move.Transcript.COMING if word.release and word.release.package else Move.Transcript.NONE
            move.save(update_fields=["record"])
        return
    has_lost_it = word.record == Move.Transcript.COMING and word.version == move.their_version
    if has_lost_it and move.state == State.RELEASED and move.record in (Move.Transcript.TAKEN, Move.Transcript.BAD):
        pack_again(actor, move, at)
    elif word.record not in (Move.Transcript.TAKEN, Move.Transcript.BAD):
        send_missing(actor, move, word.has, at)
    elif move.record == Move.Transcript.COMING:
        package, move.package = move.package, None
        move.record, move.record_problem = word.record, word.record_problem
        move.save(update_fields=["record", "record_problem", "package"])
        if package is not None:
            files.remove(actor=actor, files=[package])
        events.publish(RecordArrived(organisation_id=move.organisation_id, move_id=move.id, record=move.record))
