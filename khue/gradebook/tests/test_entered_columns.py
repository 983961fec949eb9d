"""Columns and books know in how many columns marks stand; pages count by that alone."""

import threading
import time

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from tests.world import NOON, TODAY, World, actor
from tests.world import world as make_world


def open_book(world: World) -> MarkBook:
    here = world.here
    return actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)


def type_mark(world: World, book: MarkBook, column: MarkColumn, pupil: int, typed: str) -> None:
    cell = TypedCell(column.id, world.here.enrolments[pupil].id, typed)
    actions.record_marks(actor=actor(world.here.teacher), book=book, cells=[cell], at=NOON)


def said(book: MarkBook) -> tuple[set[int], int, int]:
    """What columns and book say of themselves: the columns with marks, how many those are, how many there are."""
    book.refresh_from_db()
    columns = MarkColumn.objects.filter(book=book)
    return {column.id for column in columns if column.has_marks}, book.columns_entered, book.columns


def true_of(book: MarkBook) -> tuple[set[int], int, int]:
    """The same, looked up among the marks."""
    entered = set(Mark.objects.filter(column__book=book).values_list("column_id", flat=True))
    return entered, len(entered), MarkColumn.objects.filter(book=book).count()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    saves=st.lists(
        st.dictionaries(
            st.tuples(st.integers(0, 2), st.integers(0, 2)), st.sampled_from(["8", "", "M", "no mark"]), max_size=4
        ),
        max_size=6,
    )
)
def test_whatever_is_typed_and_emptied_the_count_is_that_of_the_marks(
    world: World, saves: list[dict[tuple[int, int], str]]
) -> None:
    book = open_book(world)
    columns, pupils = queries.columns_of(book), world.here.enrolments

    with transaction.atomic():
        for save in saves:
            cells = [TypedCell(columns[place].id, pupils[pupil].id, typed) for (place, pupil), typed in save.items()]
            actions.record_marks(actor=actor(world.here.teacher), book=book, cells=cells, at=NOON)
            assert said(book) == true_of(book)
        transaction.set_rollback(True)


def test_a_correction_and_a_test_settle_the_count_too(world: World) -> None:
    here, book = world.here, open_book(world)
    first, second, *_others = queries.columns_of(book)
    type_mark(world, book, first, 0, "8")

    actions.record_test_results(actor=SYSTEM, column=second, tenths={here.enrolments[0].id: 75}, at=NOON)
    assert said(book) == ({first.id, second.id}, 2, 6)

    actions.lock_book(actor=actor(here.head), book=book, at=NOON)
    book.refresh_from_db()
    emptied = TypedCell(first.id, here.enrolments[0].id, "")
    asked = actions.ask_correction(
        actor=actor(here.teacher), book=book, cell=emptied, reason="Nhập nhầm học sinh", at=NOON
    )
    assert said(book) == ({first.id, second.id}, 2, 6)

    actions.decide_correction(actor=actor(here.head), correction=asked, approve=True, at=NOON)
    assert said(book) == ({second.id}, 1, 6)


def test_an_added_column_counts_at_once(world: World) -> None:
    book = open_book(world)

    actions.add_regular_column(actor=actor(world.here.teacher), book=book, title="")

    assert said(book) == true_of(book) == (set(), 0, 7)


def test_the_shelf_and_the_list_of_empty_columns_follow_the_marks(world: World) -> None:
    here, book = world.here, open_book(world)
    for place in (0, 4):
        type_mark(world, book, queries.columns_of(book)[place], 0, "8")
    teacher = actor(here.teacher)

    assert [(row.book, row.entered, row.columns) for row in queries.shelf_of(teacher, TODAY)] == [
        (book.public_id, 2, 6)
    ]
    assert [row.columns for row in queries.books_to_fill(teacher, TODAY, limit=8)] == [
        ["Điểm thường xuyên 2", "Điểm thường xuyên 3", "Điểm thường xuyên 4", "Điểm cuối kì"]
    ]
    head = actor(here.head)
    assert queries.school_marks(head, here.term) == queries.SchoolMarks(columns_entered=2, columns=6)
    assert queries.school_marks(head, here.term_2) == queries.school_marks(head, None) == queries.SchoolMarks()


@pytest.mark.parametrize("by", ["teacher", "test"])
def test_of_two_who_write_at_once_each_counts_what_the_other_left(committed_db: str, by: str) -> None:
    world = make_world(pupils=2)
    book = open_book(world)
    column = queries.columns_of(book)[0]
    type_mark(world, book, column, 0, "8")

    def write_beside() -> None:
        try:
            with scope.of(SYSTEM):
                if by == "teacher":
                    type_mark(world, book, column, 1, "7")
                else:
                    results = {world.here.enrolments[1].id: 70}
                    actions.record_test_results(actor=SYSTEM, column=column, tenths=results, at=NOON)
        finally:
            connection.close()

    beside = threading.Thread(target=write_beside)
    with transaction.atomic():
        type_mark(world, book, column, 0, "")
        beside.start()
        _until_somebody_waits()
    beside.join(10)

    assert said(book) == true_of(book) == ({column.id}, 1, 6)


def _until_somebody_waits() -> None:
    """Returns when another transaction waits for what this one holds; soon when none does."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)
