"""The lesson log of a week on paper: a real PDF, its text read again by another program."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from khue.attendance import actions, prints
from khue.attendance.models import Absence, LessonLog
from khue.attendance.tests.builders import published
from khue.foundation import clock
from khue.foundation.models import Job, StoredFile
from khue.foundation.tests.printed import printed
from khue.identity.models import Account
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, World, actor, enrol

ClientOf = Callable[[Account], Client]
SATURDAY = datetime(2026, 11, 28, 5, tzinfo=UTC)


@pytest.fixture
def slot(world: World, monkeypatch: pytest.MonkeyPatch) -> Slot:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    here, found = world.here, published(world.here)
    actions.take_roll(
        actor=actor(here.teacher), slot=found, day=TODAY, mode="classroom", title="", at=NOON,
        absences={here.enrolments[0].id: "K", here.enrolments[1].id: "M"}, minutes={here.enrolments[1].id: 10},
    )  # fmt: skip
    return found


def write(world: World, slot: Slot, at: datetime, title: str = "Phân số bằng nhau", reason: str = "") -> None:
    actions.sign_lesson(
        actor=actor(world.here.teacher), slot=slot, day=TODAY, plan_number=12, title=title, remark="Lớp học sôi nổi",
        rating="A", at=at, reason=reason,
    )  # fmt: skip


def address_of(world: World) -> str:
    return f"/attendance/logs/{world.here.school_class.public_id}/week.pdf?week={TODAY}"


def said(program: str, file: Path, *more: str) -> str:
    return subprocess.run([program, *more, str(file), *(["-"] if more else [])], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip


@pytest.mark.usefixtures("press")
def test_a_week_is_printed_on_a4_across_with_what_was_written_late_and_corrected(
    world: World, slot: Slot, client_of: ClientOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world.here
    published(here, period=2)
    write(world, slot, NOON + timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: SATURDAY)
    actions.close_week(
        actor=actor(here.teacher), school_class=here.school_class, monday=TODAY, remark="Cả lớp tiến bộ", at=SATURDAY
    )
    write(world, slot, SATURDAY, title="Hỗn số", reason="Ghi nhầm tên bài")

    file = tmp_path / "week.pdf"
    file.write_bytes(printed(client_of(here.teacher), address_of(world)))

    assert StoredFile.objects.get().name == "so-ghi-dau-bai-6a-2026-11-23.pdf"
    words = " ".join(said("pdftotext", file, "-layout").split())
    for expected in ("SỔ GHI ĐẦU BÀI", "THCS MỸ AN", "UBND XÃ MỸ AN", "23/11/2026", "6A", "Toán", "Hỗn số", "(ghi bù)",
                     "(đã sửa)", "chưa kí", "chưa kí 1 tiết", "A: 1 tiết", "Cả lớp tiến bộ", "Ghi nhầm tên bài",
                     "Giáo viên chủ nhiệm", "Ban giám hiệu"):  # fmt: skip
        assert expected in words, expected
    for part in ("Nguyễn Văn A", "(K)", "(M 10′)"):
        assert part in words, part
    assert "Phân số bằng nhau" not in words
    assert "841.89 x 595.276 pts (A4)" in said("pdfinfo", file)


@pytest.mark.usefixtures("press")
def test_a_week_without_lessons_is_an_empty_sheet(
    world: World, slot: Slot, client_of: ClientOf, tmp_path: Path
) -> None:
    file = tmp_path / "week.pdf"

    file.write_bytes(printed(client_of(world.here.head), address_of(world).replace(str(TODAY), "2026-08-03")))

    assert "Tuần này không có tiết học." in said("pdftotext", file, "-layout")


def test_nobody_prints_the_log_of_a_class_that_is_not_theirs(world: World, slot: Slot, client_of: ClientOf) -> None:
    here, there = world.here, world.elsewhere
    for who in (here.guardians[0], here.pupils[0], there.teacher, there.head, there.clerk, there.guardians[0]):
        assert client_of(who).post(address_of(world)).status_code == 404
    assert client_of(here.teacher).get(address_of(world)).status_code == 405
    assert client_of(here.teacher).post(address_of(world).replace(str(TODAY), "2026-02-30")).status_code == 404

    assert not Job.objects.exists()
    for who in (here.teacher, here.head, here.clerk):
        assert client_of(who).post(address_of(world)).status_code == 303
    assert Job.objects.count() == 3


def test_a_week_reads_as_much_for_thirty_pupils_and_ten_lessons_as_for_three_and_one(
    world: World, slot: Slot, django_assert_num_queries: Any
) -> None:
    here, teacher = world.here, actor(world.here.teacher)
    asked = {"class": str(here.school_class.public_id), "monday": TODAY.isoformat()}
    with django_assert_num_queries(13):
        assert prints.week(teacher, asked).count == 1
    pupils = [enrol(here, f"Nguyễn Văn T{number}") for number in range(27)]
    for number in range(9):
        more = (
            published(here, period=1 + number % 5, session="pm") if number < 5 else published(here, period=2 + number)
        )
        lesson = LessonLog.objects.create(
            organisation=here.organisation, slot=more, class_subject=here.maths, day=TODAY, taken_at=NOON
        )
        Absence.objects.bulk_create(
            Absence(organisation=here.organisation, lesson=lesson, enrolment=pupil, kind="K") for pupil in pupils
        )

    with django_assert_num_queries(13):
        assert prints.week(teacher, asked).count == 10
