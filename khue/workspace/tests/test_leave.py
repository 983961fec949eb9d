"""Leave of the staff: asked, answered, withdrawn; the days of a year; who is away; and the lessons that wait."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import events, files
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.messaging.models import Delivery
from khue.timetable.models import Absence
from khue.workspace import actions, queries
from khue.workspace.actions import Wish
from khue.workspace.leave_days import half_days_between, left
from khue.workspace.models import LeaveAllowance, StaffLeave
from khue.workspace.refusals import (
    AnswerMissing,
    CoversOneself,
    LeaveAskedAlready,
    LeaveDaysWrong,
    LeaveDecided,
    LeaveOver,
    NotEnoughDays,
    OwnLeave,
)
from khue.workspace.tests.test_documents import colleague_named
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
WEDNESDAY = TODAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def ask(at: School, first: date = TODAY, last: date = WEDNESDAY, kind: str = "annual", **fields: object) -> StaffLeave:
    wish = Wish(kind, first, last, "Việc gia đình", **fields)  # type: ignore[arg-type]  # built from names
    return actions.ask_leave(actor=actor(at.teacher), organisation_id=at.organisation.id, wish=wish, at=NOON)


def grant(at: School, leave: StaffLeave) -> None:
    actions.grant_leave(actor=actor(at.head), leave=leave, answer="", at=NOON)


def allow(at: School, half_days: int) -> None:
    people = [colleague_named(at, "Lê Thị Hoa")]
    actions.set_allowance(
        actor=actor(at.head), organisation_id=at.organisation.id, people=people, year=2026, half_days=half_days
    )


def test_leave_is_granted_told_and_seen_in_the_week(world: World, client_of: ClientOf):
    here = world.here
    leave = ask(here, cover=colleague_named(here, "Phạm Thu Cúc"))

    grant(here, leave)

    leave.refresh_from_db()
    assert (leave.state, leave.half_days, leave.decided_by_name) == ("approved", 6, "Trần Văn Bình")
    told = Delivery.objects.filter(channel=Delivery.Channel.APPLICATION).order_by("id")
    assert [each.recipient.full_name for each in told.select_related("recipient")] == ["Lê Thị Hoa", "Phạm Thu Cúc"]
    week = client_of(here.clerk).get("/work/week/").content.decode()
    assert week.count("Lê Thị Hoa (Phạm Thu Cúc làm thay)") == 3
    assert "Việc gia đình" not in week
    assert "Lê Thị Hoa" not in client_of(world.elsewhere.clerk).get("/work/week/").content.decode()


def test_lessons_of_who_is_away_wait_for_a_substitute_until_the_leave_is_withdrawn(world: World):
    here, leave = world.here, ask(world.here)
    events.deliver_now()
    assert not Absence.objects.exists()

    grant(here, leave)
    events.deliver_now()

    absence = Absence.objects.get()
    assert (absence.staff, absence.starts_on, absence.ends_on) == (here.teacher_staff, TODAY, WEDNESDAY)
    assert "gia đình" not in absence.reason

    leave.refresh_from_db()
    actions.withdraw_leave(actor=actor(here.teacher), leave=leave, on=TODAY)
    events.deliver_now()

    assert Absence.objects.get().withdrawn_at == NOON


def test_an_event_told_twice_opens_one_absence(world: World):
    from khue.timetable.tasks import open_absence
    from khue.workspace.events import StaffLeaveGranted

    here = world.here
    told = StaffLeaveGranted(here.organisation.id, 1, here.teacher_staff.person_id, TODAY, WEDNESDAY, NOON)
    for _ in range(2):
        open_absence(told)

    assert Absence.objects.count() == 1


def test_no_two_open_leaves_share_a_day_also_in_the_database(world: World):
    here, first = world.here, ask(world.here)

    with pytest.raises(LeaveAskedAlready):
        ask(here, WEDNESDAY, WEDNESDAY + timedelta(days=3))
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffLeave.objects.create(
            organisation=here.organisation, person_id=first.person_id, kind="sick", first_day=TODAY, last_day=TODAY,
            half_days=2, reason="x", asked_at=NOON,
        )  # fmt: skip
    actions.withdraw_leave(actor=actor(here.teacher), leave=first, on=TODAY)

    assert ask(here).state == "waiting"


def test_annual_leave_ends_with_the_days_of_the_year_and_other_leave_does_not(world: World):
    here = world.here
    allow(here, 7)
    ask(here)

    with pytest.raises(NotEnoughDays) as refused:
        ask(here, TODAY + timedelta(days=7), TODAY + timedelta(days=7))
    assert "còn 0,5 ngày phép, đơn này cần 1 ngày" in str(refused.value)
    ask(here, TODAY + timedelta(days=7), TODAY + timedelta(days=7), half_days=1)
    ask(here, TODAY + timedelta(days=8), TODAY + timedelta(days=8), kind="sick")

    balance = queries.balance_of(here.organisation.id, here.teacher_staff.person_id, 2026)
    assert (balance.allowed, balance.used, balance.left) == (7, 7, 0)


def test_where_nobody_said_how_many_days_there_are_nothing_is_refused(world: World):
    ask(world.here, TODAY, TODAY + timedelta(days=60))

    assert queries.balance_of(world.here.organisation.id, world.here.teacher_staff.person_id, 2026).left is None


def test_nobody_decides_the_own_leave_or_that_of_another_school_and_no_reason_no_refusal(world: World):
    here, leave = world.here, ask(world.here)
    wish = Wish("annual", TODAY, TODAY, "Việc riêng")
    own = actions.ask_leave(actor=actor(here.head), organisation_id=here.organisation.id, wish=wish, at=NOON)

    with pytest.raises(OwnLeave):
        actions.grant_leave(actor=actor(here.head), leave=own, answer="", at=NOON)
    for nobody in (here.teacher, here.clerk, here.pupils[0], world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.grant_leave(actor=actor(nobody), leave=leave, answer="", at=NOON)
        with pytest.raises(Forbidden):
            actions.decline_leave(actor=actor(nobody), leave=leave, answer="Không", at=NOON)
    with pytest.raises(AnswerMissing):
        actions.decline_leave(actor=actor(here.head), leave=leave, answer=" ", at=NOON)
    with pytest.raises(Forbidden):
        actions.withdraw_leave(actor=actor(here.head), leave=leave, on=TODAY)

    assert set(StaffLeave.objects.values_list("state", flat=True)) == {"waiting"}
    actions.decline_leave(actor=actor(here.head), leave=leave, answer="Đang thi", at=NOON)
    with pytest.raises(LeaveDecided):
        actions.grant_leave(actor=actor(here.head), leave=leave, answer="", at=NOON)


def test_wrong_days_are_refused(world: World):
    here = world.here
    for first, last, half_days in (
        (WEDNESDAY, TODAY, None),
        (TODAY, TODAY + timedelta(days=200), None),
        (TODAY, TODAY, 3),
        (TODAY, TODAY, 0),
        (date(2026, 11, 28), date(2026, 11, 29), None),  # Saturday and Sunday
    ):
        with pytest.raises(LeaveDaysWrong):
            ask(here, first, last, half_days=half_days)
    with pytest.raises(CoversOneself):
        ask(here, cover=colleague_named(here, "Lê Thị Hoa"))
    over = ask(here)
    with pytest.raises(LeaveOver):
        actions.withdraw_leave(actor=actor(here.teacher), leave=over, on=WEDNESDAY + timedelta(days=1))

    assert StaffLeave.objects.get().state == "waiting"


def test_a_doctors_note_is_read_by_who_asked_and_who_decides_only(world: World, client_of: ClientOf):
    here = world.here
    paper = files.store(
        actor=actor(here.teacher), stream=BytesIO(b"%PDF-1.7\n%%EOF\n"), name="Giấy khám.pdf", purpose=queries.PAPER,
        organisation_id=here.organisation.id, at=NOON,
    )  # fmt: skip
    leave = ask(here, kind="sick", paper=paper, cover=colleague_named(here, "Phạm Thu Cúc"))
    grant(here, leave)
    page, file = f"/work/leave/{leave.public_id}/", f"/files/{paper.public_id}/"

    for reader in (here.teacher, here.head):
        assert client_of(reader).get(file).status_code == 200
        assert "Việc gia đình" in client_of(reader).get(page).content.decode()
    assert client_of(here.clerk).get(file).status_code == 404
    cover = client_of(here.clerk).get(page).content.decode()
    assert "Việc gia đình" not in cover
    assert "Nghỉ ốm" not in cover
    for nobody in (world.elsewhere.head, here.pupils[0], here.guardians[0]):
        assert client_of(nobody).get(page).status_code == client_of(nobody).get(file).status_code == 404


def test_leave_goes_its_way_through_the_pages(world: World, client_of: ClientOf):
    here = world.here
    teacher, head = client_of(here.teacher), client_of(here.head)
    assert head.post("/work/leave/days/", {"to": "", "year": "2026", "half_days": "12,5"}).status_code == 303
    assert LeaveAllowance.objects.filter(half_days=25).count() == 3
    wrong = teacher.post("/work/leave/ask/", {"kind": "annual", "first_day": "31/02/2026", "reason": "Nghỉ"})
    assert wrong.status_code == 422
    fields = {"kind": "annual", "first_day": "23/11/2026", "last_day": "24/11/2026", "half_days": "1,5",
              "reason": "Việc nhà", "cover": str(colleague_named(here, "Phạm Thu Cúc").public_id)}  # fmt: skip

    assert teacher.post("/work/leave/ask/", fields).status_code == 303
    leave = StaffLeave.objects.get()
    assert leave.half_days == 3
    assert "11" in teacher.get("/work/leave/").content.decode()
    path = f"/work/leave/{leave.public_id}/"
    assert "Đồng ý cho nghỉ" not in teacher.get(path).content.decode()
    assert "Đồng ý cho nghỉ" in head.get(path).content.decode()
    assert head.post(f"{path}decide/", {"decision": "decline", "answer": ""}).status_code == 422
    assert head.post(f"{path}decide/", {"decision": "grant", "answer": "Đồng ý"}).status_code == 303
    assert teacher.post(f"{path}withdraw/").status_code == 303
    assert StaffLeave.objects.get().state == "withdrawn"

    for path in ("/work/leave/", "/work/leave/ask/"):
        assert client_of(here.pupils[0]).get(path).status_code == 403
    assert (
        teacher.get("/work/leave/days/").status_code
        == client_of(here.clerk).get("/work/leave/days/").status_code
        == 403
    )
    for verb in ("decide", "withdraw"):
        assert client_of(world.elsewhere.head).post(f"/work/leave/{leave.public_id}/{verb}/").status_code == 404


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up_and_never_exceed_the_span(first: date, before: int, after: int):
    middle = first + timedelta(days=before)
    last = middle + timedelta(days=1 + after)

    whole = half_days_between(first, last)
    assert whole == half_days_between(first, middle) + half_days_between(middle + timedelta(days=1), last)
    assert 0 <= whole <= 2 * ((last - first).days + 1)


@given(st.one_of(st.none(), st.integers(0, 120)), st.integers(0, 200))
def test_what_is_left_is_never_below_nothing_and_unknown_stays_unknown(allowed: int | None, used: int):
    assert left(allowed, used) == (None if allowed is None else max(0, allowed - used))
