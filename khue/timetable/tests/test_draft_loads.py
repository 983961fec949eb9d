"""What a draft asks of each teacher against the quota of TT 05/2025, seen while planning."""

import re

import pytest

from khue.schools.models import ClassSubject
from khue.timetable import queries
from khue.timetable.tests.drafts import Planning, draft, planning, search, subject_of_class
from tests.world import World


@pytest.fixture
def given(world: World) -> Planning:
    return planning(world)


def at(made) -> str:
    return f"/timetable/drafts/{made.public_id}/loads/"


def test_periods_are_counted_against_what_is_owed(given: Planning, client_of) -> None:
    ClassSubject.objects.filter(id=given.literature.id).update(weekly_periods_term_1=30)
    made = draft(given, periods=(5, 5))

    rows = {each.teacher.staff.person.full_name: each for each in queries.loads_of(made)}
    homeroom, second = rows["Lê Thị Hoa"], rows["Ngô Minh Đức"]
    assert (homeroom.planned, homeroom.placed, homeroom.teacher.load.owed, homeroom.over) == (6, 0, 15, -9)
    assert (second.planned, second.teacher.load.owed, second.over, second.is_too_much) == (30, 19, 11, True)
    page = client_of(given.here.head).get(at(made)).content.decode()
    assert "1 giáo viên quá số giờ được phép." in page
    assert re.search(r"Lê Thị Hoa.*?Chủ nhiệm 6A", page, re.DOTALL)


def test_placed_periods_are_told_apart(given: Planning) -> None:
    made = search(given, draft(given))

    assert {each.placed for each in queries.loads_of(made) if each.planned} == {4, 6}


def test_nobody_else_sees_the_loads(given: Planning, world: World, client_of) -> None:
    made = draft(given)

    for account in (world.elsewhere.head, world.here.teacher, world.here.guardians[0], world.department_officer):
        assert client_of(account).get(at(made)).status_code == 404


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_costs_the_same_whatever_is_taught(
    given: Planning, world: World, client_of, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        subject_of_class(world, given.here, f"S{number}", f"Môn {number}", 1, given.second)
    made = draft(given)
    client = client_of(given.here.head)
    client.get(at(made))
    with django_assert_num_queries(13):
        client.get(at(made))
