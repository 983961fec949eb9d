"""What comes into a book besides typed marks: another school's marks, make-up tests, words; and closing it."""

from datetime import timedelta

import pytest

from khue.foundation import events
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, Job
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import Exemption, MakeUpTest, Mark, MarkBook, ReceivedMark, Remark, SubjectYear, TermResult
from khue.gradebook.refusals import BookIsLocked, MarkNotReceived, NothingToLock, OriginMissing
from tests.world import NOON, TODAY, actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    return world.here


@pytest.fixture
def book(at):
    return actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term)


def receive(at, book, pupil, texts, origin="THCS Thanh Mỹ", by=None):
    columns = [column.id for column in queries.columns_of(book)]
    actions.receive_marks(
        actor=actor(by or at.teacher), book=book, enrolment=pupil,
        typed=dict(zip(columns, texts, strict=False)), origin=origin, at=NOON,
    )  # fmt: skip


def test_a_pupil_who_moves_during_the_term_brings_marks_that_count_and_say_where_from(at, book):
    pupil = enrol(at, "Lê Thị Mới")

    receive(at, book, pupil, ["8", "85", "", "", "75"])
    actions.record_marks(
        actor=actor(at.teacher), book=book, at=NOON,
        cells=[TypedCell(queries.columns_of(book)[-1].id, pupil.id, "9")],
    )  # fmt: skip

    # (8 + 8,5 + 2 x 7,5 + 3 x 9) / 7: the marks of two schools, divided by what was given
    assert TermResult.objects.get(enrolment=pupil).mean_tenths == 84
    assert list(ReceivedMark.objects.order_by("id").values_list("typed", "origin")) == [
        ("8", "THCS Thanh Mỹ"), ("8,5", "THCS Thanh Mỹ"), ("7,5", "THCS Thanh Mỹ"),
    ]  # fmt: skip
    assert AuditRow.objects.filter(verb="marks.received").count() == 1


@pytest.mark.parametrize(("texts", "origin", "refusal"), [
    (["8", "tốt"], "THCS Thanh Mỹ", MarkNotReceived),
    (["8"], "  ", OriginMissing),
])  # fmt: skip
def test_marks_are_received_all_or_none(at, book, texts, origin, refusal):
    with pytest.raises(refusal):
        receive(at, book, at.enrolments[0], texts, origin)

    assert not ReceivedMark.objects.exists()
    assert not Mark.objects.exists()


def test_only_who_teaches_receives_marks(at, book):
    with pytest.raises(Forbidden):
        receive(at, book, at.enrolments[0], ["8"], by=at.head)

    assert not ReceivedMark.objects.exists()


def test_received_marks_are_entered_on_their_page(at, book, client_of):
    first = queries.columns_of(book)[0]
    client = client_of(at.teacher)
    address = f"/marks/books/{book.public_id}/received/"

    client.post(address, {"pupil": at.enrolments[0].id, "origin": "THCS Thanh Mỹ", f"c{first.id}": "85"})

    assert "THCS Thanh Mỹ" in client.get(address).content.decode()
    assert Mark.objects.get().tenths == 85


def test_a_make_up_is_planned_and_settled_on_pages(at, book, client_of):
    end = queries.columns_of(book)[-1]
    client = client_of(at.teacher)
    client.post(
        f"/marks/books/{book.public_id}/make-ups/",
        {"pupil": at.enrolments[0].id, "column": end.id, "reason": "Em nằm viện có giấy", "due_on": "30/11/2099"},
    )
    planned = MakeUpTest.objects.get()

    early = client.post(f"/marks/make-ups/{planned.public_id}/settle/", {"mark": ""})
    assert early.status_code == 422
    assert not Mark.objects.exists()
    client.post(f"/marks/make-ups/{planned.public_id}/settle/", {"mark": "6,5"})

    assert Mark.objects.get().tenths == 65
    assert MakeUpTest.objects.get().was_held is True
    assert "Đã kiểm tra bù" in client.get(f"/marks/books/{book.public_id}/make-ups/").content.decode()


def test_a_teachers_words_are_kept_changed_and_taken_back(at, book, client_of):
    client, first, second = client_of(at.teacher), *(one.id for one in at.enrolments[:2])
    address = f"/marks/books/{book.public_id}/remarks/"

    client.post(address, {f"r{first}": "Tiến bộ rõ rệt", f"r{second}": "Cần cẩn thận khi tính"})
    client.post(address, {f"r{first}": "Tiến bộ rõ rệt", f"r{second}": ""})

    assert list(Remark.objects.values_list("enrolment_id", "moment", "item", "text")) == [
        (first, 2, "TOAN", "Tiến bộ rõ rệt")
    ]
    assert AuditRow.objects.filter(verb="remarks.recorded").count() == 2


def test_words_in_a_locked_book_stay(at, book):
    actions.lock_book(actor=actor(at.head), book=book, at=NOON)

    with pytest.raises(BookIsLocked):
        actions.record_remarks(actor=actor(at.teacher), book=book, remarks={at.enrolments[0].id: "Tốt"}, at=NOON)

    assert not Remark.objects.exists()


def test_the_head_closes_every_book_of_the_term_at_once(at, book, client_of):
    head = client_of(at.head)

    assert head.post("/marks/lock/").status_code == 303
    assert MarkBook.objects.get().locked_by_id == at.head.id
    assert AuditRow.objects.filter(verb="mark_books.locked").count() == 1
    assert head.post("/marks/lock/").status_code == 422
    with pytest.raises(NothingToLock):
        actions.lock_books(actor=actor(at.head), term=at.term, at=NOON)


def test_a_teacher_closes_no_term_and_another_school_no_book(at, book, world, client_of):
    assert client_of(at.teacher).post("/marks/lock/").status_code == 404
    client_of(world.elsewhere.head).post("/marks/lock/")
    with pytest.raises(Forbidden):
        actions.lock_books(actor=actor(at.teacher), term=at.term, at=NOON)

    assert MarkBook.objects.get().locked_at is None


def test_after_the_switch_of_terms_last_terms_marks_stay_locked_and_the_new_book_is_open(at, book):
    actions.lock_books(actor=actor(at.head), term=at.term, at=NOON)
    later = NOON.replace(year=2027, month=2, day=1)
    new = actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term_2)
    old_cell, new_cell = (TypedCell(queries.columns_of(one)[0].id, at.enrolments[0].id, "9") for one in (book, new))

    with pytest.raises(BookIsLocked):
        actions.record_marks(actor=actor(at.teacher), book=book, cells=[old_cell], at=later)
    actions.record_marks(actor=actor(at.teacher), book=new, cells=[new_cell], at=later)

    assert list(Mark.objects.values_list("column__book_id", "tenths")) == [(new.id, 90)]


def test_an_undo_after_saving_is_a_save_of_its_own_on_the_record(at, book):
    first = queries.columns_of(book)[0]
    for typed, base in (("8", ""), ("9", "8"), ("8", "9")):  # typed, changed, Ctrl+Z
        cell = TypedCell(first.id, at.enrolments[0].id, typed, base)
        actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)

    cells = [row.details["cells"][0][2:] for row in AuditRow.objects.filter(verb="marks.recorded").order_by("id")]
    assert cells == [["", "8"], ["8", "9"], ["9", "8"]]


def test_old_and_new_value_of_a_correction_stay_for_ever(at, book):
    first = queries.columns_of(book)[0]
    cell = TypedCell(first.id, at.enrolments[0].id, "6")
    actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)
    actions.lock_book(actor=actor(at.head), book=book, at=NOON)
    book.refresh_from_db()
    for new in ("7", "8"):
        asked = actions.ask_correction(
            actor=actor(at.teacher), book=book, cell=TypedCell(first.id, at.enrolments[0].id, new),
            reason="Cộng nhầm điểm phần hai", at=NOON,
        )  # fmt: skip
        actions.decide_correction(actor=actor(at.head), correction=asked, approve=True, at=NOON)

    kept = queries.visible_corrections(actor(at.head)).order_by("id")
    assert list(kept.values_list("old_typed", "new_typed", "state")) == [("6", "7", "approved"), ("7", "8", "approved")]
    printed = queries.book_paper_of(book).corrections
    assert [(one.old_typed, one.new_typed) for one in printed] == [("6", "7"), ("7", "8")]


def test_an_exemption_is_ended_on_the_page_of_decisions(at, client_of):
    exemption = actions.exempt(
        actor=actor(at.head), enrolment=at.enrolments[0], class_subject=at.maths, starts_on=TODAY,
        reason="Khuyết tật vận động, có giấy", at=NOON,
    )  # fmt: skip
    assert SubjectYear.objects.get(enrolment=at.enrolments[0]).is_exempt
    address = f"/marks/pupils/{at.enrolments[0].public_id}/decisions/"
    assert "Khuyết tật vận động" in client_of(at.head).get(address).content.decode()

    client_of(at.teacher).post(f"{address}end-exemption/", {"exemption": exemption.public_id})
    assert Exemption.objects.get().ends_on is None
    client_of(at.head).post(f"{address}end-exemption/", {"exemption": exemption.public_id})

    assert Exemption.objects.get().ends_on is not None
    assert not SubjectYear.objects.get(enrolment=at.enrolments[0]).is_exempt


@pytest.mark.parametrize("tail", ["received/", "make-ups/", "remarks/", "marks.xlsx", "book.pdf", "spread/", "bring/"])
def test_outsiders_find_no_page_of_a_book(at, book, world, client_of, tail):
    for other in (world.elsewhere.head, world.elsewhere.teacher, at.pupils[0], at.guardians[0]):
        client = client_of(other)
        asks = client.post if tail == "book.pdf" else client.get  # what is printed is asked for
        assert asks(f"/marks/books/{book.public_id}/{tail}").status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("tail", ["received/", "make-ups/", "remarks/", "spread/"])
def test_pages_of_a_book_cost_the_same_for_three_and_thirty_pupils(at, book, client_of, tail):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(at.teacher)

    def cost():
        client.get(f"/marks/books/{book.public_id}/{tail}")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/marks/books/{book.public_id}/{tail}")
        return len(seen)

    few = cost()
    for number in range(27):
        enrol(at, f"Trần Thị {number}")

    assert cost() == few
    assert few <= 15


def test_nobody_is_told_twice_of_a_received_mark(at, book):
    receive(at, book, at.enrolments[0], ["8"])
    events.deliver_now()

    receive(at, book, at.enrolments[0], ["8"])

    assert AuditRow.objects.filter(verb="marks.recorded").count() == 1
    assert MakeUpTest.objects.filter(due_on__gt=TODAY + timedelta(days=1)).count() == 0


def test_a_class_renamed_during_the_year_keeps_its_marks(at, book, client_of):
    first = queries.columns_of(book)[0]
    cell = TypedCell(first.id, at.enrolments[0].id, "9")
    actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)
    at.school_class.name = "6A1"
    at.school_class.save()

    page = client_of(at.teacher).get(f"/marks/books/{book.public_id}/").content.decode()

    assert "6A1" in page
    assert queries.grid_of(queries.book_of(actor(at.teacher), book.public_id)).rows[0].cells[0] == "9"
