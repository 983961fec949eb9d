"""Entering marks side by side: windows, strands, and two people in one cell."""

from datetime import date, timedelta

import pytest

from khue.foundation.errors import Forbidden
from khue.gradebook import actions
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import EntryWindow, Mark, MarkColumn
from khue.gradebook.refusals import WindowOutOfOrder
from khue.schools.models import TeachingAssignment
from tests.world import NOON, YEAR_START, account, actor, staff

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def at(world):
    return world.here


@pytest.fixture
def book(at):
    return actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term)


def column(book, kind="regular", position=1):
    return MarkColumn.objects.get(book=book, kind=kind, position=position)


def typed(at, book, text, base=None, kind="regular", by=None):
    cell = TypedCell(column(book, kind).id, at.enrolments[0].id, text, base)
    return actions.record_marks(actor=actor(by or at.teacher), book=book, cells=[cell], at=NOON)


def test_a_mark_somebody_else_entered_meanwhile_is_not_overwritten(at, book):
    typed(at, book, "8", base="")

    late = typed(at, book, "6", base="")

    assert list(late.conflicts.values()) == ["8"]
    assert late.shown == {}
    assert Mark.objects.get().tenths == 80


def test_the_same_mark_twice_is_no_conflict(at, book):
    typed(at, book, "8", base="")

    assert typed(at, book, "8", base="").conflicts == {}


def test_who_has_seen_the_mark_may_change_it(at, book):
    typed(at, book, "8", base="")

    assert typed(at, book, "6", base="8").conflicts == {}
    assert Mark.objects.get().tenths == 60


def test_a_column_outside_its_window_takes_no_mark_and_the_others_do(at, book):
    actions.set_window(
        actor=actor(at.head), term=at.term, kind="mid", opens_on=DAY - timedelta(9), closes_on=DAY - timedelta(1)
    )

    refused = typed(at, book, "8", kind="mid").refused
    typed(at, book, "7")

    assert list(refused.values()) == [
        "Chưa đến hoặc đã hết thời gian nhập loại điểm này. Hãy đề nghị hiệu trưởng mở lại."
    ]
    assert list(Mark.objects.values_list("tenths", flat=True)) == [70]


def test_on_its_last_day_a_window_is_open(at, book):
    actions.set_window(actor=actor(at.head), term=at.term, kind="mid", opens_on=DAY, closes_on=DAY)

    assert typed(at, book, "8", kind="mid").refused == {}


def test_windows_are_the_heads(at):
    with pytest.raises(Forbidden):
        actions.set_window(actor=actor(at.teacher), term=at.term, kind="mid", opens_on=DAY, closes_on=DAY)
    with pytest.raises(WindowOutOfOrder):
        actions.set_window(actor=actor(at.head), term=at.term, kind="mid", opens_on=DAY, closes_on=DAY - timedelta(1))

    assert not EntryWindow.objects.exists()


def test_a_column_of_a_strand_is_its_teachers(at, book):
    colleague = staff("Ngô Văn Tám", at.organisation, "teacher")
    TeachingAssignment.objects.create(
        organisation=at.organisation, class_subject=at.maths, staff=colleague, strand="Hình học", share_percent=50,
        leads=False, starts_on=YEAR_START,
    )  # fmt: skip
    made = actions.add_regular_column(actor=actor(at.teacher), book=book, title="Thực hành", strand="Hình học")
    cell = TypedCell(made.id, at.enrolments[0].id, "9")

    by_other = actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)
    assert list(by_other.refused.values()) == ["Cột này do giáo viên dạy phần Hình học nhập."]
    assert not Mark.objects.exists()

    geometer = account(colleague.person, "subject_teacher", at.organisation)
    actions.record_marks(actor=actor(geometer), book=book, cells=[cell], at=NOON)
    assert Mark.objects.get().tenths == 90
