"""What follows at one side from what the other said: a case is opened, a step is done, a place ends or begins again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.moves import words
from khue.moves.actions.leaving import give_back, let_go
from khue.moves.lookups import pupil_numbered, pupils_born
from khue.moves.models import Move
from khue.moves.protocol import Deed, State
from khue.moves.refusals import CaseStillWaits
from khue.moves.words import Word
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.actions import Filing
from khue.schools.models import Enrolment

#: The procedure of the school that is left; nobody files it but this room.
LEAVING = "transfer-out"


def done(actor: Actor, move: Move, deed: Deed, word: Word, at: datetime) -> State:
    """Do it. Returns the state this side is in then."""
    if deed is Deed.OPEN:
        _open_case(actor, move, at)
    elif deed is Deed.BEGIN:
        return _answer(actor, move, deed, {"answer": "released"}, at)
    elif deed is Deed.TURN_AWAY:
        reason = word.reason.strip() or _("Trường đang học báo không tìm thấy học sinh.")
        return _answer(actor, move, deed, {"answer": "not_here", "reason": reason}, at)
    elif deed is Deed.GIVE_BACK:
        give_back(actor, move)
    else:
        _close_case(actor, move, at)
        if deed is Deed.REMEMBER:
            return _remember(actor, move, word, at)
    return State(deed)


def _open_case(actor: Actor, move: Move, at: datetime) -> None:
    """A case of its own at the school that is left, with its own due day, so that somebody there sees it and acts."""
    ask, on = words.ask_in(move.ask), at.astimezone(VIETNAM).date()
    filing = Filing(
        definition=cases.shipped_definition(LEAVING, on),
        organisation=move.organisation,
        applicant_name=ask.applicant_name or ask.school_name,
        subject_name=ask.subject_name,
        born_on=ask.born_on,
        phone=ask.phone or "–",
        given={
            "to_school": f"{ask.school_name} ({ask.school_code})", "their_code": ask.code, "number": ask.number,
            "why": ask.why or "–",
        },
    )  # fmt: skip
    move.case = procedures.file_case(actor=actor, filing=filing, at=at)


def _close_case(actor: Actor, move: Move, at: datetime) -> None:
    if move.case is not None and move.case.finished_on is None:
        procedures.withdraw_case(actor=actor, case=move.case, proof=move.case.code, at=at)


def _answer(actor: Actor, move: Move, deed: Deed, given: dict[str, str], at: datetime) -> State:
    """Do the step at which the receiving school's case waits for us. A family that has withdrawn stays withdrawn."""
    assert move.case_id is not None
    try:
        with transaction.atomic():
            step = cases.open_step(move.case_id) if move.case and move.case.finished_on is None else None
            if step is None:
                return State.WITHDRAWN
            procedures.do_step(actor=actor, step=step, given=given, at=at)
    except Refusal as refusal:
        if refusal.code == "case_is_over":
            return State.WITHDRAWN
        raise (CaseStillWaits() if refusal.code == "case_waits" else refusal) from refusal
    move.refresh_from_db(fields=["person"])
    return State(deed)


def _remember(actor: Actor, move: Move, word: Word, at: datetime) -> State:
    """We were restored from before we let the pupil go, and it is at the other school: its place here ends that day."""
    ask, on = words.ask_in(move.ask), word.begun_on or at.astimezone(VIETNAM).date()
    leaving = _same_pupil(move, word, ask, at.astimezone(VIETNAM).date())
    if leaving is not None and leaving.starts_on <= on:
        let_go(actor, move, leaving, on, at)
        # What comes after counts the version once more; that costs nothing.
        return State.RELEASED
    audit.record(actor, "move.refused", move, node=str(move.other_node), thread=str(move.thread), why="not found here")
    return State.NOT_HERE


def _same_pupil(move: Move, word: Word, ask: words.Ask, on: date) -> Enrolment | None:
    here = pupils_born(move.organisation_id, ask.born_on, on)
    known = next((each for each in here if each.person.public_id == word.pupil), None)
    return known or pupil_numbered(move.organisation_id, ask.born_on, ask.number, on)
