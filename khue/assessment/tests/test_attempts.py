from datetime import timedelta

import pytest

from khue.assessment import actions, queries
from khue.assessment.actions import Answer
from khue.assessment.models import Attempt, Response
from khue.assessment.tests.builders import set_test
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import OutboxEvent
from tests.world import NOON, World, actor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def started(world: World):
    made = set_test(world.here)
    pupil = actor(world.here.pupils[0])
    attempt = actions.start_attempt(actor=pupil, assignment=made.assignment, at=NOON)
    return made, pupil, attempt


def test_starting_twice_goes_on_with_the_same_attempt(started):
    made, pupil, attempt = started

    again = actions.start_attempt(actor=pupil, assignment=made.assignment, at=NOON + MINUTE)

    assert again.id == attempt.id
    assert attempt.deadline_at == NOON + 15 * MINUTE


def test_the_close_of_the_window_shortens_the_time(world: World):
    made = set_test(world.here, closes_at=NOON + 10 * MINUTE)

    attempt = actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=made.assignment, at=NOON + 4 * MINUTE)

    assert attempt.deadline_at == NOON + 10 * MINUTE


@pytest.mark.parametrize("minutes", [-1, 120])
def test_nobody_starts_outside_the_window(world: World, minutes: int):
    made = set_test(world.here)

    with pytest.raises(actions.NotOpen):
        actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=made.assignment, at=NOON + minutes * MINUTE)

    assert not Attempt.objects.exists()


def test_a_pupil_of_another_school_a_guardian_and_a_teacher_cannot_start(world: World):
    made = set_test(world.here)

    for account in (world.elsewhere.pupils[0], world.here.guardians[0], world.here.teacher, world.here.head):
        with pytest.raises(Forbidden):
            actions.start_attempt(actor=actor(account), assignment=made.assignment, at=NOON)

    assert not Attempt.objects.exists()


def test_answers_are_scored_when_handed_in_and_told_to_the_rooms_above(started):
    _made, pupil, attempt = started
    right = {place: str(place % 4 + 1) for place in (1, 2, 3)}
    answers = [Answer(place, answer, 1) for place, answer in right.items()] + [Answer(4, "4", 1)]
    actions.save_answers(actor=pupil, attempt=attempt, answers=answers, at=NOON + MINUTE)

    done = actions.submit_attempt(actor=pupil, attempt=attempt, at=NOON + 2 * MINUTE)

    assert (done.score, done.top, done.mark) == (75, 100, 75)
    event = OutboxEvent.objects.get(name="assessment.attempt_submitted")
    assert (event.payload["mark"], event.payload["enrolment_id"]) == (75, attempt.enrolment_id)


def test_handing_in_twice_changes_nothing(started):
    _made, pupil, attempt = started
    first = actions.submit_attempt(actor=pupil, attempt=attempt, at=NOON + MINUTE)
    actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "2", 9)], at=NOON + 2 * MINUTE)

    second = actions.submit_attempt(actor=pupil, attempt=attempt, at=NOON + 3 * MINUTE)

    assert (second.score, second.submitted_at) == (first.score, first.submitted_at)
    assert OutboxEvent.objects.filter(name="assessment.attempt_submitted").count() == 1


def test_an_older_answer_never_replaces_a_newer_one(started):
    _made, pupil, attempt = started
    actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "3", 5)], at=NOON)

    actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "1", 4), Answer(1, "2", 5)], at=NOON + MINUTE)

    assert list(Response.objects.values_list("answer", "sequence")) == [("3", 5)]


def test_a_late_answer_is_kept_beside_and_never_scored(started):
    made, pupil, attempt = started
    late_at = attempt.deadline_at + timedelta(seconds=31)

    late = actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "2", 1)], at=late_at)
    done = actions.submit_attempt(actor=pupil, attempt=attempt, at=late_at)

    assert late == 1
    assert done.score == 0
    assert Response.objects.get().is_late
    assert queries.results_of(made.assignment, late_at)[0].late == 1


def test_an_answer_within_the_grace_counts(started):
    _made, pupil, attempt = started
    at = attempt.deadline_at + timedelta(seconds=30)

    late = actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "2", 1)], at=at)

    assert late == 0
    assert actions.submit_attempt(actor=pupil, attempt=attempt, at=at).score == 25


def test_an_answer_to_no_question_of_the_test_is_not_kept(started):
    _made, pupil, attempt = started

    actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(5, "1", 1)], at=NOON)

    assert not Response.objects.exists()


def test_nobody_answers_or_hands_in_for_another(started, world: World):
    _made, _pupil, attempt = started
    classmate = actor(world.here.pupils[1])

    with pytest.raises(Forbidden):
        actions.save_answers(actor=classmate, attempt=attempt, answers=[Answer(1, "2", 1)], at=NOON)
    with pytest.raises(Forbidden):
        actions.submit_attempt(actor=classmate, attempt=attempt, at=NOON)
    with pytest.raises(NotFound):
        queries.own_attempt_of(classmate, attempt.public_id)

    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert not Response.objects.exists()


def test_the_clock_hands_in_what_is_overdue_and_nothing_else(started):
    _made, pupil, attempt = started
    actions.save_answers(actor=pupil, attempt=attempt, answers=[Answer(1, "2", 1)], at=NOON)
    end = attempt.deadline_at + timedelta(seconds=30)

    assert actions.submit_overdue(actor=SYSTEM, at=end) == 0
    assert actions.submit_overdue(actor=SYSTEM, at=end + timedelta(seconds=1)) == 1
    assert actions.submit_overdue(actor=SYSTEM, at=end + MINUTE) == 0

    attempt.refresh_from_db()
    assert (attempt.submitted_by, attempt.score, attempt.submitted_at) == ("clock", 25, end)


def test_attempts_run_out(world: World):
    made = set_test(world.here, attempts_allowed=2)
    pupil = actor(world.here.pupils[0])
    for minute in (0, 1):
        attempt = actions.start_attempt(actor=pupil, assignment=made.assignment, at=NOON + minute * MINUTE)
        actions.submit_attempt(actor=pupil, attempt=attempt, at=NOON + minute * MINUTE)

    with pytest.raises(actions.NoAttemptLeft):
        actions.start_attempt(actor=pupil, assignment=made.assignment, at=NOON + 2 * MINUTE)

    assert Attempt.objects.count() == 2


def test_an_attempt_shows_the_same_order_every_time(started):
    _made, pupil, attempt = started
    attempt = queries.own_attempt_of(pupil, attempt.public_id)

    first = queries.shown_questions(attempt, {})

    assert first == queries.shown_questions(attempt, {})
    assert sorted(question.place for question in first) == [1, 2, 3, 4]
