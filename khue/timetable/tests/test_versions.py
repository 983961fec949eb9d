"""What was published: versions with their weeks, what differs, paper and Excel; for the office of the school alone."""

import io
import re
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from khue.curriculum.models import Subject
from khue.foundation.clock import VIETNAM
from khue.schools.models import Room
from khue.timetable import actions
from khue.timetable.actions import WishDetails
from khue.timetable.models import TimetableVersion
from khue.timetable.tests.drafts import draft, planning, search
from khue.timetable.tests.test_week import lesson, publish
from tests.world import YEAR_START, School, World, actor

VERSIONS = "/timetable/versions/"
LATER = date(2026, 11, 30)
KINDS = ("school", "teachers", "classes")


@pytest.fixture
def two(world: World) -> list[TimetableVersion]:
    """A version from the year's first day and one from a later Monday on, in which one lesson is elsewhere."""
    here = world.here
    room = Room.objects.create(organisation=here.organisation, name="P.101")
    publish(here, lesson(here, 1), lesson(here, 2, room=room))
    publish(here, lesson(here, 1), lesson(here, 3, room=room), valid_from=LATER)
    return list(TimetableVersion.objects.order_by("valid_from"))


def at(version: TimetableVersion, more: str = "") -> str:
    return f"{VERSIONS}{version.public_id}/{more}"


def test_versions_are_listed_with_the_weeks_in_which_they_hold(world: World, client_of, two) -> None:
    page = client_of(world.here.clerk).get(VERSIONS).content.decode()

    weeks = re.findall(r">\s*(\d+–\d+)\s*<", page)
    assert weeks == ["13–18", "1–12"]
    assert f"30/11/2026 – {world.here.term.ends_on:%d/%m/%Y}" in page
    assert "07/09/2026 – 29/11/2026" in page
    assert page.count("Đang áp dụng") == 1


def test_a_version_whose_term_is_over_is_said_to_go_on_for_want_of_another(
    world: World, client_of, two, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = datetime.combine(world.here.term.ends_on + timedelta(days=2), time(9), VIETNAM)
    monkeypatch.setattr("django.utils.timezone.now", lambda: after)

    page = client_of(world.here.clerk).get(VERSIONS).content.decode()

    assert page.count("Hết học kì, còn dùng tiếp") == 1
    assert "Đang áp dụng" not in page


def test_the_flag_ceremony_and_the_class_hour_have_their_names(world: World, client_of) -> None:
    here = world.here
    publish(here, lesson(here, 1, 2), lesson(here, 6, 1))
    fixed(here, "Chào cờ", 1)
    fixed(here, "Sinh hoạt lớp", 6, here.maths.subject)
    version, client = TimetableVersion.objects.get(), client_of(here.head)

    for kind in ("school", "classes"):
        paper = client.get(at(version, f"print/{kind}/")).content.decode()
        assert paper.count("<em>Chào cờ</em>") == 1, kind
        assert paper.count("<b>Sinh hoạt lớp</b>") == 1, kind
        assert paper.count("<b>Toán</b>") == 1, kind
    for who in (here.head, here.teacher, here.pupils[0]):
        week = client_of(who).get("/timetable/?view=class&week=2026-11-23").content.decode()
        assert week.count("Sinh hoạt lớp") == 2  # the grid and the list of a phone
        assert week.count("Chào cờ") == 2
    own = client_of(here.teacher).get("/timetable/?view=teacher&week=2026-11-23").content.decode()
    assert (own.count("Sinh hoạt lớp"), own.count("Chào cờ")) == (2, 0)


def fixed(here: School, title: str, weekday: int, subject: Subject | None = None) -> None:
    details = WishDetails("fixed", title=title, weekday=weekday, session="am", period=1, subject=subject)
    actions.add_wish(actor=actor(here.head), organisation=here.organisation, details=details, on=YEAR_START)


def test_a_version_shows_what_differs_from_the_one_before_and_from_any_other(world: World, client_of, two) -> None:
    client = client_of(world.here.head)

    later = client.get(at(two[1])).content.decode()
    assert "Lớp 6A: 2 tiết thay đổi" in later
    assert "Thứ Ba, sáng tiết 1: Toán (Lê Thị Hoa) → trống" in later
    assert "Thứ Tư, sáng tiết 1: trống → Toán (Lê Thị Hoa)" in later
    assert "Đây là thời khoá biểu đầu tiên." in client.get(at(two[0])).content.decode()
    back = client.get(f"{at(two[0])}?with={two[1].public_id}").content.decode()
    assert "Thứ Ba, sáng tiết 1: trống → Toán (Lê Thị Hoa)" in back
    assert client.get(f"{at(two[0])}?with=x").status_code == 404


def test_paper_shows_every_lesson_once(world: World, client_of, two) -> None:
    client = client_of(world.here.head)

    for kind in KINDS:
        page = client.get(at(two[0], f"print/{kind}/")).content.decode()
        lessons = page.count("<b>6A</b>") if kind == "teachers" else page.count("<b>Toán</b>")
        assert lessons == 2, kind
        assert "buổi sáng" in page
        assert "THCS Mỹ An" in page
    assert "Không có tiết nào" not in client.get(at(two[0], "print/school/?grade=6")).content.decode()
    assert client.get(at(two[0], "print/moon/")).status_code == 404


def test_a_workbook_opens_in_excel(world: World, client_of, two) -> None:
    answer = client_of(world.here.clerk).get(at(two[0], "excel/"))

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["TKB toàn trường", "TKB giáo viên", "Theo lớp"]
    rows = list(book["TKB toàn trường"].values)
    assert rows[0] == ("Thứ", "Buổi", "Tiết", "6A")
    assert rows[1] == ("Thứ Hai", "Sáng", 1, "Toán - Hoa")
    assert list(book["Theo lớp"].values)[2] == ("6A", "Thứ Ba", "Sáng", 1, "Toán", "Lê Thị Hoa", "P.101")
    assert "thoi-khoa-bieu-2026-09-07.xlsx" in answer["Content-Disposition"]


def test_a_draft_goes_into_a_workbook_too(world: World, client_of) -> None:
    given = planning(world)
    made = search(given, draft(given))

    answer = client_of(world.here.clerk).get(f"/timetable/drafts/{made.public_id}/excel/")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(list(book["Theo lớp"].values)) == 1 + 10
    assert client_of(world.elsewhere.head).get(f"/timetable/drafts/{made.public_id}/excel/").status_code == 404
    assert client_of(world.here.teacher).get(f"/timetable/drafts/{made.public_id}/excel/").status_code in (403, 404)


@pytest.mark.parametrize("who", ["other_head", "teacher", "pupil", "guardian", "officer"])
def test_nobody_else_finds_a_version(world: World, client_of, two, who: str) -> None:
    account = {
        "other_head": world.elsewhere.head, "teacher": world.here.teacher, "pupil": world.here.pupils[0],
        "guardian": world.here.guardians[0], "officer": world.department_officer,
    }[who]  # fmt: skip
    client = client_of(account)

    for address in (at(two[0]), at(two[0], "excel/"), *(at(two[0], f"print/{kind}/") for kind in KINDS)):
        assert client.get(address).status_code == 404, address
    page = client.get(VERSIONS)
    assert page.status_code == (200 if who == "other_head" else 403)
    assert "07/09/2026" not in page.content.decode()


def many(here: School, count: int) -> None:
    publish(here, *(lesson(here, weekday, period) for weekday in range(1, count + 1) for period in range(1, count + 1)))


@pytest.mark.parametrize("count", [1, 5])
def test_pages_of_versions_cost_the_same_whatever_is_taught(
    world: World, client_of, django_assert_num_queries, count: int
) -> None:
    many(world.here, count)
    version = TimetableVersion.objects.get()
    client = client_of(world.here.head)
    pages = {VERSIONS: 10, at(version): 14, at(version, "print/school/"): 13}
    for address, queries in pages.items():
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)
