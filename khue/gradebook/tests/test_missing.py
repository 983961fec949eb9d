"""The list of columns without marks: whose they are, narrowed, as a sheet, in pages."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from khue.foundation import clock
from khue.gradebook import actions
from khue.gradebook.models import MarkBook
from khue.identity.models import Account
from khue.schools.models import ClassSubject, SchoolClass, TeachingAssignment
from tests.world import NOON, School, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
PAGE = "/marks/missing/"
QUERIES = 12


@pytest.fixture
def at(world: World, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return world.here


def opened(at: School, class_subject: ClassSubject) -> MarkBook:
    return actions.open_book(actor=actor(at.teacher), class_subject=class_subject, term=at.term)


def more_classes(at: School, count: int) -> list[MarkBook]:
    """Books of the same subject in other classes, with the same teacher."""
    made = []
    for number in range(count):
        group = SchoolClass.objects.create(
            organisation=at.organisation, school_year=at.year, grade=7, name=f"7A{number + 1}"
        )
        taught = ClassSubject.objects.create(
            organisation=at.organisation, school_class=group, subject=at.maths.subject,
            weekly_periods_term_1=4, weekly_periods_term_2=4,
        )  # fmt: skip
        TeachingAssignment.objects.create(
            organisation=at.organisation, class_subject=taught, staff=at.teacher_staff, starts_on=at.year.starts_on
        )
        made.append(opened(at, taught))
    return made


def shown(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_line_says_whose_book_it_is_and_which_columns_are_empty(at: School, client_of: ClientOf) -> None:
    opened(at, at.maths)
    for who in (at.head, at.teacher):
        text = shown(client_of(who))
        assert at.teacher_staff.person.full_name in text
        assert "Điểm thường xuyên 1, Điểm thường xuyên 2" in text
        assert "Điểm giữa kì, Điểm cuối kì" in text


def test_families_find_no_such_list(at: School, client_of: ClientOf) -> None:
    for who in (at.guardians[0], at.pupils[0]):
        assert client_of(who).get(PAGE).status_code == 404
        assert client_of(who).get(f"{PAGE}?export=xlsx").status_code == 404


def test_another_school_sees_its_own_books_alone(at: School, world: World, client_of: ClientOf) -> None:
    book = opened(at, at.maths)
    for who in (world.elsewhere.head, world.elsewhere.teacher):
        assert str(book.public_id) not in shown(client_of(who))
        assert str(book.public_id) not in shown(client_of(who), f"{PAGE}?class={at.school_class.public_id}")


def test_the_head_looks_at_one_class(at: School, client_of: ClientOf) -> None:
    book, (other,) = opened(at, at.maths), more_classes(at, 1)

    text = shown(client_of(at.head), f"{PAGE}?class={at.school_class.public_id}")

    assert str(book.public_id) in text
    assert str(other.public_id) not in text


def test_the_sheet_holds_every_page(at: School, client_of: ClientOf) -> None:
    books = [opened(at, at.maths), *more_classes(at, 55)]
    head = client_of(at.head)

    assert sum(str(book.public_id) in shown(head) for book in books) == 30
    following = re.search(r'href="(\?after=[^"]+)"', shown(head))
    assert following
    assert sum(str(book.public_id) in shown(head, PAGE + following[1]) for book in books) == 26
    answer = head.get(f"{PAGE}?export=xlsx")
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))

    assert len(rows) == 1 + 56
    assert rows[1][:3] == (at.school_class.name, at.maths.subject.name, at.teacher_staff.person.full_name)


@pytest.mark.parametrize("books", [1, 10])
def test_the_list_costs_the_same_however_many_books(
    at: School, client_of: ClientOf, books: int, django_assert_num_queries: Callable
) -> None:
    more_classes(at, books)
    head = client_of(at.head)
    head.get(PAGE)

    with django_assert_num_queries(QUERIES):
        head.get(PAGE)
