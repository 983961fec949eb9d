"""Namesakes in a list of people are told apart by their class; who works at the school, by the work."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock
from khue.schools.models import Enrolment, SchoolClass
from khue.schools.person_duties import of_people
from tests.world import NOON, World, actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def namesakes(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two of one name and one birthday, in 6A and in 6B."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    other = SchoolClass.objects.create(
        organisation=world.here.organisation, school_year=world.here.year, grade=6, name="6B"
    )
    twin = enrol(world.here, "Nguyễn Văn A")
    Enrolment.objects.filter(id=twin.id).update(school_class=other)
    return world


def duties(world: World, account, *accounts) -> list[str]:
    people = [each.person_id for each in accounts]
    found = of_people(actor(account), people)
    return [found.get(person, "") for person in people]


def test_each_is_told_as_far_as_the_reader_may_know(namesakes: World) -> None:
    here, elsewhere = namesakes.here, namesakes.elsewhere
    asked = (here.pupils[0], here.pupils[-1], here.teacher, here.head, here.guardians[0], elsewhere.pupils[0])

    assert duties(namesakes, here.clerk, *asked) == [
        "Lớp 6A", "Lớp 6B", "Giáo viên, chủ nhiệm 6A", "Hiệu trưởng", "", "",
    ]  # fmt: skip
    # Who teaches 6A alone knows of nobody's place in 6B.
    assert duties(namesakes, here.teacher, *asked)[:2] == ["Lớp 6A", ""]
    assert duties(namesakes, here.guardians[1], *asked) == [""] * 6
    assert duties(namesakes, elsewhere.clerk, *asked)[:5] == [""] * 5


def test_the_class_is_that_of_today(namesakes: World) -> None:
    enrolment = namesakes.here.enrolments[0]
    Enrolment.objects.filter(id=enrolment.id).update(ends_on=clock.today())

    assert duties(namesakes, namesakes.here.clerk, namesakes.here.pupils[0]) == [""]


def test_lists_and_search_show_it_at_one_query_more(namesakes: World, client_of) -> None:
    client = client_of(namesakes.here.clerk)

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            html = client.get(address).content.decode()
        assert "Lớp 6A" in html
        assert "Lớp 6B" in html
        return sum("homeroom_teacher_id" in query["sql"] for query in captured)

    assert [asked(address) for address in ("/people/?q=nguyen+van+a&kind=pupil", "/search/?q=nguyen+van+a")] == [1, 1]
    with CaptureQueriesContext(connection) as few:
        client.get("/people/?kind=pupil")
    for number in range(30):
        enrol(namesakes.here, f"Nguyễn Văn A {number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/people/?kind=pupil")
    assert len(few) == len(many)
