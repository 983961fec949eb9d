import json
from collections.abc import Callable

import pytest
from django.test import Client

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, OutboxEvent
from khue.gradebook import actions, queries
from khue.gradebook.actions import (
    BookIsLocked,
    BookIsOpen,
    CorrectionDecided,
    MarkNotUnderstood,
    NoRuleSet,
    ReasonMissing,
    TypedCell,
)
from khue.gradebook.events import MarksRecorded
from khue.gradebook.models import Mark, MarkBook, MarkColumn, MarkCorrection, TermResult
from khue.identity.models import Account
from khue.schools.models import SchoolClass
from tests.world import NOON, World, account, actor, enrol, staff
from tests.world import world as make_world

ClientOf = Callable[[Account], Client]


@pytest.fixture
def book(world: World) -> MarkBook:
    here = world.here
    return actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)


def cell(book: MarkBook, place: int, world: World, pupil: int, typed: str) -> TypedCell:
    return TypedCell(queries.columns_of(book)[place].id, world.here.enrolments[pupil].id, typed)


def type_marks(world: World, book: MarkBook, pupil: int, typed: str) -> actions.RecordedMarks:
    """Marks of one pupil, in the order of the columns, with spaces between."""
    cells = [cell(book, place, world, pupil, text) for place, text in enumerate(typed.split(" "))]
    return actions.record_marks(actor=actor(world.here.teacher), book=book, cells=cells, at=NOON)


def test_a_book_opens_once_with_the_columns_of_the_circular(world: World, book: MarkBook) -> None:
    again = actions.open_book(actor=actor(world.here.teacher), class_subject=world.here.maths, term=world.here.term)

    assert again == book
    assert (book.rule_set, book.is_scored, book.school_year) == ("TT22-2021", True, 2026)
    assert [(c.kind, c.position) for c in queries.columns_of(book)] == [
        *[("regular", n) for n in (1, 2, 3, 4)],
        ("mid", 1),
        ("end", 1),
    ]


def test_primary_school_keeps_no_marks_in_a_book(world: World) -> None:
    SchoolClass.objects.filter(id=world.here.school_class.id).update(grade=3)
    world.here.maths.school_class.refresh_from_db()

    with pytest.raises(NoRuleSet):
        actions.open_book(actor=actor(world.here.teacher), class_subject=world.here.maths, term=world.here.term)

    assert not MarkBook.objects.exists()


def test_marks_and_the_mean_are_stored_as_the_circular_says(world: World, book: MarkBook) -> None:
    recorded = type_marks(world, book, 0, "8 9 7 10 75 8")

    pupil = world.here.enrolments[0].id
    assert recorded.results == {pupil: 81}
    assert sorted(recorded.shown.values()) == ["10", "7", "7,5", "8", "8", "9"]
    grid = queries.grid_of(book)
    assert grid.rows[0].cells == ["8", "9", "7", "10", "7,5", "8"]
    assert [row.result for row in grid.rows] == ["8,1", "", ""]


def test_a_wrong_cell_is_refused_alone_and_keeps_its_old_mark(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "8")

    recorded = type_marks(world, book, 0, "100 9")

    assert list(recorded.refused.values()) == [
        "“100” không phải là điểm. Nhập từ 0 đến 10 với nhiều nhất một chữ số thập phân, hoặc M (miễn)."
    ]
    assert queries.grid_of(book).rows[0].cells[:2] == ["8", "9"]


def test_emptying_a_cell_removes_the_mark_and_its_weight(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "8 4")

    recorded = type_marks(world, book, 0, "8 ")

    assert recorded.results == {world.here.enrolments[0].id: 80}
    assert Mark.objects.count() == 1


def test_what_did_not_change_is_not_told_again(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "8 9")
    type_marks(world, book, 0, "8 7")

    told = OutboxEvent.objects.filter(name=MarksRecorded.name).order_by("id").values_list("payload", flat=True)
    columns = [c.id for c in queries.columns_of(book)]
    pupil = world.here.enrolments[0].id
    assert [event["cells"] for event in told] == [[[columns[0], pupil], [columns[1], pupil]], [[columns[1], pupil]]]
    changes = AuditRow.objects.filter(verb="marks.recorded").order_by("id").values_list("details", flat=True)
    assert changes[1] == {"cells": [[columns[1], pupil, "9", "7"]]}


def test_only_who_teaches_the_subject_enters_marks(world: World, book: MarkBook) -> None:
    at = world.here.organisation
    colleague = account(staff("Võ Thị Lan", at, "teacher").person, "subject_teacher", at)

    for by in (colleague, world.here.head, world.here.pupils[0], world.here.guardians[0], world.elsewhere.teacher):
        with pytest.raises(Forbidden):
            actions.record_marks(actor=actor(by), book=book, cells=[cell(book, 0, world, 0, "10")], at=NOON)

    assert not Mark.objects.exists()


def test_a_cell_outside_the_book_is_not_found(world: World, book: MarkBook) -> None:
    column = queries.columns_of(book)[0].id

    for bad in (
        TypedCell(column, world.elsewhere.enrolments[0].id, "9"),
        TypedCell(0, world.here.enrolments[0].id, "9"),
    ):
        with pytest.raises(NotFound):
            actions.record_marks(actor=actor(world.here.teacher), book=book, cells=[bad], at=NOON)

    assert not Mark.objects.exists()


def test_a_locked_book_changes_only_by_an_approved_correction(world: World, book: MarkBook) -> None:
    here = world.here
    type_marks(world, book, 0, "8 8")
    actions.lock_book(actor=actor(here.head), book=book, at=NOON)
    with pytest.raises(BookIsLocked):
        type_marks(world, book, 0, "9")

    book.refresh_from_db()
    asked = actions.ask_correction(
        actor=actor(here.teacher), book=book, cell=cell(book, 0, world, 0, "9"), reason="Cộng sót một ý", at=NOON
    )
    assert queries.grid_of(book).rows[0].cells[0] == "8"
    assert (asked.old_typed, asked.new_typed) == ("8", "9")

    actions.decide_correction(actor=actor(here.head), correction=asked, approve=True, at=NOON)
    assert queries.grid_of(book).rows[0].cells[0] == "9"
    assert queries.grid_of(book).rows[0].result == "8,5"
    with pytest.raises(CorrectionDecided):
        actions.decide_correction(actor=actor(here.head), correction=asked, approve=False, at=NOON)


def test_a_declined_correction_changes_nothing_and_stays_on_record(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "8")
    actions.lock_book(actor=actor(world.here.head), book=book, at=NOON)
    book.refresh_from_db()
    new = cell(book, 0, world, 0, "10")
    asked = actions.ask_correction(
        actor=actor(world.here.teacher), book=book, cell=new, reason="Học sinh xin nâng điểm", at=NOON
    )

    actions.decide_correction(actor=actor(world.here.head), correction=asked, approve=False, at=NOON)

    assert queries.grid_of(book).rows[0].cells[0] == "8"
    assert MarkCorrection.objects.get().state == "declined"


def test_a_correction_needs_a_locked_book_a_reason_and_a_mark(world: World, book: MarkBook) -> None:
    by, new = actor(world.here.teacher), cell(book, 0, world, 0, "9")
    with pytest.raises(BookIsOpen):
        actions.ask_correction(actor=by, book=book, cell=new, reason="Cộng sót một ý", at=NOON)

    actions.lock_book(actor=actor(world.here.head), book=book, at=NOON)
    book.refresh_from_db()
    with pytest.raises(ReasonMissing):
        actions.ask_correction(actor=by, book=book, cell=new, reason="sai", at=NOON)
    wrong = cell(book, 0, world, 0, "11,5")
    with pytest.raises(MarkNotUnderstood):
        actions.ask_correction(actor=by, book=book, cell=wrong, reason="Cộng sót một ý", at=NOON)

    assert not MarkCorrection.objects.exists()


def test_a_teacher_neither_locks_nor_decides(world: World, book: MarkBook) -> None:
    with pytest.raises(Forbidden):
        actions.lock_book(actor=actor(world.here.teacher), book=book, at=NOON)

    actions.lock_book(actor=actor(world.here.head), book=book, at=NOON)
    book.refresh_from_db()
    new = cell(book, 0, world, 0, "9")
    asked = actions.ask_correction(actor=actor(world.here.teacher), book=book, cell=new, reason="Cộng sót ý", at=NOON)
    for by in (world.here.teacher, world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.decide_correction(actor=actor(by), correction=asked, approve=True, at=NOON)
    assert not Mark.objects.exists()


def test_the_family_reads_the_own_child_and_nobody_elses(world: World, book: MarkBook, client_of: ClientOf) -> None:
    type_marks(world, book, 0, "8 9 7 10 7,5 8")
    address = f"/marks/pupils/{world.here.enrolments[0].public_id}/"

    for family in (world.here.pupils[0], world.here.guardians[0], world.here.teacher, world.here.head):
        assert "8,1" in client_of(family).get(address).content.decode()
    for other in (world.here.pupils[1], world.here.guardians[1], world.elsewhere.teacher, world.elsewhere.head):
        assert client_of(other).get(address).status_code == 404


def test_every_address_of_a_book_is_404_to_another_school_and_to_families(
    world: World, book: MarkBook, client_of: ClientOf
) -> None:
    column = queries.columns_of(book)[0]
    addresses = [
        f"/marks/books/{book.public_id}/",
        f"/marks/books/{book.public_id}/lock/",
        f"/marks/books/{book.public_id}/add-column/",
        f"/marks/columns/{column.public_id}/",
        f"/marks/columns/{column.public_id}/correct/{world.here.enrolments[0].id}/",
    ]

    for other in (world.elsewhere.teacher, world.elsewhere.head, world.here.pupils[0], world.here.guardians[0]):
        client = client_of(other)
        assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
        assert client.post(addresses[0] + "cells", b"{}", content_type="application/json").status_code == 404


def test_in_a_locked_book_a_mark_is_the_way_to_asking_for_a_change(
    world: World, book: MarkBook, client_of: ClientOf
) -> None:
    here, column = world.here, queries.columns_of(book)[0]
    cell = TypedCell(column.id, here.enrolments[0].id, "75")
    actions.record_marks(actor=actor(here.teacher), book=book, cells=[cell], at=NOON)
    way = f"/marks/columns/{column.public_id}/correct/{here.enrolments[0].id}/"
    address = f"/marks/books/{book.public_id}/"
    assert way not in client_of(here.teacher).get(address).content.decode()

    actions.lock_book(actor=actor(here.head), book=book, at=NOON)

    assert (
        f'<a href="{way}" aria-label="Nguyễn Văn A: 7,5">7,5</a>'
        in client_of(here.teacher).get(address).content.decode()
    )
    assert "7,5" in client_of(here.teacher).get(way).content.decode()
    assert way not in client_of(here.head).get(address).content.decode()


def test_the_grid_saves_cells_and_answers_with_the_mean(world: World, book: MarkBook, client_of: ClientOf) -> None:
    column, pupil = queries.columns_of(book)[0].id, world.here.enrolments[0].id
    body = json.dumps({"cells": [[column, pupil, "85"], [column, world.here.enrolments[1].id, "x"]]})

    answer = client_of(world.here.teacher).post(
        f"/marks/books/{book.public_id}/cells", body, content_type="application/json"
    )

    assert answer.status_code == 200
    assert answer.json()["shown"] == [[column, pupil, "8,5"]]
    assert [row[:2] for row in answer.json()["refused"]] == [[column, world.here.enrolments[1].id]]
    assert answer.json()["results"] == {str(pupil): "8,5"}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"cells": [[1, 2]]}', b'{"cells": "x"}', b"\xff"])
def test_a_broken_request_changes_nothing(world: World, book: MarkBook, client_of: ClientOf, body: bytes) -> None:
    address = f"/marks/books/{book.public_id}/cells"

    answer = client_of(world.here.teacher).post(address, body, content_type="application/json")

    assert (answer.status_code, answer.json()["title"]) == (422, "bad_cells")
    assert not Mark.objects.exists()


def test_without_javascript_a_column_is_a_form(world: World, book: MarkBook, client_of: ClientOf) -> None:
    column = queries.columns_of(book)[0]
    first, second = world.here.enrolments[0].id, world.here.enrolments[1].id
    client = client_of(world.here.teacher)

    wrong = client.post(f"/marks/columns/{column.public_id}/", {f"e{first}": "7", f"e{second}": "abc"})
    assert "không phải là điểm" in wrong.content.decode()
    right = client.post(f"/marks/columns/{column.public_id}/", {f"e{first}": "7", f"e{second}": "8,5"})

    assert right.status_code == 303
    assert [row.cells[0] for row in queries.grid_of(book).rows] == ["7", "8,5", ""]


def test_marks_of_another_school_do_not_exist(world: World, book: MarkBook) -> None:
    type_marks(world, book, 0, "8")

    with scope.of(actor(world.elsewhere.head)):
        for table in (MarkBook, MarkColumn, Mark, TermResult):
            assert not table.objects.exists()


@pytest.mark.parametrize("pupils", [3, 30])
def test_a_grid_costs_the_same_for_three_pupils_and_for_thirty(
    db: None, client_of: ClientOf, pupils: int, django_assert_num_queries: Callable
) -> None:
    world = make_world(pupils=1)
    book = actions.open_book(actor=actor(world.here.teacher), class_subject=world.here.maths, term=world.here.term)
    for number in range(pupils - 1):
        enrol(world.here, f"Trần Văn {number}")
    type_marks(world, book, 0, "8 8 8 8 8 8")

    client = client_of(world.here.teacher)
    with django_assert_num_queries(PAGE_QUERIES):
        assert client.get(f"/marks/books/{book.public_id}/").status_code == 200


PAGE_QUERIES = 13
