"""What moves plug into procedures: two definitions, what their steps do, what one chooses, what the family reads."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation.actor import Actor
from khue.moves import actions, queries
from khue.moves.lookups import pupil_numbered
from khue.moves.models import Move
from khue.moves.protocol import State
from khue.procedures import extensions
from khue.procedures.extensions import Act, CaseFacts, Done, Note, Shipped

DATA = Path(__file__).parent / "data" / "dossiers"
ASKING, LEAVING = "transfer-far", "transfer-out"


def offer() -> None:
    """Fill the slots of procedures. Called once by wiring."""
    for key in (ASKING, LEAVING):
        extensions.shipped.fill(key, Shipped(DATA / key))
    for key, label, do in (
        ("moves.ask", gettext_lazy("hỏi trường cũ ở hệ thống khác"), ask),
        ("moves.begin", gettext_lazy("nhận học sinh và hồ sơ từ hệ thống khác"), begin),
        ("moves.place", gettext_lazy("xếp lớp cho học sinh đã chuyển đến"), place),
        ("moves.find_leaving", gettext_lazy("tìm học sinh theo mã định danh và ngày sinh"), find_leaving),
        ("moves.release", gettext_lazy("cho học sinh chuyển sang trường ở hệ thống khác"), release),
    ):
        extensions.acts.fill(key, Act(label, do))
    extensions.choices.fill("moves.far_schools", schools_to_ask)
    extensions.notes.fill(ASKING, notes_of)


def ask(actor: Actor, facts: CaseFacts, on: date, at: datetime) -> None:
    """The receiving school accepts: the other one is asked. A refusal asks nobody."""
    if facts.data.get("decision") == "accept":
        actions.ask_for_pupil(actor=actor, facts=facts, on=on, at=at)


def begin(actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """The other school has answered."""
    return actions.begin_here(actor=actor, facts=facts, on=on, at=at)


def place(actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """Another class is chosen for a pupil who has arrived."""
    return actions.place_pupil(actor=actor, facts=facts, on=on, at=at)


def release(actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """The school that is left lets the pupil go, or says that it is not there."""
    return actions.release_pupil(actor=actor, facts=facts, on=on, at=at)


def find_leaving(_actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> Done | None:
    """Whose case it is, where number and birth date name a pupil of the school. Told to nobody outside it."""
    found = pupil_numbered(facts.organisation_id, facts.born_on, str(facts.data.get("number", "")), on)
    return Done(subject_id=found.person_id) if found else None


def schools_to_ask(_actor: Actor, facts: CaseFacts, _place: int) -> Sequence[tuple[str, str]]:
    """Schools of other nodes most like what the family wrote; the first of all where nothing is like it."""
    wrote = str(facts.data.get("school_left", ""))
    return queries.schools_to_ask(wrote) or queries.schools_to_ask("")


def notes_of(facts: CaseFacts) -> Sequence[Note]:
    """What the family reads while the case waits for another node, and how far the record is. Two queries."""
    move = queries.move_of_case(facts.case_id)
    if move is None:
        return ()
    notes = [Note(_("Trường đang học"), f"{move.other_name}. {_waiting(move)}")]
    if record := _record(move):
        notes.append(Note(_("Học bạ và hồ sơ học tập"), record))
    return notes


def _waiting(move: Move) -> str:
    texts = {
        State.BEGUN: _("Trường đã cho chuyển đi."),
        State.TURNED_AWAY: _("Trường báo không tìm thấy học sinh."),
        State.WITHDRAWN: _("Đã báo là không chuyển nữa; em vẫn học ở trường này."),
    }
    if move.state in texts:
        return texts[State(move.state)]
    if move.their_version:
        return _("Trường đã nhận được yêu cầu. Đang chờ trường cho chuyển đi; em vẫn học ở đó.")
    return _("Yêu cầu đang được gửi tới hệ thống của trường. Nếu mất mạng, hệ thống tự gửi lại; em vẫn học ở đó.")


def _record(move: Move) -> str:
    if move.state != State.BEGUN:
        return ""
    if move.record == Move.Transcript.COMING:
        had = len(queries.pieces_of([move]).get(move.id, []))
        return _("Đang chuyển: đã nhận %(had)s trên %(all)s phần.") % {"had": had, "all": queries.pieces_wanted(move)}
    texts = {
        Move.Transcript.TAKEN: _("Đã nhận, chữ ký hợp lệ."),
        Move.Transcript.BAD: _("Đã nhận nhưng chưa dùng được; nhà trường đang liên hệ với trường cũ."),
        Move.Transcript.NONE: _("Trường cũ chưa có học bạ số đã đóng dấu; nhà trường sẽ liên hệ để nhận."),
    }
    return texts.get(Move.Transcript(move.record), "")
