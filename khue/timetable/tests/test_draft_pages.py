"""The pages of planning, as the office uses them, and to nobody else."""

import json
import re

import pytest

from khue.foundation import work
from khue.foundation.clock import today
from khue.foundation.models import Job
from khue.timetable.models import Draft, DraftLesson, DraftPart, Slot, TimetableVersion, Wish, WishKind
from khue.timetable.tests.drafts import Planning, ask, draft, places, planning, search
from tests.world import World

DRAFTS = "/timetable/drafts/"


@pytest.fixture
def given(world: World) -> Planning:
    return planning(world)


def here(made: Draft, more: str = "") -> str:
    return f"{DRAFTS}{made.public_id}/{more}"


def test_the_office_plans_from_an_empty_page_to_a_published_week(given: Planning, client_of) -> None:
    client = client_of(given.here.clerk)
    fields = {"title": "Tuần 13", "term": given.here.term.public_id, "last_weekday": 5, "morning": 4, "afternoon": 0}
    first = client.get(DRAFTS).content.decode()
    assert "Lập bản nháp mới" in first
    assert "Bắt đầu từ thời khoá biểu đang áp dụng" not in first  # there is none

    made = client.post(DRAFTS, fields)
    found = Draft.objects.get()
    assert (made.status_code, made["Location"]) == (303, here(found))
    assert client.post(here(found, "search/"), {"seconds": 20, "seed": 1}).status_code == 303
    running = client.get(here(found)).content.decode()
    assert "Đang xếp" in running
    assert "data-live-ticket" in running
    work.run_now(Job.objects.get())
    assert client.get(here(found, "progress/"))["HX-Refresh"] == "true"
    assert "Không có chỗ sai nào" in client.get(here(found, "conflicts/")).content.decode()
    page = client.get(here(found, "publish/")).content.decode()
    assert "Lớp 6A: 10 tiết thay đổi" in page
    at_once = min(max(today(), given.here.term.starts_on), given.here.term.ends_on)
    assert f'value="{at_once:%d/%m/%Y}"' in page  # nothing was published before
    done = client.post(here(found, "publish/"), {"title": "Tuần 13", "valid_from": "30/11/2026"})
    assert done["Location"] == "/timetable/?week=2026-11-30"
    assert Slot.objects.filter(version=TimetableVersion.objects.get()).count() == 10


def test_a_draft_with_conflicts_offers_no_publishing(given: Planning, client_of) -> None:
    made = draft(given)
    client = client_of(given.here.head)

    assert "Công bố và báo tin" not in client.get(here(made, "publish/")).content.decode()
    answer = client.post(here(made, "publish/"), {"title": "x", "valid_from": "30/11/2026"})
    assert answer.status_code == 422
    assert not TimetableVersion.objects.exists()


def test_what_is_wrong_is_folded_by_its_kind_with_a_count(given: Planning, client_of) -> None:
    made = draft(given)
    client = client_of(given.here.head)

    page = client.get(here(made, "conflicts/")).content.decode()

    assert "10 chỗ sai phải sửa" in page
    assert page.count('<details class="fold"') == 1
    assert re.search(r"Chưa được xếp</span>\s*<span class=\"badge late\">.*10</span>", page)
    for part in ("conflicts/", "?grade=6"):
        of_a_page = client.get(here(made, part), headers={"HX-Request": "true"})
        assert (of_a_page.status_code, "<html" in of_a_page.content.decode()) == (200, False), part
    assert "<li>Chưa được xếp: 10</li>" in client.get(here(made, "publish/")).content.decode()


def test_a_lesson_is_moved_without_a_script_and_with_one(given: Planning, client_of) -> None:
    made = search(given, draft(given))
    lesson = DraftPart.objects.filter(class_subject=given.literature).first().lesson
    client, page = client_of(given.here.head), here(made, f"lessons/{lesson.public_id}/")
    shown = client.get(page).content.decode()
    assert "Đang ở đây" in shown

    tried = json.loads(client.get(page, headers={"Accept": "application/json"}).content)
    # Places that are blocked are counted and folded away; each can be chosen all the same.
    assert shown.count('name="to"') == len(tried["places"])
    assert sum(map(int, re.findall(r"(\d+) chỗ vướng", shown))) == sum(map(bool, tried["places"].values()))
    free = next(key for key, wrong in tried["places"].items() if not wrong)
    moved = client.post(page, {"to": free}, headers={"Accept": "application/json"})
    assert (moved.status_code, json.loads(moved.content)) == (200, {})
    assert "-".join(map(str, places(made)[lesson.id])) == free
    assert client.post(f"{page}?grade=6", {"to": ""})["Location"] == here(made, "?grade=6")
    assert lesson.id not in places(made)
    client.post(page, {"lock": "1"})
    refused = client.post(page, {"to": free}, headers={"Accept": "application/json"})
    assert (refused.status_code, "giữ chỗ" in json.loads(refused.content)["detail"]) == (422, True)
    assert client.post(page, {"to": "noon"}).status_code in (303, 404)


def test_wishes_are_added_listed_and_ended(given: Planning, client_of) -> None:
    client = client_of(given.here.head)
    for kind in WishKind.values:
        assert client.get(f"/timetable/wishes/?kind={kind}").status_code == 200
    fields = {"staff": given.second.public_id, "weekday": 6, "session": "", "is_must": "on", "on": "23/11/2026"}

    assert client.post("/timetable/wishes/?kind=busy", fields).status_code == 303
    page = client.get("/timetable/wishes/?kind=busy").content.decode()
    assert '<a href="/timetable/drafts/" aria-current="page">' in page
    assert "Ngô Minh Đức · Thứ Bảy" in page
    wish = Wish.objects.get()
    refused = client.post("/timetable/wishes/?kind=busy", {"on": "23/11/2026"})
    assert (refused.status_code, refused.content.decode().count('aria-invalid="true"')) == (422, 2)
    assert "Chưa có môn lựa chọn nào" in client.get("/timetable/wishes/?kind=together").content.decode()
    assert client.post(f"/timetable/wishes/{wish.public_id}/end/").status_code == 303
    assert "Chưa có yêu cầu nào" in client.get("/timetable/wishes/?kind=busy").content.decode()


def test_every_address_is_closed_to_others(given: Planning, world: World, client_of) -> None:
    made = search(given, draft(given))
    wish = ask(given, WishKind.BUSY, staff=given.second, weekday=6)
    lesson, before, jobs = DraftLesson.objects.filter(draft=made).first(), places(made), Job.objects.count()
    mine = ["", "progress/", "conflicts/", "publish/", f"lessons/{lesson.public_id}/"]
    posts = ["search/", "renew/", "discard/", "publish/", f"lessons/{lesson.public_id}/"]
    for account in (world.elsewhere.head, here_teacher(world), world.here.pupils[0], world.department_officer):
        client = client_of(account)
        for address in mine:
            assert client.get(here(made, address)).status_code in (403, 404)
        for address in posts:
            assert client.post(here(made, address), {"to": "1-am-1", "seconds": 1, "seed": 1}).status_code in (403, 404)
        assert client.post(f"/timetable/wishes/{wish.public_id}/end/").status_code == 404
    assert client_of(world.elsewhere.head).get(here(made)).status_code == 404
    for account in (here_teacher(world), world.here.pupils[0]):
        assert client_of(account).get(DRAFTS).status_code == 403
        assert client_of(account).get("/timetable/wishes/").status_code == 403
    wish.refresh_from_db()
    assert (places(made), Job.objects.count(), wish.ends_on) == (before, jobs, None)
    assert str(made.title) not in client_of(world.elsewhere.head).get(DRAFTS).content.decode()


def here_teacher(world: World):
    return world.here.teacher


@pytest.mark.parametrize("periods", [2, 20])
def test_the_board_costs_the_same_whatever_lies_on_it(given, client_of, django_assert_num_queries, periods) -> None:
    given.literature.weekly_periods_term_1 = periods
    given.literature.save()
    # Twenty periods of a subject do not fit without a conflict: a second of looking for one is as good as twenty.
    made = search(given, draft(given), seconds=1)
    client = client_of(given.here.head)
    client.get(here(made))
    with django_assert_num_queries(13):
        page = client.get(here(made)).content.decode()
    assert len(re.findall('data-lesson="', page)) >= 6 + periods


def test_the_board_names_the_flag_ceremony_and_the_class_hour(given: Planning, client_of) -> None:
    ask(given, WishKind.FIXED, title="Chào cờ", weekday=1, session="am", period=1)
    ask(
        given, WishKind.FIXED, title="Sinh hoạt lớp", subject=given.activities.subject, weekday=5, session="am",
        period=2,
    )  # fmt: skip
    made = search(given, draft(given))

    page = client_of(given.here.head).get(here(made)).content.decode()

    assert page.count('<em class="assembly">Chào cờ</em>') == len(re.findall('data-when="1-am-1"', page)) > 0
    assert page.count("<strong>Sinh hoạt lớp</strong>") == 1
