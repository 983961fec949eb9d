"""Hours of periods campus by campus, and what the way between two campuses asks of a timetable."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from khue.foundation.errors import Forbidden
from khue.registry.models import Organisation
from khue.schools.models import ClassSubject, SchoolClass, TeachingAssignment
from khue.timetable import actions, queries
from khue.timetable.actions.bells import CampusNotHere, WayTooLong
from khue.timetable.models import Bell, CampusWay
from khue.timetable.planning.ways import disorder, free_periods, longest_way, read_hours, written_hours
from khue.timetable.solver.checker import violations
from khue.timetable.solver.problem import Travel
from khue.timetable.tests.drafts import draft, planning, search
from tests.world import World, actor, organisation

BELLS, WAYS = "/timetable/bells/", "/timetable/bells/ways/"
#: A morning of the school in Đốc Binh Kiều.
MORNING = {
    ("am", number): (time.fromisoformat(a), time.fromisoformat(b))
    for number, (a, b) in enumerate(
        [("07:00", "07:45"), ("07:55", "08:40"), ("08:55", "09:40"), ("09:50", "10:35"), ("10:45", "11:30")], start=1
    )
}


@pytest.fixture
def campus(world: World) -> Organisation:
    return organisation("campus", "Điểm Mỹ Đông", world.here.organisation)


@pytest.mark.parametrize("text", ["7:00-7:45", "7h00 – 7h45", "07.00 đến 07.45", "7h - 7g45", " 7:00  -  7:45 "])
def test_hours_are_read_as_people_write_them(text: str) -> None:
    assert read_hours(text) == (time(7), time(7, 45))


@pytest.mark.parametrize(
    "text", ["", "7:00", "7:45-7:00", "25:00-26:00", "7:61-8:00", "７:00-7:45", "x-y", "7:00-7:00"]
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    assert read_hours(text) is None


@hypothesis_given(st.times(), st.times())
def test_hours_written_are_read_again(one: time, other: time) -> None:
    first, last = sorted(each.replace(second=0, microsecond=0, tzinfo=None, fold=0) for each in (one, other))
    if first < last:
        assert read_hours(written_hours((first, last))) == (first, last)


@hypothesis_given(st.text(max_size=30))
def test_any_text_is_hours_or_not(text: str) -> None:
    found = read_hours(text)
    assert found is None or found[0] < found[1]


def test_a_way_costs_as_many_periods_as_it_takes() -> None:
    assert free_periods(5, MORNING, MORNING) == 0
    assert free_periods(10, MORNING, MORNING) == 0
    assert free_periods(11, MORNING, MORNING) == 1
    assert free_periods(30, MORNING, MORNING) == 1
    assert free_periods(66, MORNING, MORNING) == 2
    assert free_periods(240, MORNING, MORNING) == 4
    later = {when: (a.replace(hour=a.hour + 1), b.replace(hour=b.hour + 1)) for when, (a, b) in MORNING.items()}
    assert free_periods(0, MORNING, later) == 1
    assert free_periods(5, {}, MORNING) is None


@hypothesis_given(st.integers(0, 240), st.integers(0, 60), st.integers(1, 8), st.integers(1, 8))
def test_whoever_waits_so_many_periods_is_in_time(minutes: int, shift: int, here: int, there: int) -> None:
    def bells(count: int, first: int):
        starts = [first + 50 * number for number in range(count)]
        return {
            ("am", n): (time(at // 60, at % 60), time((at + 45) // 60, (at + 45) % 60))
            for n, at in enumerate(starts, start=1)
        }

    one, other = bells(here, 7 * 60), bells(there, 7 * 60 + shift)
    free = free_periods(minutes, one, other)
    for before, after in ((one, other), (other, one)):
        for (_session, period), (_start, end) in before.items():
            for (_half, later), (start, _end) in after.items():
                if later - period - 1 >= free:
                    assert start.hour * 60 + start.minute - end.hour * 60 - end.minute >= minutes
    assert longest_way([None, 7], {frozenset({None, 7}): free}, 1) == free
    assert longest_way([7, 7], {}, 1) == 0


def test_periods_follow_each_other() -> None:
    assert disorder(MORNING) is None
    without = {when: hours for when, hours in MORNING.items() if when != ("am", 2)}
    assert (disorder(without).period, disorder(without).is_missing) == (2, True)
    twice = {**MORNING, ("am", 3): (time(8), time(9))}
    assert (disorder(twice).period, disorder(twice).is_missing) == (3, False)


def test_the_office_sets_the_hours_of_each_campus(world: World, client_of, campus: Organisation) -> None:
    client = client_of(world.here.clerk)
    assert client.post(BELLS, {"am-1": "7:00-7:45", "am-2": "7h55-8h40"}).status_code == 303
    assert "đang theo giờ của điểm trường chính" in client.get(f"{BELLS}?campus={campus.public_id}").content.decode()
    assert client.post(f"{BELLS}?campus={campus.public_id}", {"am-1": "7:30-8:15"}).status_code == 303

    assert list(Bell.objects.order_by("campus", "period").values_list("campus", "period", "starts_at")) == [
        (campus.id, 1, time(7, 30)),
        (None, 1, time(7)),
        (None, 2, time(7, 55)),
    ]
    assert "07:55 - 08:40" in client.get(BELLS).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"am-1": "bảy giờ"}, "Hãy ghi giờ vào và giờ ra"),
        ({"am-2": "7:55-8:40"}, "Chưa có giờ của sáng tiết 1"),
        ({"am-1": "7:00-7:45", "am-2": "7:40-8:20"}, "Giờ của sáng tiết 2 bắt đầu trước"),
        ({"am-1": "12:00-13:00", "pm-1": "12:30-13:15"}, "Giờ của chiều tiết 1 bắt đầu trước"),
    ],
)
def test_wrong_hours_change_nothing(world: World, client_of, typed: dict[str, str], said: str) -> None:
    answer = client_of(world.here.head).post(BELLS, typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert next(iter(typed.values())) in answer.content.decode()
    assert not Bell.objects.exists()


def test_a_school_without_bells_is_offered_some_and_saves_them_as_they_are(world: World, client_of) -> None:
    client = client_of(world.here.head)
    page = client.get(BELLS).content.decode()
    assert "Giờ dưới đây là đề xuất, chưa lưu." in page
    assert not Bell.objects.exists()

    hours = queries.proposed_bells(world.here.organisation)
    typed = {f"{session}-{period}": written_hours(when) for (session, period), when in hours.items()}
    assert client.post(BELLS, typed).status_code == 303

    assert queries.own_bells(world.here.organisation.id) == {None: hours}
    assert (len(hours), hours["am", 1], hours["am", 3]) == (
        9, (time(7), time(7, 45)), (time(8, 55), time(9, 40)),
    )  # fmt: skip
    assert "đề xuất" not in client.get(BELLS).content.decode()


def test_a_primary_school_is_offered_periods_of_35_minutes(world: World) -> None:
    world.here.organisation.level_groups = "02"

    hours = queries.proposed_bells(world.here.organisation)

    assert {(b.hour * 60 + b.minute) - (a.hour * 60 + a.minute) for a, b in hours.values()} == {35}
    assert len(hours) == 7
    # Of what has classes, the oldest counts: a school of both levels, or one that has begun with its primary classes.
    world.here.organisation.level_groups = "02,03"
    assert len(queries.proposed_bells(world.here.organisation)) == 9
    assert len(queries.proposed_bells(world.here.organisation, [1, 2])) == 7


def test_ways_are_set_and_told_in_periods(world: World, client_of, campus: Organisation) -> None:
    client = client_of(world.here.head)
    typed = {f"am-{number}": written_hours(hours) for (_session, number), hours in MORNING.items()}
    client.post(BELLS, typed)
    name = f"way-{campus.id}-0"

    assert client.post(WAYS, {name: "25"}).status_code == 303
    page = client.get(WAYS).content.decode()
    assert "Điểm Mỹ Đông – THCS Mỹ An" in page
    assert "1 tiết" in page
    for wrong in ("-1", "241", "x"):
        assert client.post(WAYS, {name: wrong}).status_code == 422
    assert CampusWay.objects.get().minutes == 25
    assert client.post(WAYS, {name: ""}).status_code == 303
    assert not CampusWay.objects.exists()


def test_campuses_of_others_and_odd_ways_are_refused(world: World, campus: Organisation) -> None:
    elsewhere = actor(world.elsewhere.head)
    there = world.elsewhere.organisation
    with pytest.raises(CampusNotHere):
        actions.set_ways(actor=elsewhere, organisation=there, minutes={(campus.id, None): 5})
    with pytest.raises(CampusNotHere):
        actions.set_bells(actor=elsewhere, organisation=there, campus=campus, bells=[])
    with pytest.raises(WayTooLong):
        actions.set_ways(
            actor=actor(world.here.head), organisation=world.here.organisation, minutes={(campus.id, None): 999}
        )
    with pytest.raises(Forbidden):
        actions.set_ways(actor=elsewhere, organisation=world.here.organisation, minutes={})
    assert not CampusWay.objects.exists()
    assert not Bell.objects.exists()


def test_a_way_is_a_duty_of_every_week_that_is_searched_and_published(world: World, campus: Organisation) -> None:
    given = planning(world)
    here = given.here
    away = SchoolClass.objects.create(
        organisation=here.organisation, school_year=here.year, grade=6, name="6B", campus=campus
    )
    taught = ClassSubject.objects.create(
        organisation=here.organisation, school_class=away, subject=given.literature.subject,
        weekly_periods_term_1=Decimal(4), weekly_periods_term_2=Decimal(4),
    )  # fmt: skip
    TeachingAssignment.objects.create(
        organisation=here.organisation, class_subject=taught, staff=given.second, starts_on=here.year.starts_on
    )
    bells = [actions.BellTime(session, n, a, b) for (session, n), (a, b) in MORNING.items() if n < 5]
    actions.set_bells(actor=given.head, organisation=here.organisation, campus=None, bells=bells)
    actions.set_ways(actor=given.head, organisation=here.organisation, minutes={(campus.id, None): 71})

    made = draft(given)
    plan = queries.planned(made)
    assert [rule.periods for rule in plan.problem.rules if isinstance(rule, Travel)] == [2]
    assert search(given, made).conflicts == 0

    plan = queries.planned(made)
    assert not [each for each in violations(plan.problem, plan.starts) if each.is_hard]
    lessons = [
        (each.at, each.parts[0].campus)
        for each in plan.lessons
        if any(part.staff == given.second.id for part in each.parts)
    ]
    for at, where in lessons:
        for other, there in lessons:
            if (at.weekday, at.session) == (other.weekday, other.session) and where != there:
                assert abs(at.period - other.period) > 2


@pytest.mark.parametrize("who", ["teacher", "pupil", "guardian", "officer"])
def test_nobody_else_sets_bells(world: World, client_of, who: str) -> None:
    account = {
        "teacher": world.here.teacher, "pupil": world.here.pupils[0], "guardian": world.here.guardians[0],
        "officer": world.department_officer,
    }[who]  # fmt: skip
    for address in (BELLS, WAYS):
        assert client_of(account).get(address).status_code in (403, 404)
        assert client_of(account).post(address, {"am-1": "7:00-7:45"}).status_code in (403, 404)
    assert not Bell.objects.exists()


def test_another_schools_campus_is_not_found(world: World, client_of, campus: Organisation) -> None:
    client = client_of(world.elsewhere.head)

    assert client.get(f"{BELLS}?campus={campus.public_id}").status_code == 404
    assert client.post(f"{BELLS}?campus={campus.public_id}", {"am-1": "7:00-7:45"}).status_code == 404
    assert not Bell.objects.exists()


@pytest.mark.parametrize("count", [1, 10])
def test_the_pages_cost_the_same_for_any_number_of_campuses(
    world: World, client_of, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        organisation("campus", f"Điểm {number}", world.here.organisation)
    client = client_of(world.here.head)
    for address, queries_done in ((BELLS, 12), (WAYS, 12)):
        client.get(address)
        with django_assert_num_queries(queries_done):
            client.get(address)
