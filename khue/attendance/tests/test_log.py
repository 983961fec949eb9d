from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from khue.attendance import actions, queries
from khue.attendance.actions import (
    MonthNotOver,
    MonthSigned,
    RatingUnknown,
    RollMissing,
    WeekClosed,
    WeekNotOver,
    WeeksOpen,
)
from khue.attendance.models import LessonCorrection, LessonLog
from khue.attendance.tests.builders import published
from khue.foundation import clock
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, World, actor

ClientOf = Callable[[Account], Client]
SATURDAY = datetime(2026, 11, 28, 5, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 7, 5, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def slot(world: World, monkeypatch: pytest.MonkeyPatch) -> Slot:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return published(world.here)


def roll(world: World, slot: Slot, day: date = TODAY, at: datetime = NOON) -> LessonLog:
    return actions.take_roll(
        actor=actor(world.here.teacher), slot=slot, day=day, absences={}, mode="classroom", title="", at=at
    )


def sign(
    by: Account, slot: Slot, title: str = "Phân số", rating: str = "A", reason: str = "", day: date = TODAY,
    at: datetime = NOON, number: int | None = 5,
) -> LessonLog:  # fmt: skip
    return actions.sign_lesson(
        actor=actor(by), slot=slot, day=day, plan_number=number, title=title, remark="", rating=rating, reason=reason,
        at=at,
    )  # fmt: skip


def close(world: World, monkeypatch: pytest.MonkeyPatch, remark: str = "Tốt") -> None:
    monkeypatch.setattr(clock, "now", lambda: SATURDAY)
    actions.close_week(
        actor=actor(world.here.teacher), school_class=world.here.school_class, monday=TODAY, remark=remark, at=SATURDAY
    )


def test_a_lesson_is_signed_after_its_roll_by_its_teacher(world: World, slot: Slot) -> None:
    with pytest.raises(RollMissing):
        sign(world.here.teacher, slot)
    roll(world, slot)
    with pytest.raises(RatingUnknown):
        sign(world.here.teacher, slot, rating="9")
    for by in (world.here.head, world.here.clerk, world.elsewhere.teacher, world.here.pupils[0]):
        with pytest.raises(Forbidden):
            sign(by, slot)
    assert not LessonLog.objects.get().is_signed

    signed = sign(world.here.teacher, slot)

    assert (signed.signed_by_name, signed.title, signed.rating, signed.is_late_entry) == (
        "Lê Thị Hoa", "Phân số", "A", False,
    )  # fmt: skip


def test_what_is_written_after_its_day_is_flagged(world: World, slot: Slot) -> None:
    roll(world, slot)
    assert sign(world.here.teacher, slot, at=NOON + timedelta(days=1)).is_late_entry is True


def test_the_form_is_filled_from_the_plan_and_without_one_from_the_lesson_before(world: World, slot: Slot) -> None:
    here = world.here
    assert queries.prefilled(slot, TODAY) == queries.Prefilled(1, "")
    before = TODAY - timedelta(days=7)
    roll(world, slot, day=before)
    sign(here.teacher, slot, title="Số nguyên", day=before, number=2)
    assert queries.prefilled(slot, TODAY) == queries.Prefilled(3, "Số nguyên")

    actions.set_plan(actor=actor(here.teacher), class_subject=here.maths, titles=["Một", "Hai", "Ba"])

    assert queries.prefilled(slot, TODAY) == queries.Prefilled(3, "Ba")
    with pytest.raises(Forbidden):
        actions.set_plan(actor=actor(world.elsewhere.teacher), class_subject=here.maths, titles=[])
    assert len(queries.plan_of(here.maths)) == 3


def test_the_second_of_a_double_period_is_the_next_period_of_the_plan(world: World, slot: Slot) -> None:
    here, second = world.here, published(world.here, period=2)
    actions.set_plan(actor=actor(here.teacher), class_subject=here.maths, titles=["Một", "Hai", "Ba", "Bốn", "Năm"])
    roll(world, slot)
    roll(world, second)
    assert [queries.prefilled(each, TODAY) for each in (slot, second)] == [
        queries.Prefilled(1, "Một"), queries.Prefilled(2, "Hai"),
    ]  # fmt: skip

    sign(here.teacher, slot, number=2)

    assert queries.prefilled(second, TODAY) == queries.Prefilled(3, "Ba")
    assert queries.prefilled(slot, TODAY + timedelta(days=7)) == queries.Prefilled(4, "Bốn")


def test_a_closed_week_is_changed_with_a_reason_that_stays_for_ever(
    world: World, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll(world, slot)
    sign(world.here.teacher, slot)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    with pytest.raises(WeekNotOver):
        actions.close_week(
            actor=actor(world.here.teacher), school_class=world.here.school_class, monday=TODAY, remark="", at=NOON
        )
    with pytest.raises(Forbidden):
        actions.close_week(
            actor=actor(world.here.head), school_class=world.here.school_class, monday=TODAY, remark="", at=NOON
        )
    close(world, monkeypatch)

    with pytest.raises(WeekClosed):
        sign(world.here.teacher, slot, title="Hỗn số")
    with pytest.raises(WeekClosed):
        roll(world, slot, at=SATURDAY)
    sign(world.here.teacher, slot, title="Hỗn số", reason="Ghi nhầm bài")

    kept = LessonCorrection.objects.get()
    assert (kept.before["title"], kept.after["title"], kept.reason) == ("Phân số", "Hỗn số", "Ghi nhầm bài")
    for statement in ("UPDATE attendance_lessoncorrection SET reason = ''", "DELETE FROM attendance_lessoncorrection"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert LessonCorrection.objects.get().reason == "Ghi nhầm bài"


def test_a_signed_month_is_the_boards_to_change(world: World, slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.here
    day = date(2026, 11, 16)
    roll(world, slot, day=day)
    sign(here.teacher, slot, day=day)
    signing = {"actor": actor(here.head), "classes": [here.school_class], "month": NOVEMBER, "remark": ""}
    with pytest.raises(MonthNotOver):
        actions.sign_months(**signing, at=NOON)
    with pytest.raises(WeeksOpen):
        actions.sign_months(**signing, at=DECEMBER)
    monkeypatch.setattr(clock, "now", lambda: DECEMBER)
    actions.close_week(actor=actor(here.teacher), school_class=here.school_class, monday=day, remark="", at=DECEMBER)
    with pytest.raises(Forbidden):
        actions.sign_months(**{**signing, "actor": actor(here.teacher)}, at=DECEMBER)
    actions.sign_months(**signing, at=DECEMBER)

    with pytest.raises(MonthSigned):
        sign(here.teacher, slot, title="Khác", reason="Ghi nhầm bài", day=day)
    with pytest.raises(MonthSigned):
        actions.reopen_week(actor=actor(here.teacher), school_class=here.school_class, monday=day)
    assert LessonLog.objects.get().title == "Phân số"

    sign(here.head, slot, title="Khác", reason="Theo biên bản số 5", day=day)
    assert LessonLog.objects.get().title == "Khác"
    assert LessonCorrection.objects.count() == 1


def test_lessons_not_signed_are_listed_until_they_are(world: World, slot: Slot, client_of: ClientOf) -> None:
    client_of(world.here.clerk).post("/timetable/bells/", {"am-1": "7:00-7:45"})
    staff = [world.here.teacher_staff]
    roll(world, slot)
    days = [lesson.day for lesson in queries.roll_desk(staff, TODAY, NOON).unwritten]
    assert days == [TODAY - timedelta(days=7 * n) for n in range(4)]

    early = NOON.astimezone(VIETNAM).replace(hour=6)
    assert [lesson.day for lesson in queries.roll_desk(staff, TODAY, early).unwritten] == days[1:]

    sign(world.here.teacher, slot)

    assert TODAY not in [lesson.day for lesson in queries.roll_desk(staff, TODAY, NOON).unwritten]


def test_the_week_is_saved_as_the_printed_form(world: World, slot: Slot, client_of: ClientOf) -> None:
    actions.take_roll(
        actor=actor(world.here.teacher), slot=slot, day=TODAY, absences={world.here.enrolments[0].id: "K"},
        mode="classroom", title="", at=NOON,
    )  # fmt: skip
    sign(world.here.teacher, slot)

    page = f"/attendance/logs/{world.here.school_class.public_id}/"
    answer = client_of(world.here.teacher).get(f"{page}?week=2026-11-23&export=xlsx")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))

    line = [cell.value for cell in next(book.active.iter_rows(min_row=2))]
    assert line[1:7] == ["Sáng", 1, "Toán", 5, "Nguyễn Văn A (K)", "Phân số"]
    assert line[8:10] == ["A", "Lê Thị Hoa"]
