"""A head looks at the mark-books of a grade: subjects by classes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.gradebook import actions, queries
from khue.schools.models import ClassSubject, SchoolClass, SchoolYear, StaffMember, TeachingAssignment
from tests.world import TODAY, School, World, actor

pytestmark = pytest.mark.django_db


def another_class(here: School, name: str, year: SchoolYear | None = None, grade: int = 6) -> ClassSubject:
    """One more class that is taught Toán."""
    made = SchoolClass.objects.create(
        organisation=here.organisation, school_year=year or here.year, grade=grade, name=name
    )
    return ClassSubject.objects.create(
        organisation=here.organisation, school_class=made, subject=here.maths.subject, weekly_periods_term_1=4,
        weekly_periods_term_2=4,
    )  # fmt: skip


def last_year(here: School) -> SchoolYear:
    return SchoolYear.objects.create(
        organisation=here.organisation, code="2025-2026", starts_on=date(2025, 9, 5), ends_on=date(2026, 5, 30)
    )


def test_books_stand_under_their_classes_in_the_order_people_count(world: World) -> None:
    here = world.here
    another_class(here, "6A10")
    another_class(here, "6A2")
    another_class(here, "7A1", grade=7)
    book = actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)

    seen = queries.overview_of_grade(actor(here.head), 6, TODAY)

    assert [name for _id, name in seen.classes] == ["6A", "6A2", "6A10"]
    assert [(row.subject, [each and each.public_id for each in row.books]) for row in seen.rows] == [
        ("Toán", [book.public_id, None, None])
    ]
    assert (seen.taught, [(each.entered, each.columns) for each in seen.books]) == (3, [(0, 6)])


def test_a_head_reaches_every_class_of_the_school_however_many(world: World, client_of) -> None:
    """A list of all class-subjects ended after four hundred, in the middle of a large school."""
    here = world.here
    for number in range(1, 13):
        another_class(here, f"{number}A2", grade=number)
    page = client_of(here.head).get("/marks/?grade=12").content.decode()

    assert all(f'href="?grade={number}"' in page for number in range(1, 13))
    assert "12A2" in page
    assert "6A2" not in page
    assert "Khối 1<" in client_of(here.head).get("/marks/?grade=99").content.decode()


def test_it_costs_the_same_for_one_class_and_for_twenty(world: World, client_of) -> None:
    here, client = world.here, client_of(world.here.head)
    costs = []
    for number in (1, 19):
        for each in range(number):
            another_class(here, f"6B{number}{each}")
        client.get("/marks/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/marks/")
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert costs[0] <= 11


def test_the_shelf_and_the_overview_hold_this_year_alone(world: World, client_of) -> None:
    here = world.here
    old = another_class(here, "5A", last_year(here), grade=5)
    old.school_class.homeroom_teacher = here.teacher_staff
    old.school_class.save()

    assert "5A" not in client_of(here.teacher).get("/marks/").content.decode()
    assert "Khối 5" not in client_of(here.head).get("/marks/").content.decode()
    assert queries.overview_of_grade(actor(here.head), 5, TODAY).classes == []


def test_a_head_who_teaches_finds_the_own_books_above(world: World, client_of) -> None:
    here = world.here
    assert "Thầy/Cô dạy" not in client_of(here.head).get("/marks/").content.decode()

    staff = StaffMember.objects.get(organisation=here.organisation, person=here.head.person)
    taught = another_class(here, "6A3")
    TeachingAssignment.objects.create(
        organisation=here.organisation, class_subject=taught, staff=staff, starts_on=here.year.starts_on
    )

    assert "Thầy/Cô dạy" in client_of(here.head).get("/marks/").content.decode()


def test_another_school_sees_none_of_it(world: World) -> None:
    assert queries.overview_of_grade(actor(world.elsewhere.head), 6, TODAY).classes == [
        (world.elsewhere.school_class.public_id, "6A")
    ]
    assert queries.overview_of_grade(actor(world.here.guardians[0]), 6, TODAY).books == []
