from datetime import date, timedelta
from io import BytesIO

import pytest

from khue.attendance import actions, queries
from khue.attendance.actions import Attachment, LeaveAlreadyAsked, LeaveDaysWrong, LeaveDecided, LeaveOver
from khue.attendance.models import Absence, LeaveRequest
from khue.attendance.tests.builders import published
from khue.foundation import clock, events
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.files import FileTypeNotAllowed
from khue.identity.models import Account
from khue.messaging import queries as messaging
from khue.messaging.models import Message
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World, actor


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def ask(world: World, by: Account, first: date = TODAY, last: date = TODAY, session: str = "") -> LeaveRequest:
    return actions.ask_leave(
        actor=actor(by), enrolment=world.here.enrolments[0], first_day=first, last_day=last, session=session,
        reason="Em bị sốt", attachment=None, at=NOON,
    )  # fmt: skip


def subjects() -> list[str]:
    events.deliver_now()
    return list(Message.objects.order_by("id").values_list("subject", flat=True))


def test_leave_asked_and_granted_fills_the_roll_and_everybody_hears_once(world: World) -> None:
    here, slot = world.here, published(world.here)

    asked = ask(world, here.guardians[0])
    assert subjects() == ["Xin nghỉ học cho em Nguyễn Văn A, lớp 6A"]
    assert messaging.unread_count(actor(here.teacher)) == 1
    actions.approve_leave(actor=actor(here.teacher), leave=asked, answer="", at=NOON)
    with pytest.raises(LeaveDecided):
        actions.decline_leave(actor=actor(here.teacher), leave=asked, answer="", at=NOON)

    assert subjects()[1:] == ["Em Nguyễn Văn A được nghỉ học có phép"]
    assert messaging.unread_count(actor(here.guardians[0])) == 1
    rows = queries.roll_of(actor(here.teacher), slot, TODAY).rows
    assert [(row.kind, row.on_leave) for row in rows] == [("P", True), ("", False), ("", False)]


def test_leave_for_an_afternoon_leaves_the_morning_alone(world: World) -> None:
    asked = ask(world, world.here.guardians[0], session="pm")
    actions.approve_leave(actor=actor(world.here.teacher), leave=asked, answer="", at=NOON)

    assert queries.on_leave([asked.enrolment_id], TODAY, "am") == set()
    assert queries.on_leave([asked.enrolment_id], TODAY, "pm") == {asked.enrolment_id}


def test_leave_granted_afterwards_excuses_and_the_family_hears_that_it_was_put_right(world: World) -> None:
    here, slot = world.here, published(world.here)
    missing = {here.enrolments[0].id: "K"}
    actions.take_roll(
        actor=actor(here.teacher), slot=slot, day=TODAY, absences=missing, mode="classroom", title="", at=NOON
    )
    assert subjects() == ["Em Nguyễn Văn A vắng không phép ngày 23/11/2026"]

    asked = ask(world, here.guardians[0])
    actions.approve_leave(actor=actor(here.teacher), leave=asked, answer="", at=NOON)

    assert Absence.objects.get().kind == "P"
    assert subjects()[2:] == [
        "Em Nguyễn Văn A được nghỉ học có phép",
        "Đính chính điểm danh của em Nguyễn Văn A ngày 23/11/2026",
    ]
    assert "tiết 1 (Toán): vắng có phép" in Message.objects.latest("id").body


def test_only_a_guardian_who_decides_and_is_not_barred_asks(world: World) -> None:
    here = world.here
    for by in (here.guardians[1], here.pupils[0], here.teacher, world.elsewhere.guardians[0]):
        with pytest.raises(Forbidden):
            ask(world, by)
    rights = Guardianship.objects.filter(child=here.enrolments[0].person)
    for change in ({"may_decide": False}, {"may_decide": True, "is_barred": True, "court_decision": "12/2026/QĐ"}):
        rights.update(**change)
        with pytest.raises(Forbidden):
            ask(world, here.guardians[0])

    assert not LeaveRequest.objects.exists()


def test_only_the_homeroom_teacher_decides(world: World) -> None:
    asked = ask(world, world.here.guardians[0])

    for by in (world.here.head, world.here.clerk, world.here.guardians[0], world.elsewhere.teacher):
        with pytest.raises(Forbidden):
            actions.approve_leave(actor=actor(by), leave=asked, answer="", at=NOON)

    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_days_are_in_reach_and_asked_for_once(world: World) -> None:
    guardian = world.here.guardians[0]
    for first, last in [(-8, -8), (0, 61), (1, 0), (0, 31)]:
        with pytest.raises(LeaveDaysWrong):
            ask(world, guardian, TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    ask(world, guardian, session="am")
    with pytest.raises(LeaveAlreadyAsked):
        ask(world, guardian)

    assert ask(world, guardian, session="pm").state == "waiting"


def test_leave_is_withdrawn_until_it_is_over_and_the_days_are_free_again(world: World) -> None:
    guardian = world.here.guardians[0]
    asked = ask(world, guardian)
    with pytest.raises(Forbidden):
        actions.withdraw_leave(actor=actor(world.here.teacher), leave=asked, at=NOON)
    with pytest.raises(LeaveOver):
        actions.withdraw_leave(actor=actor(guardian), leave=asked, at=NOON + timedelta(days=1))

    actions.withdraw_leave(actor=actor(guardian), leave=asked, at=NOON)

    assert "Đã rút đơn xin nghỉ học của em Nguyễn Văn A, lớp 6A" in subjects()
    assert ask(world, guardian).state == "waiting"


def test_a_paper_is_kept_for_those_who_see_the_request(world: World) -> None:
    here = world.here
    paper = Attachment(BytesIO(b"%PDF-1.4\n%%EOF"), "giay-kham.pdf")
    given = {"first_day": TODAY, "last_day": TODAY, "session": "", "reason": "Khám bệnh", "at": NOON}

    wrong = Attachment(BytesIO(b"MZ\x90\x00"), "x.exe")
    with pytest.raises(FileTypeNotAllowed):
        actions.ask_leave(actor=actor(here.guardians[0]), enrolment=here.enrolments[0], attachment=wrong, **given)
    asked = actions.ask_leave(actor=actor(here.guardians[0]), enrolment=here.enrolments[0], attachment=paper, **given)

    seeing = [here.teacher, here.guardians[0], here.head, here.guardians[1], world.elsewhere.head]
    reads = [queries.may_read_attachment(actor(by), asked.attachment) for by in seeing]
    assert reads == [True, True, True, False, False]
    with pytest.raises(NotFound):
        queries.leave_of(actor(here.guardians[1]), asked.public_id)
