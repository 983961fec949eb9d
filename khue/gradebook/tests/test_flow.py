"""What flows into marks and out of them: results of tests, messages to families."""

from collections.abc import Callable

import pytest

from khue.assessment.events import AttemptSubmitted
from khue.assessment.models import Attempt
from khue.foundation import events, outbox
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import MarkBook, MarkColumn
from khue.messaging import queries as messaging
from khue.messaging.models import Message
from tests.world import NOON, World, actor, submitted_attempt


@pytest.fixture
def book(world: World) -> MarkBook:
    return actions.open_book(actor=actor(world.here.teacher), class_subject=world.here.maths, term=world.here.term)


def submitted(world: World, attempt: Attempt, column: str = "regular") -> AttemptSubmitted:
    return AttemptSubmitted(
        organisation_id=attempt.organisation_id,
        attempt_id=attempt.id,
        assignment_id=attempt.assignment_id,
        class_subject_id=world.here.maths.id,
        enrolment_id=attempt.enrolment_id,
        person_id=attempt.person_id,
        score=attempt.score,
        top=attempt.top,
        mark=attempt.mark,
        mark_column=column,
    )


def test_results_of_one_test_flow_into_one_column(world: World, book: MarkBook) -> None:
    first = submitted_attempt(world, 0, 85)
    second = submitted_attempt(world, 1, 70, first.assignment)
    for attempt in (first, second, first):
        events.publish(submitted(world, attempt))
    outbox.deliver_all(rises=True)

    assert [row.cells[0] for row in queries.grid_of(book).rows] == ["8,5", "7", ""]
    assert MarkColumn.objects.filter(assignment_id=first.assignment_id).count() == 1


def test_a_test_takes_a_column_without_marks_and_opens_the_book_if_need_be(world: World) -> None:
    events.publish(submitted(world, submitted_attempt(world, 0, 60)))
    outbox.deliver_all(rises=True)
    events.publish(submitted(world, submitted_attempt(world, 0, 90)))
    outbox.deliver_all(rises=True)

    assert queries.grid_of(MarkBook.objects.get()).rows[0].cells[:3] == ["6", "9", ""]


def test_a_test_without_a_mark_changes_no_book(world: World, book: MarkBook) -> None:
    events.publish(submitted(world, submitted_attempt(world, 0, 85), column=""))
    outbox.deliver_all(rises=True)

    assert [row.result for row in queries.grid_of(book).rows] == ["", "", ""]


def test_a_locked_book_takes_no_result(world: World, book: MarkBook) -> None:
    actions.lock_book(actor=actor(world.here.head), book=book, at=NOON)

    events.publish(submitted(world, submitted_attempt(world, 0, 85)))
    outbox.deliver_all(rises=True)

    assert [row.result for row in queries.grid_of(book).rows] == ["", "", ""]


def test_a_new_mark_reaches_the_family_and_a_retyped_one_corrects_the_message(
    world: World, book: MarkBook, django_assert_num_queries: Callable
) -> None:
    column, pupil = queries.columns_of(book)[0].id, world.here.enrolments[0].id
    for typed in ("75", "8"):
        cells = [TypedCell(column, pupil, typed)]
        actions.record_marks(actor=actor(world.here.teacher), book=book, cells=cells, at=NOON)
        outbox.deliver_all(rises=True)

    assert Message.objects.get().subject == "Nguyễn Văn A có điểm Toán mới: 8"
    assert messaging.unread_count(actor(world.here.guardians[0])) == 1
    assert messaging.unread_count(actor(world.here.pupils[0])) == 1
    assert messaging.unread_count(actor(world.here.guardians[1])) == 0
