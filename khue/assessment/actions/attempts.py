"""A pupil's way through a test: start, answer, hand in. The server's clock decides everything."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khue.assessment import scoring
from khue.assessment.access import Permission
from khue.assessment.answers import GRACE, SAVE, SentAnswer, parameters
from khue.assessment.content import content_of
from khue.assessment.events import AttemptSubmitted
from khue.assessment.models import Assignment, Attempt, Response
from khue.foundation import audit, events
from khue.foundation.actor import SYSTEM, Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.joined import joined
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.schools import queries as schools


class NotOpen(Refusal):
    code = "not_open"
    message = _("Bài kiểm tra chưa mở hoặc đã đóng. Em xem lại giờ mở và giờ đóng.")


class NoAttemptLeft(Refusal):
    code = "no_attempt_left"
    message = _("Em đã dùng hết số lần làm bài này.")


class TestWithdrawn(Refusal):
    code = "test_withdrawn"
    message = _("Thầy/Cô vừa rút bài này lại nên em không vào làm được nữa. Em chờ Thầy/Cô giao lại.")


class AttemptIsOver(Refusal):
    code = "attempt_is_over"
    message = _("Em đã nộp bài này rồi.")


@dataclass(frozen=True, slots=True)
class Answer:
    """place of the question in the test from 1; answer as a choice's position; sequence counts up in one browser."""

    place: int
    answer: str
    sequence: int


@joined()
def start_attempt(*, actor: Actor, assignment: Assignment, at: datetime, place: schools.Place | None = None) -> Attempt:
    """Begin an attempt, or go on with the one that is open.

    place    the actor's own, where the caller has asked for it already: a query less
    refuses  NotOpen, NoAttemptLeft; TestWithdrawn in the very instant
    raises   Forbidden for someone who does not take the subject in that class
    """
    require(actor, Permission.ATTEMPT_TAKE, within=assignment)
    place = _place_in_class(actor, assignment, at, place)

    # The row lock makes two clicks, or two devices, one after the other.
    attempts = _locked_attempts(assignment.id, place.person_id)
    running = next((one for one in attempts if one.submitted_at is None), None)
    if running is not None and at <= running.deadline_at + GRACE:
        return running
    if not assignment.opens_at <= at < assignment.closes_at:
        raise NotOpen
    if len(attempts) >= assignment.attempts_allowed:
        raise NoAttemptLeft

    if running is not None:
        _close(running, assignment, Attempt.Submitter.CLOCK, SYSTEM, at)
    attempt = Attempt(
        organisation_id=assignment.organisation_id,
        assignment=assignment,
        enrolment_id=place.enrolment_id,
        person_id=place.person_id,
        number=len(attempts) + 1,
        seed=secrets.randbits(30),
        started_at=at,
        deadline_at=_deadline(assignment, at),
    )
    if not _inserted(attempt):
        return _of_another_device(assignment.id, place.person_id)
    audit.record(actor, "attempt.started", attempt, deadline_at=attempt.deadline_at)
    return attempt


def _deadline(assignment: Assignment, at: datetime) -> datetime:
    if assignment.minutes is None:
        return assignment.closes_at
    return min(assignment.closes_at, at + timedelta(minutes=assignment.minutes))


def _of_another_device(assignment_id: int, person_id: int) -> Attempt:
    """The attempt that another device began an instant before. Where there is none the test itself is gone."""
    attempts = _locked_attempts(assignment_id, person_id)
    if not attempts:
        raise TestWithdrawn
    return attempts[-1]


#: One statement where Django sends four. It says nothing where another device was faster by an instant, or where the
#: teacher was who withdraws the test: it holds the test against that, or waits until it is gone.
_INSERT = """
    INSERT INTO assessment_attempt
        (public_id, organisation_id, assignment_id, enrolment_id, person_id, number, seed, started_at, deadline_at,
         submitted_by)
    SELECT %s, organisation_id, id, %s, %s, %s, %s, %s, %s, '' FROM assessment_assignment WHERE id = %s FOR KEY SHARE
    ON CONFLICT DO NOTHING RETURNING id
"""


def _inserted(attempt: Attempt) -> bool:
    """Whether the row is new; it has its id then."""
    values: list[Any] = [
        attempt.public_id, attempt.enrolment_id, attempt.person_id, attempt.number, attempt.seed, attempt.started_at,
        attempt.deadline_at, attempt.assignment_id,
    ]  # fmt: skip
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_INSERT, values)
    row = cursor.fetchone()
    if row is not None:
        attempt.id = row[0]
    return row is not None


@compiled
def _locked_attempts(assignment_id: int, person_id: int) -> QuerySet[Attempt]:
    rows = Attempt.objects.select_for_update().filter(assignment_id=assignment_id, person_id=person_id)
    return rows.order_by("id")


@transaction.atomic
def save_answers(*, actor: Actor, attempt: Attempt, answers: Sequence[Answer], at: datetime) -> int:
    """Keep answers sent by the plain form. The player sends the same to the hot door.

    Not in the audit trail: the answers themselves are the trail.
    returns  how many came after the deadline and are kept as late
    """
    require(actor, Permission.ATTEMPT_TAKE, within=attempt)
    _require_own(actor, attempt)

    sent = [
        SentAnswer(attempt.id, attempt.organisation_id, one.place, one.answer[:200], one.sequence, at)
        for one in answers
    ]
    with connection.cursor() as cursor:
        cursor.execute(SAVE, parameters(sent))
        return sum(is_late for _attempt, _place, is_late in cursor.fetchall())


@transaction.atomic
def submit_attempt(*, actor: Actor, attempt: Attempt, at: datetime) -> Attempt:
    """Hand in. Scores what came in time, once; handing in again changes nothing."""
    require(actor, Permission.ATTEMPT_TAKE, within=attempt)
    _require_own(actor, attempt)

    locked = _locked(attempt.id)
    if locked.submitted_at is None:
        _close(locked, locked.assignment, Attempt.Submitter.PUPIL, actor, at)
    return locked


@transaction.atomic
def submit_overdue(*, actor: Actor, at: datetime, most: int = 500) -> int:
    """Hand in for those whose time is up. For the clock, every minute.

    returns  how many; call again at once while it is `most`
    """
    require(actor, Permission.ATTEMPT_CLOSE, within=None)

    overdue = (
        Attempt.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("assignment")
        .filter(submitted_at=None, deadline_at__lt=at - GRACE)
        .order_by("id")[:most]
    )
    for attempt in overdue:
        _close(attempt, attempt.assignment, Attempt.Submitter.CLOCK, actor, at)
    return len(overdue)


def _close(attempt: Attempt, assignment: Assignment, by: Attempt.Submitter, actor: Actor, at: datetime) -> None:
    """Score and close an attempt whose row is locked."""
    questions = content_of(assignment.test_id).questions
    in_time = Response.objects.filter(attempt_id=attempt.id, started_at=attempt.started_at, is_late=False)
    answers = dict(in_time.values_list("question_id", "answer"))
    attempt.score = scoring.score({one.question_id: one.asked for one in questions}, answers)
    attempt.top = sum(one.asked.points for one in questions)
    attempt.mark = scoring.mark(attempt.score, attempt.top)
    attempt.submitted_at = min(at, attempt.deadline_at + GRACE)
    attempt.submitted_by = by
    attempt.save(update_fields=["score", "top", "mark", "submitted_at", "submitted_by"])
    audit.record(actor, "attempt.submitted", attempt, score=attempt.score, top=attempt.top, by=str(by))
    events.publish(
        AttemptSubmitted(
            organisation_id=attempt.organisation_id,
            attempt_id=attempt.id,
            assignment_id=assignment.id,
            class_subject_id=assignment.class_subject_id,
            enrolment_id=attempt.enrolment_id,
            person_id=attempt.person_id,
            score=attempt.score,
            top=attempt.top,
            mark=attempt.mark,
            mark_column=assignment.mark_column,
        )
    )


def _locked(attempt_id: int) -> Attempt:
    return Attempt.objects.select_for_update(of=("self",)).select_related("assignment").get(id=attempt_id)


def _require_own(actor: Actor, attempt: Attempt) -> None:
    if actor.person_id != attempt.person_id:
        raise Forbidden


def _place_in_class(actor: Actor, assignment: Assignment, at: datetime, place: schools.Place | None) -> schools.Place:
    """The actor's place in the class that was set the test. Raises Forbidden."""
    day = at.astimezone(VIETNAM).date()
    if place is None and actor.person_id is not None:
        place = schools.place_of_pupil(actor.person_id, day)
    class_subject = assignment.class_subject
    if place is None or place.person_id != actor.person_id:
        raise Forbidden
    if place.school_class_id != class_subject.school_class_id:
        raise Forbidden
    if class_subject.is_elective and all(
        member.enrolment_id != place.enrolment_id for member in schools.learners(class_subject, day)
    ):
        raise Forbidden
    return place
