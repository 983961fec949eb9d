"""Bắt đầu năm học: the steps of a head's and a clerk's day before the year runs, counted from the rows."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from khue.attendance.models import LessonLog
from khue.foundation import clock, extensions
from khue.foundation.actor import Actor
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.portal.beginning import Beginning, beginning_of, year_under_way
from khue.registry import actions as registry
from khue.registry.models import Guardianship, Organisation
from khue.schools import actions as schools
from khue.schools import queries as years
from khue.schools.models import SchoolClass, SpecialDay, Term
from khue.timetable import actions as timetable
from khue.timetable.actions import BellTime, PlannedLesson
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, YEAR_START, World, account, actor, enrol, organisation, person


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def empty(db: None) -> tuple[Organisation, Account]:
    """A school that was founded, and its head who has just come in."""
    school = organisation("school", "Trường THCS Phong Điền", organisation("department", "Sở GD&ĐT Cần Thơ"))
    return school, account(person("Lê Hoàng Nam", school, "staff"), "head", school)


def begun(who: Actor, school: Organisation, term: Term | None, day: date) -> Beginning | None:
    """Before the first roll of the year."""
    return beginning_of(who, school, year_under_way(term, day), day, has_begun=False)


def steps(school: Organisation, who: Account) -> dict[str, bool]:
    found = begun(actor(who), school, years.current_term(school.id, TODAY), TODAY)
    assert found is not None
    assert [step.is_next for step in found.steps].index(True) == [step.is_done for step in found.steps].index(False)
    return {step.title: step.is_done for step in found.steps}


def publish(world: World) -> None:
    here = world.here
    lessons = [PlannedLesson(here.maths, here.teacher_staff, TODAY.isoweekday(), "am", 1)]
    timetable.publish_timetable(
        actor=actor(here.head), term=here.term, title="Số 1", valid_from=YEAR_START, lessons=lessons, at=NOON
    )


def test_an_empty_school_is_told_to_open_its_year_first(empty: tuple[Organisation, Account], client_of) -> None:
    page = client_of(empty[1]).get("/").content.decode()

    assert "0 trong 12" in page
    assert page.count("Làm tiếp") == 1
    assert re.search(r'href="/calendar/new/"[^>]*>.{0,200}Làm tiếp', page, re.DOTALL)
    assert "Tiết đã ghi sổ đầu bài" not in page  # nothing is counted where there is nothing


@pytest.mark.parametrize("role", ["head", "clerk", "subject_teacher", "homeroom_teacher", "pupil", "guardian"])
def test_every_entry_of_the_menu_opens_where_there_is_nothing_yet(
    empty: tuple[Organisation, Account], client_of, role: str
) -> None:
    school, head = empty
    child = person("Trần Gia Bảo", school, "pupil")
    mother = person("Lê Thị Hạnh", school, "guardian")
    Guardianship.objects.create(
        organisation=school, child=child, guardian=mother, relationship="mother", valid_from=YEAR_START
    )
    whose = {"pupil": child, "guardian": mother}.get(role)
    them = head if role == "head" else account(whose or person("Vũ Minh Anh", school, "staff"), role, school)
    client = client_of(them)

    shown = [reverse(entry.url) for entry in extensions.menu if role in entry.roles]

    assert {path: client.get(path, follow=True).status_code for path in shown} == dict.fromkeys(shown, 200)


@pytest.mark.parametrize("role", ["head", "clerk"])
def test_every_step_leads_to_a_page_that_is_there(empty: tuple[Organisation, Account], client_of, role: str) -> None:
    school, head = empty
    who = head if role == "head" else account(person("Vũ Thị Hạnh", school, "staff"), role, school)
    found = begun(actor(who), school, None, TODAY)
    assert found is not None

    client = client_of(who)
    assert {client.get(step.url).status_code for step in found.steps} == {200}
    assert ("Hiệu trưởng mở và in phiếu." in [step.note for step in found.steps]) == (role == "clerk")


def test_what_is_there_is_done_and_the_first_that_is_not_is_next(world: World) -> None:
    here = world.here
    before = steps(here.organisation, here.head)

    assert [title for title, is_done in before.items() if is_done] == [
        "Mở năm học", "Lớp, học sinh, phụ huynh", "Môn học của các lớp", "Cán bộ, giáo viên", "Phân công giảng dạy",
        "Giáo viên chủ nhiệm",
    ]  # fmt: skip
    SpecialDay.objects.create(
        organisation=here.organisation, school_year=here.year, day=TODAY + timedelta(1), kind="holiday", title="Nghỉ"
    )
    bells = [BellTime("am", 1, NOON.time(), NOON.time().replace(minute=45))]
    timetable.set_bells(actor=actor(here.head), organisation=here.organisation, campus=None, bells=bells)
    publish(world)
    schools.create_class(actor=actor(here.head), school_year=here.year, name="6B", grade=6)
    after = steps(here.organisation, here.head)

    changed = {title for title in after if after[title] != before[title]}
    assert changed == {"Ngày nghỉ lễ, Tết", "Giờ vào tiết", "Thời khoá biểu", "Môn học của các lớp",
                       "Phân công giảng dạy", "Giáo viên chủ nhiệm"}  # fmt: skip


def test_it_goes_with_the_first_roll_of_the_year(world: World, client_of) -> None:
    publish(world)
    for who in (world.here.head, world.here.clerk):
        assert "Bắt đầu năm học 2026-2027" in client_of(who).get("/").content.decode()

    LessonLog.objects.create(
        organisation=world.here.organisation, slot=Slot.objects.get(), class_subject=world.here.maths, day=TODAY,
        taken_at=NOON,
    )  # fmt: skip

    for who in (world.here.head, world.here.clerk):
        page = client_of(who).get("/").content.decode()
        assert "Bắt đầu năm học" not in page
        assert "trên 1 tiết theo thời khoá biểu" in page


def test_in_the_summer_nothing_is_asked_until_the_next_year_is_opened(world: World) -> None:
    here, july = world.here, here_ends(world) + timedelta(30)
    term = years.current_term(here.organisation.id, july)
    assert begun(actor(here.head), here.organisation, term, july) is None

    terms = [
        schools.TermDates(each.starts_on, each.ends_on, each.teaching_weeks)
        for each in years.proposed_terms(here.organisation.id, july)
    ]
    schools.open_school_year(actor=actor(here.head), organisation=here.organisation, terms=terms)

    found = begun(actor(here.head), here.organisation, term, july)
    assert found is not None
    assert found.year == "2027-2028"
    assert next(step for step in found.steps if step.is_next).title == "Ngày nghỉ lễ, Tết"
    assert found.steps[2].url == "/marks/moving-up/"  # whoever was here moves up; a file brings newcomers only
    clerk = begun(actor(here.clerk), here.organisation, term, july)
    assert clerk is not None
    assert clerk.steps[2].url == "/rosters/?of=pupils"


def here_ends(world: World):
    return world.here.year.ends_on


def test_it_costs_the_same_for_a_small_school_and_a_large_one(world: World, django_assert_num_queries) -> None:
    here = world.here
    who, term = actor(here.head), years.current_term(here.organisation.id, TODAY)
    for _ in range(2):
        with django_assert_num_queries(5):
            begun(who, here.organisation, term, TODAY)
        for number in range(20):
            enrol(here, f"Trần Văn {number}")


def test_the_homes_that_lead_through_it_ask_little(world: World, client_of, django_assert_max_num_queries) -> None:
    publish(world)
    for who in (world.here.head, world.here.clerk):
        client = client_of(who)
        with django_assert_max_num_queries(26):  # five of them are of the test's transaction within another
            client.get("/")


def test_a_school_that_takes_its_rolls_elsewhere_puts_the_steps_away_for_the_year(world: World, client_of) -> None:
    here = world.here
    address = f"/years/{here.year.public_id}/steps/"
    shown = "Bắt đầu năm học 2026-2027"

    assert client_of(here.teacher).post(address).status_code in (403, 404)
    assert shown in client_of(here.head).get("/").content.decode()

    assert client_of(here.clerk).post(address).status_code == 303
    for who in (here.head, here.clerk):
        assert shown not in client_of(who).get("/").content.decode()
    assert AuditRow.objects.filter(verb="school_year.set_up").count() == 1
    assert "Hiện bảng Bắt đầu năm học" in client_of(here.head).get("/calendar/").content.decode()

    client_of(here.head).post(address, {"back": "1"})
    assert shown in client_of(here.head).get("/").content.decode()


def test_a_school_with_several_campuses_is_asked_which_class_learns_where(world: World, client_of) -> None:
    here, step = world.here, "Lớp ở các điểm trường"
    assert step not in steps(here.organisation, here.head)
    campus = registry.found_campus(
        actor=actor(here.head), school=here.organisation, name="Điểm Thới Hoà", address="", on=TODAY
    )
    assert steps(here.organisation, here.head)[step] is False

    client = client_of(here.clerk)
    address = f"/premises/campuses/{campus.public_id}/classes/"
    assert address in client.get("/premises/?show=campuses").content.decode()
    assert here.school_class.name in client.get(address).content.decode()
    assert client.post(address, {"classes": [str(here.school_class.public_id)]}).status_code == 303
    assert SchoolClass.objects.get(id=here.school_class.id).campus == campus
    assert steps(here.organisation, here.head)[step] is True

    client.post(address, {"of": "none"})
    assert SchoolClass.objects.get(id=here.school_class.id).campus is None
    assert client_of(here.teacher).post(address, {}).status_code in (403, 404)
    assert client_of(world.elsewhere.clerk).post(address, {}).status_code == 404
