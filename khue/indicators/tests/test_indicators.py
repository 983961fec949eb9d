from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.activity import actions as activity
from khue.activity.actions import Told, Verb
from khue.attendance.events import RollTaken
from khue.attendance.models import LessonLog
from khue.attendance.tests.test_every_page import is_housekeeping
from khue.foundation import clock, events, outbox, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.ids import uuid7
from khue.identity.models import Account
from khue.indicators import actions, queries, tasks
from khue.indicators.catalogue import CATALOGUE
from khue.indicators.counts import total
from khue.indicators.models import ClassCount, IndicatorCount, StaleSchool
from khue.registry.models import Organisation
from khue.schools.events import RosterImported
from khue.schools.models import LearnerMeans, SchoolClass
from khue.timetable.models import Slot, TimetableVersion
from tests.world import NOON, TODAY, YEAR_START, School, World, actor, enrol

ClientOf = Callable[[Account], Client]
YEAR = "2026-2027"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def hold_lessons(at: School, online: int, classroom: int) -> None:
    version, _ = TimetableVersion.objects.get_or_create(
        organisation=at.organisation, valid_from=YEAR_START, defaults={"term": at.term, "title": "Tuần 1"}
    )
    modes = ["online"] * online + ["classroom"] * classroom
    for number, mode in enumerate(modes):
        period = 1 + Slot.objects.filter(version=version).count()
        slot = Slot.objects.create(
            organisation=at.organisation, version=version, class_subject=at.maths, staff=at.teacher_staff,
            weekday=1 + number % 5, session="am", period=period,
        )  # fmt: skip
        LessonLog.objects.create(
            organisation=at.organisation, slot=slot, class_subject=at.maths, day=TODAY, mode=mode, taken_at=NOON
        )


def learn(at: School, *pupils: int) -> None:
    statements = [
        Told(
            statement_id=uuid7(), person_id=at.pupils[n].person_id, organisation_id=at.organisation.id,
            verb=Verb.COMPLETED, object_kind="lesson", object_id=uuid7(), object_name="Bài", happened_at=NOON,
        )
        for n in pupils
    ]  # fmt: skip
    activity.tell(actor=SYSTEM, statements=statements, at=NOON)


def answer(at: School, person_id: int, **says: bool) -> None:
    LearnerMeans.objects.create(organisation=at.organisation, person_id=person_id, answered_on=TODAY, **says)


def count(*schools: School) -> None:
    for school in schools:
        actions.recount(actor=SYSTEM, organisation=school.organisation, at=NOON)


def counts(organisation: Organisation) -> dict[str, tuple[int, int, int]]:
    rows = IndicatorCount.objects.filter(organisation=organisation, school_year=YEAR)
    return {row.code: (row.numerator, row.denominator, row.unknown) for row in rows}


def opened_class(client: Client, at: School, code: str) -> str:
    """The address of class 6A below the school's figure, as the school's page has it."""
    school = f"/indicators/{at.organisation.public_id}/{code}/"
    below = f"{school}in/{at.school_class.public_id}/"
    assert f'href="{below}"' in client.get(school).content.decode()
    return below


def class_counts(at: School) -> dict[str, tuple[int, int, int]]:
    rows = ClassCount.objects.filter(school_class=at.school_class)
    return {row.code: (row.numerator, row.denominator, row.unknown) for row in rows}


def test_a_school_is_counted_from_its_rows(world: World) -> None:
    here = world.here
    hold_lessons(here, online=1, classroom=3)
    learn(here, 0, 1)
    learn(here, 0)
    everything = {"has_device": True, "has_connection": True, "has_software": True}
    answer(here, here.pupils[0].person_id, **everything)
    answer(here, here.pupils[1].person_id, **{**everything, "has_device": False})

    count(here)

    # three pupils, a teacher and a head: two answered, one of them has everything
    assert counts(here.organisation) == {
        "A1": (1, 2, 3), "A2": (2, 3, 0), "A5": (0, 0, 0), "A6": (1, 4, 0),
        "B1": (1, 1, 0), "B2": (0, 5, 0), "B3": (0, 0, 0), "B6": (0, 1, 0),
    }  # fmt: skip


def test_sums_go_up_the_tree_and_counting_twice_changes_nothing(world: World) -> None:
    hold_lessons(world.here, online=1, classroom=3)
    hold_lessons(world.elsewhere, online=1, classroom=0)

    for _ in range(2):
        count(world.here, world.elsewhere)

    assert counts(world.commune_office)["A6"] == (1, 4, 0)
    for above in (world.department, world.ministry):
        assert counts(above)["A6"] == (2, 5, 0)
        assert counts(above)["A2"] == (0, 5, 0)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=5))
def test_the_country_is_always_the_sum_of_its_schools(world: World, steps: list[tuple[bool, int, int]]) -> None:
    for is_here, online, classroom in steps:
        school = world.here if is_here else world.elsewhere
        hold_lessons(school, online, classroom)
        count(school)

    schools = [counts(s.organisation).get("A6", (0, 0, 0)) for s in (world.here, world.elsewhere)]
    assert counts(world.ministry)["A6"] == tuple(map(sum, zip(*schools, strict=True)))


def test_a_school_is_counted_once_its_list_has_come_in(world: World) -> None:
    """Its office would else read that it has no pupils until the first roll."""
    year = world.here.year
    events.publish(RosterImported(organisation_id=year.organisation_id, roster_import_id=1, school_year_id=year.id))

    outbox.deliver_all(rises=True)

    assert [row.organisation_id for row in StaleSchool.objects.all()] == [year.organisation_id]


def test_an_event_makes_the_clock_count_the_school(world: World) -> None:
    hold_lessons(world.here, online=1, classroom=0)
    for _ in range(2):
        events.publish(RollTaken(organisation_id=world.here.organisation.id, lesson_id=1, newly_missing=[]))
    outbox.deliver_all(rises=True)
    assert StaleSchool.objects.count() == 1

    assert tasks.count_stale_schools() == 1

    assert counts(world.department)["A6"] == (1, 1, 0)
    assert not StaleSchool.objects.exists()


def test_nothing_known_is_not_zero(world: World) -> None:
    count(world.here)

    values = {value.indicator.code: value for value in queries.values_of(world.here.organisation, YEAR)}

    assert values["A1"].percent is None
    assert values["A1"].unknown == 5
    assert values["A2"].percent == 0
    assert [value.indicator for value in values.values()] == list(CATALOGUE)
    assert all(value.indicator.target_2030 is None for value in values.values())


def test_an_officer_reads_the_province_down_to_the_rows(world: World, client_of: ClientOf) -> None:
    hold_lessons(world.here, online=1, classroom=1)
    learn(world.here, 0)
    count(world.here, world.elsewhere)
    officer = client_of(world.department_officer)

    province = officer.get(officer.get("/indicators/").headers["Location"]).content.decode()
    assert "1 trên 5 người" in province
    parts = officer.get(f"/indicators/{world.department.public_id}/A6/").content.decode()
    assert "UBND xã Mỹ An" in parts
    lessons = officer.get(opened_class(officer, world.here, "A6")).content.decode()
    assert "Lê Thị Hoa" in lessons
    people = officer.get(opened_class(officer, world.here, "A2")).content.decode()
    assert "Nguyễn Văn A" in people
    assert officer.get(f"/indicators/{world.department.public_id}/A3/").status_code == 404


def test_every_address_is_404_to_those_who_answer_for_another_place(world: World, client_of: ClientOf) -> None:
    count(world.here)
    addresses = ["/", "/A1/", "/A2/", "/A6/"]

    for other in (world.elsewhere.head, world.here.teacher, world.here.pupils[0], world.here.guardians[0]):
        client = client_of(other)
        found = [client.get(f"/indicators/{world.here.organisation.public_id}{end}").status_code for end in addresses]
        assert found == [404] * 4
    assert client_of(world.here.head).get(f"/indicators/{world.department.public_id}/").status_code == 404
    with scope.of(actor(world.elsewhere.head)):
        assert not IndicatorCount.objects.filter(organisation=world.here.organisation).exists()


def test_a_page_of_indicators_costs_the_same_for_every_level(
    world: World, client_of: ClientOf, django_assert_max_num_queries: Callable
) -> None:
    count(world.here, world.elsewhere)
    for who, place in (
        (world.here.head, world.here.organisation),
        (world.department_officer, world.department),
        (world.ministry_officer, world.ministry),
    ):
        client = client_of(who)
        with django_assert_max_num_queries(10):
            client.get(f"/indicators/{place.public_id}/")


def test_a_lesson_moves_the_ministrys_figure_and_is_found_again_from_there(world: World, client_of: ClientOf) -> None:
    here = world.here
    here.school_class.grade = 5
    here.school_class.save()
    hold_lessons(here, online=1, classroom=1)
    events.publish(RollTaken(organisation_id=here.organisation.id, lesson_id=1, newly_missing=[]))
    outbox.deliver_all(rises=True)
    tasks.count_stale_schools()
    minister = client_of(world.ministry_officer)

    page = minister.get(minister.get("/indicators/").headers["Location"]).content.decode()
    assert "1 trên 2 tiết" in page
    for place in (world.ministry, world.department, world.commune_office):
        page = minister.get(f"/indicators/{place.public_id}/A5/").content.decode()
        assert page.count('<g class="province ') == (34 if place == world.ministry else 0)
        assert "50,0 %" in page
    assert f'href="/indicators/{here.organisation.public_id}/A5/"' in page
    school = minister.get(f"/indicators/{here.organisation.public_id}/A5/").content.decode()
    assert "Lê Thị Hoa" not in school
    lessons = minister.get(opened_class(minister, here, "A5")).content.decode()
    assert "THCS Mỹ An · 6A" in lessons
    assert "Lê Thị Hoa" in lessons
    other = minister.get(f"/indicators/{here.organisation.public_id}/A6/").content.decode()
    assert "Lê Thị Hoa" not in other


def test_classes_are_counted_with_their_school_and_only_differences_are_written(world: World) -> None:
    here = world.here
    hold_lessons(here, online=1, classroom=3)
    learn(here, 0)
    answer(here, here.pupils[1].person_id, has_device=True, has_connection=True, has_software=True)
    count(here)
    assert class_counts(here) == {"A1": (1, 1, 2), "A2": (1, 3, 0), "A6": (1, 4, 0), "B2": (0, 3, 0)}

    learn(here, 2)
    actions.recount(actor=SYSTEM, organisation=here.organisation, at=NOON + timedelta(hours=1))

    assert class_counts(here)["A2"] == (2, 3, 0)
    written = ClassCount.objects.filter(counted_at__gt=NOON).values_list("code", flat=True)
    assert list(written) == ["A2"]


def test_a_class_that_everybody_left_is_kept_no_more(world: World) -> None:
    count(world.here, world.elsewhere)
    for enrolment in world.here.enrolments:
        enrolment.ends_on = TODAY
        enrolment.save()

    count(world.here)

    assert class_counts(world.here) == {}
    assert class_counts(world.elsewhere)["A2"] == (0, 2, 0)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), max_size=4))
def test_classes_and_staff_make_up_their_school(world: World, said: list[tuple[int, bool, bool]]) -> None:
    here = world.here
    people = [here.pupils[0].person_id, here.teacher.person_id, here.pupils[1].person_id]
    for who, device, software in said:
        LearnerMeans.objects.update_or_create(
            organisation=here.organisation, person_id=people[who],
            defaults={
                "answered_on": TODAY, "has_device": device, "has_connection": True, "has_software": software
            },
        )  # fmt: skip
    count(here)

    for value in queries.values_of(here.organisation, YEAR):
        if value.indicator.code in ("A1", "A2", "A6", "B2"):
            parts = queries.classes_of(here.organisation, value, YEAR)
            assert total(part.value.count for part in parts) == value.count


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return sum(not is_housekeeping(query["sql"]) for query in found.captured_queries)


def more_classes(at: School, number: int) -> None:
    for which in range(number):
        made = SchoolClass.objects.create(organisation=at.organisation, school_year=at.year, name=f"7A{which}", grade=7)
        of_class = replace(at, school_class=made)
        enrol(of_class, f"Lê Văn {which}")


@pytest.mark.parametrize("code", ["A1", "A2", "A6", "B2", "B3"])
def test_the_page_of_a_school_costs_the_same_for_many_classes_and_pupils(
    code: str, world: World, client_of: ClientOf
) -> None:
    head, here = client_of(world.here.head), world.here
    school = f"/indicators/{here.organisation.public_id}/{code}/"
    count(here)
    head.get(school)
    before = asked(head, school)
    more_classes(here, 9)
    for number in range(27):
        enrol(here, f"Trần Thị {number}")
    count(here)

    assert asked(head, school) == before == (5 if code == "B3" else 6)
    assert ("7A8" in head.get(school).content.decode()) == (code != "B3")


@pytest.mark.parametrize("code", ["A1", "A2", "A6", "B2"])
def test_the_page_of_a_class_costs_the_same_for_many_pupils(code: str, world: World, client_of: ClientOf) -> None:
    head, here = client_of(world.here.head), world.here
    count(here)
    below = opened_class(head, here, code)
    head.get(below)
    before = asked(head, below)
    for number in range(27):
        enrol(here, f"Trần Thị {number}")
    hold_lessons(here, online=3, classroom=6)
    count(here)

    assert asked(head, below) == before
    assert before <= 12


def test_staff_are_a_part_of_their_own_and_unknown_parts_are_not_found(world: World, client_of: ClientOf) -> None:
    count(world.here)
    head, school = client_of(world.here.head), f"/indicators/{world.here.organisation.public_id}"

    staff = head.get(f"{school}/A1/in/staff/").content.decode()

    assert "Lê Thị Hoa" in staff
    assert '/staff/means/"' in staff  # where the survey is filled in
    officer = client_of(world.department_officer).get(f"{school}/A1/in/staff/").content.decode()
    assert "/staff/means/" not in officer
    assert "Nguyễn Văn A" not in staff
    strange = world.elsewhere.school_class.public_id
    wrong = ("A2/in/staff/", f"A2/in/{strange}/", "B3/in/staff/", "A5/in/x/")
    assert [head.get(f"{school}/{end}").status_code for end in wrong] == [404] * 4
    assert client_of(world.elsewhere.head).get(f"{school}/A1/in/staff/").status_code == 404
