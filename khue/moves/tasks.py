"""What moves do by the clock, with letters that arrive, and whom they tell."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.exchange.extensions import OpenedLetter
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.moves import actions, queries, words
from khue.moves.events import MoveHeard, MoveRebuilt, RecordArrived
from khue.moves.models import Move
from khue.moves.protocol import State
from khue.moves.refusals import LetterUnreadable
from khue.procedures import actions as procedures
from khue.procedures.events import SupplementAsked


def read_letter(letter: OpenedLetter, at: datetime) -> None:
    """A letter of another node: a word, or a piece of a package. Raises LetterUnreadable."""
    if letter.part:
        actions.keep_piece(actor=SYSTEM, letter=letter, at=at)
        return
    try:
        word = words.read(letter.content)
    except words.UnreadableWord as error:
        raise LetterUnreadable(why=str(error)) from error
    actions.hear_word(actor=SYSTEM, letter=letter, word=word, at=at)


def keep_moving() -> int:
    """Notice what families took back, put packages together, say what was not heard. Returns how many were said."""
    with scope.of(SYSTEM):
        taken_back, whole = list(queries.taken_back_cases()[:200]), queries.whole_moves()
    for move in taken_back:
        with scope.of(SYSTEM):
            actions.withdraw_ask(actor=SYSTEM, move=move, at=clock.now())
    for move in whole:
        with scope.of(SYSTEM):
            actions.put_together(actor=SYSTEM, move=move, at=clock.now())
    said = 0
    with scope.of(SYSTEM):
        owed = list(queries.owed_moves(clock.now()))
    for move in owed:
        with scope.of(SYSTEM):
            said += actions.say_again(actor=SYSTEM, move=move, at=clock.now())
    return said


def tell_of_move(event: MoveHeard) -> None:
    """The office hears of what came from the other node and is not on its desk by itself."""
    move = _move(event.move_id)
    if move is None:
        return
    texts = {
        State.OPEN: (_("Có học sinh xin chuyển đi"), _("%(school)s đã nhận em và đề nghị trường cho chuyển đi.")),
        State.BEGUN: (
            _("Có học sinh chuyển đến"),
            _("%(school)s đã cho chuyển đi. Mời Thầy/Cô xem danh sách lớp, và xếp lớp nếu hồ sơ còn chờ."),
        ),
        State.GIVEN_BACK: (
            _("Có học sinh không chuyển đi nữa"),
            _("Gia đình đã rút hồ sơ ở %(school)s. Em trở lại lớp cũ; nếu lớp đã giải thể, mời Thầy/Cô xếp lớp khác."),
        ),
        State.NOT_HERE: (
            _("Có học sinh chuyển đến cần kiểm tra"),
            _("%(school)s báo em đang học ở đó, nhưng không tìm thấy em ở trường này. Mời Thầy/Cô kiểm tra."),
        ),
    }
    told = texts.get(State(event.state))
    if told:
        _tell(move, f"heard.{event.state}", told[0], told[1])


def tell_of_rebuilt(event: MoveRebuilt) -> None:
    """The office hears that it has a case again which a restore had lost, under another code than the family knows."""
    move = _move(event.move_id)
    if move is None:
        return
    code = words.ask_in(move.ask).code
    body = _(
        "Hệ thống được khôi phục từ bản sao lưu cũ nên đã mất hồ sơ %(code)s. Theo thông tin của %(school)s, hồ sơ được"
        " lập lại với mã mới. Mời Thầy/Cô báo mã mới cho gia đình và chọn lại lớp khi em được chuyển đến."
    )
    _tell(move, "rebuilt", _("Hồ sơ chuyển trường được lập lại"), body.replace("%(code)s", code.replace("%", "%%")))


def tell_of_record(event: RecordArrived) -> None:
    """Both offices hear that the record came, or that it cannot be used and why."""
    move = _move(event.move_id)
    if move is None:
        return
    if event.record == Move.Transcript.TAKEN:
        _tell(move, "record", _("Hồ sơ học tập đã tới nơi"), _("Chữ ký hợp lệ. Trường kia: %(school)s."))
        return
    body = _("Hồ sơ học tập chuyển giữa trường và %(school)s chưa dùng được: %(why)s") % {
        "school": move.other_name, "why": move.record_problem,
    }  # fmt: skip
    _tell(move, "record", _("Hồ sơ học tập chuyển trường chưa dùng được"), body.replace("%", "%%"))


def answer_supplement(event: SupplementAsked) -> None:
    """Nobody answers for a case that another node opened: its clock must not stand still for ever."""
    move = queries.move_of_case(event.case_id)
    if move is None or move.case is None or move.side != "giving":
        return
    text = _("Hồ sơ này do hệ thống của trường tiếp nhận gửi sang. Xin hỏi trường đó hoặc gia đình qua điện thoại.")
    procedures.answer_supplement(actor=SYSTEM, case=move.case, proof=move.case.code, answer=text, at=clock.now())


def _move(move_id: int) -> Move | None:
    return queries.move_with(move_id)


def _tell(move: Move, key: str, subject: str, body: str) -> None:
    place = move.organisation_id
    link = reverse("procedures:case", args=[move.case.public_id]) if move.case else ""
    note = Note(
        kind="procedure", key=f"moves.{key}:{move.id}", subject=subject, body=body % {"school": move.other_name},
        link=link,
    )  # fmt: skip
    people = _office(place)
    if people:
        messaging.notify(actor=SYSTEM, organisation_id=place, note=note, recipients=people, at=clock.now())


def _office(place: int) -> Sequence[int]:
    found: set[int] = set()
    for role in (Role.CLERK, Role.HEAD):
        accounts = identity.holders(role, [place], on=clock.today()).filter(person_id__isnull=False)
        found |= set(accounts.values_list("person_id", flat=True))
    return sorted(found)
