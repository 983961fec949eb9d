"""A node that was restored from before a move began has it again from what the other school's node says of it."""

from datetime import datetime

from khue.exchange import queries as exchange
from khue.exchange.extensions import OpenedLetter
from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.moves import proofs, words
from khue.moves.events import MoveRebuilt
from khue.moves.lookups import own_school
from khue.moves.models import Move
from khue.moves.protocol import Side, State, rebuilt
from khue.moves.standing import take_over
from khue.moves.words import Word
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.actions import Filing
from khue.procedures.models import Case

#: The procedure of the school that receives.
ASKING = "transfer-far"


def why_not_rebuilt(letter: OpenedLetter, word: Word) -> str:
    """Why a word of a move that nobody here knows is not heard: we never asked, or not that school; "" where we did."""
    ask = word.ask
    if ask is None or not proofs.is_ours(letter.thread, ask):
        return "nobody asked"
    other = exchange.far_school(ask.other_code)
    if other is None or other.node_id != letter.from_node:
        return "speaks for a school that is not its own"
    return "" if own_school(ask.school_code) is not None else "no such school here"


def rebuild(actor: Actor, letter: OpenedLetter, word: Word, at: datetime) -> Move:
    """The move as it was when we asked, with a case that waits for the other school as the lost one did.

    Which class was chosen is lost: the head chooses again once the pupil is here. What a family took back stays so.
    """
    ask = word.ask
    assert ask is not None
    school, other = own_school(ask.school_code), exchange.far_school(ask.other_code)
    assert school is not None
    assert other is not None
    move = Move(
        organisation=school, thread=letter.thread, side=Side.RECEIVING, other_node=letter.from_node,
        other_code=ask.other_code, other_name=other.name[:200], ask=words.kept(ask), changed_at=at,
    )  # fmt: skip
    standing = rebuilt(word.spoken())
    take_over(move, standing)
    case = _reopened(actor, move, at) if standing.state == State.ASKING else None
    move.case = case
    move.save()
    if case is not None:
        given = {"decision": "accept", "old_school": ask.other_code}
        procedures.do_step(actor=actor, step=cases.open_step(case.id), given=given, at=at)
        events.publish(MoveRebuilt(organisation_id=school.id, move_id=move.id))
    audit.record(actor, "move.rebuilt", move, state=move.state, case=case.code if case else "", before=ask.code)
    return move


def _reopened(actor: Actor, move: Move, at: datetime) -> Case:
    ask, on = words.ask_in(move.ask), at.astimezone(VIETNAM).date()
    filing = Filing(
        definition=cases.shipped_definition(ASKING, on), organisation=move.organisation,
        applicant_name=ask.applicant_name or move.other_name, subject_name=ask.subject_name, born_on=ask.born_on,
        phone=ask.phone or "–",
        given={"school_left": move.other_name[:200], "number": ask.number, "why": ask.why or "–"},
    )  # fmt: skip
    return procedures.file_case(actor=actor, filing=filing, at=at)
