"""Why a draft has no place for everything, and mending one by moving as little as possible."""

import re

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
        "Ngô Minh Đức nghỉ: Thứ Hai 6 tiết, Thứ Ba 6 tiết, Thứ Tư 6 tiết, Thứ Năm 6 tiết.",
        "Ngô Minh Đức có từ 0 đến 3 tiết mỗi ngày.",
    }
    assert third == "Không thể xếp đủ các tiết này cùng với những yêu cầu trên: Ngữ văn · 6A (4)."
    page = client_of(given.here.clerk).get(f"/timetable/drafts/{made.public_id}/").content.decode()
    assert "Vì sao chưa xếp đủ" in page
    assert first in page


def test_lessons_that_do_not_fit_into_the_week_are_named_without_the_frame(given: Planning) -> None:
    made = search(given, draft(given, periods=(1, 0)), seconds=1)

    told = made.reasons.splitlines()
    assert len(told) == 1
    assert told[0].startswith("Trong tuần không đủ chỗ cho các tiết này: ")
    assert "—" not in told[0]


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
