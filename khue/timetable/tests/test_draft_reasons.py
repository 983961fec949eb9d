"""Why a draft has no place for everything, and mending one by moving as little as possible."""

import re
import time

import pytest

from khue.timetable.models import DraftLesson, DraftPart, WishKind
from khue.timetable.tests.drafts import Planning, ask, draft, places, planning, search
from tests.world import World


@pytest.fixture
def given(world: World) -> Planning:
    return planning(world)


def test_a_search_that_cannot_succeed_says_what_contradicts_what(given: Planning, client_of) -> None:
    for weekday in (1, 2, 3, 4):
        ask(given, WishKind.BUSY, staff=given.second, weekday=weekday)
    ask(given, WishKind.MOST_A_DAY, staff=given.second, amount=3)

    made = search(given, draft(given), seconds=1)

    assert made.conflicts
    first, second, third = made.reasons.splitlines()
    assert {first, second} == {
        "Ngô Minh Đức nghỉ: cả ngày Thứ Hai, cả ngày Thứ Ba, cả ngày Thứ Tư, cả ngày Thứ Năm.",
        "Ngô Minh Đức có từ 0 đến 3 tiết mỗi ngày.",
    }
    assert third == "Không thể xếp đủ các tiết này cùng với những yêu cầu trên: Ngữ văn · 6A (4)."
    page = client_of(given.here.clerk).get(f"/timetable/drafts/{made.public_id}/").content.decode()
    assert "Vì sao chưa xếp đủ" in page
    assert first in page


def test_more_lessons_than_free_periods_are_counted(given: Planning) -> None:
    for weekday in (1, 2, 3, 4):
        ask(given, WishKind.BUSY, staff=given.second, weekday=weekday)
    for period in (1, 2):
        ask(given, WishKind.BUSY, staff=given.second, weekday=5, session="am", period=period)

    told = search(given, draft(given), seconds=1).reasons.splitlines()

    assert told[0] == "Ngô Minh Đức có 4 tiết phải dạy, trong tuần chỉ còn 2 tiết không nghỉ."
    assert told[1].startswith("Ngô Minh Đức nghỉ: cả ngày Thứ Hai, ")
    assert told[1].endswith(", Thứ Sáu 2 tiết.")


def test_mending_what_cannot_be_mended_leaves_the_draft_as_it_lies(given: Planning) -> None:
    made = search(given, draft(given))
    before = places(made)
    for weekday in (1, 2, 3, 4, 5):
        ask(given, WishKind.BUSY, staff=given.second, weekday=weekday)

    left = search(given, made, keeps=True, seconds=1)

    assert places(left) == before
    assert left.conflicts == 4
    assert left.job.summary.endswith("nên bản nháp giữ nguyên.")
    assert left.reasons.splitlines()[0] == "Ngô Minh Đức có 4 tiết phải dạy, trong tuần chỉ còn 0 tiết không nghỉ."


def test_lessons_that_do_not_fit_into_the_week_are_named_without_the_frame(given: Planning) -> None:
    began = time.monotonic()
    made = search(given, draft(given, periods=(1, 0)), seconds=60)

    assert time.monotonic() - began < 20  # counted before the search, which no time would help
    told = made.reasons.splitlines()
    assert told[0] == "Lớp 6A có 10 tiết phải học, trong tuần chỉ có 5 tiết."
    assert told[1].startswith("Trong tuần không đủ chỗ cho các tiết này: ")
    assert "—" not in told[1]
    assert len(told) == 2


def test_mending_moves_as_little_as_it_can_and_says_how_much(given: Planning, client_of) -> None:
    made = search(given, draft(given))
    before = places(made)
    mine = DraftPart.objects.filter(lesson__draft=made, staff=given.second).values_list("lesson_id", flat=True)
    weekday = before[min(mine)][0]
    ask(given, WishKind.BUSY, staff=given.second, weekday=weekday)
    client = client_of(given.here.clerk)
    here = f"/timetable/drafts/{made.public_id}/"
    assert "Chỉ xếp lại những gì cần, đổi ít nhất" in client.get(here).content.decode()

    mended = search(given, made, keeps=True, seconds=5)

    assert (mended.conflicts, mended.reasons) == (0, "")
    moved = sum(before[key] != place for key, place in places(mended).items())
    wrong = sum(before[key][0] == weekday for key in mine)
    assert wrong <= moved <= 2 * wrong
    assert int(re.search(r"Đã dời (\d+) tiết", mended.job.summary).group(1)) == moved
    assert DraftLesson.objects.filter(draft=mended, weekday=None).count() == 0
