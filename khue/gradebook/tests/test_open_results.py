"""A commented subject in the middle of a term: nobody has failed while assessments are still to come."""

import re

import pytest

from khue.gradebook import actions
from khue.gradebook.models import MarkBook, TermResult
from khue.gradebook.tests.test_books import ClientOf, cell, type_marks
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(world: World) -> MarkBook:
    """A book of six columns, kept with Đ and CĐ."""
    here = world.here
    opened = actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)
    MarkBook.objects.filter(id=opened.id).update(is_scored=False)
    opened.refresh_from_db()
    return opened


def stored(book: MarkBook) -> list[bool | None]:
    return list(TermResult.objects.filter(book=book).order_by("enrolment_id").values_list("passed", flat=True))


def test_the_result_is_open_until_enough_assessments_are_there(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "Đ Đ")
    type_marks(world, book, 1, "Đ CĐ")
    type_marks(world, book, 2, "Đ Đ Đ Đ Đ Đ")
    assert stored(book) == [None, False, True]


def test_what_is_missing_counts_when_the_book_is_locked_and_a_correction_may_still_mend_it(
    world: World, book: MarkBook
) -> None:
    type_marks(world, book, 0, "Đ Đ Đ Đ Đ")
    type_marks(world, book, 2, "Đ Đ Đ Đ Đ Đ")
    actions.lock_book(actor=actor(world.here.head), book=book, at=NOON)
    assert stored(book) == [False, True]

    book.refresh_from_db()
    last = cell(book, 5, world, 0, "Đ")
    asked = actions.ask_correction(
        actor=actor(world.here.teacher), book=book, cell=last, reason="Quên ghi bài cuối kì", at=NOON
    )
    actions.decide_correction(actor=actor(world.here.head), correction=asked, approve=True, at=NOON)
    assert stored(book) == [True, True]


def test_locking_the_whole_term_closes_every_open_result(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "Đ")
    actions.lock_books(actor=actor(world.here.head), term=world.here.term, at=NOON)
    assert stored(book) == [False]


def test_a_family_reads_no_result_that_is_not_there_yet(world: World, book: MarkBook, client_of: ClientOf) -> None:
    type_marks(world, book, 0, "Đ Đ")
    page = client_of(world.here.guardians[0]).get(f"/marks/pupils/{world.here.enrolments[0].public_id}/")
    results = re.findall(r'<td[^>]*class="[^"]*\bresult\b[^"]*"[^>]*>(.*?)</td>', page.content.decode(), re.DOTALL)
    assert [re.sub(r"<[^>]*>", "", result).strip() for result in results] == [""]
