"""What can still be changed about a test that a class has: until when, how often, and whether at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from khue.assessment.access import Permission
from khue.assessment.actions.building import WindowNotPossible
from khue.assessment.models import Assignment, Attempt
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.schools import queries as schools


class AlreadyBegun(Refusal):
    code = "assignment_begun"
    message = _("Đã có em vào làm bài này nên không rút lại được. Thầy/Cô có thể đổi giờ đóng.")


class PartOfLesson(Refusal):
    code = "assignment_in_lesson"
    message = _("Bài này đang nằm trong một bài học của khoá học. Hãy bỏ bài khỏi bài học đó trước.")


@transaction.atomic
def change_assignment(
    *, actor: Actor, assignment: Assignment, closes_at: datetime, attempts_allowed: int, at: datetime
) -> Assignment:
    """Let a class work longer, shorter, or once more. Who is at work gets the time won and keeps the time promised.

    refuses  WindowNotPossible: a new close that is past, or before the opening
    raises   Forbidden for a class-subject one does not teach
    """
    row = _held(actor, assignment)

    if closes_at != row.closes_at and closes_at <= max(row.opens_at, at):
        raise WindowNotPossible
    before = {"closes_at": row.closes_at, "attempts_allowed": row.attempts_allowed}
    row.closes_at, row.attempts_allowed = closes_at, attempts_allowed
    row.save(update_fields=["closes_at", "attempts_allowed"])
    open_attempts = list(row.attempts.filter(submitted_at=None).select_for_update().order_by("id"))
    for attempt in open_attempts:
        attempt.deadline_at = max(attempt.deadline_at, _end(row, attempt))
    Attempt.objects.bulk_update(open_attempts, ["deadline_at"])
    audit.record(
        actor,
        "test.assignment_changed",
        row,
        before=before,
        after={"closes_at": closes_at, "attempts_allowed": attempts_allowed},
    )
    return row


@transaction.atomic
def withdraw_assignment(*, actor: Actor, assignment: Assignment) -> None:
    """Take back a test that was set by mistake, as long as nobody has begun. The test may be changed again.

    refuses  AlreadyBegun, PartOfLesson
    raises   Forbidden for a class-subject one does not teach
    """
    row = _held(actor, assignment)

    if row.attempts.exists():
        raise AlreadyBegun
    audit.record(actor, "test.assignment_withdrawn", row, class_subject=row.class_subject_id)
    try:
        row.delete()
    except ProtectedError:
        raise PartOfLesson from None


def _held(actor: Actor, assignment: Assignment) -> Assignment:
    """The assignment, locked: no pupil begins meanwhile."""
    require(actor, Permission.ASSIGNMENT_WRITE_TAUGHT, within=assignment)
    if not (actor.is_system or schools.teaches(actor, assignment.class_subject)):
        raise Forbidden
    return Assignment.objects.select_for_update().get(id=assignment.id)


def _end(assignment: Assignment, attempt: Attempt) -> datetime:
    if assignment.minutes is None:
        return assignment.closes_at
    return min(attempt.started_at + timedelta(minutes=assignment.minutes), assignment.closes_at)
