"""Putting a test together and setting it to a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from khue.assessment.access import Permission
from khue.assessment.events import TestAssigned
from khue.assessment.models import Assignment, Paper, Question, Test, TestQuestion
from khue.curriculum.models import Subject
from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import ClassSubject

POINTS_OF_A_QUESTION = 100
POINTS_OF_A_TEST = 1000


class TestIsSet(Refusal):
    __test__ = False
    code = "test_is_set"
    message = _("Đề này đã giao cho lớp nên không sửa được nữa. Hãy tạo một đề khác.")


class TestIsEmpty(Refusal):
    __test__ = False
    code = "test_is_empty"
    message = _("Đề chưa có câu hỏi nào. Hãy chọn câu hỏi từ ngân hàng trước khi giao.")


class WindowNotPossible(Refusal):
    code = "window_not_possible"
    message = _("Giờ đóng phải sau giờ mở và sau lúc này. Hãy chọn lại thời gian.")
    field = "closes_at"


class PaperNotAccepted(Refusal):
    code = "paper_not_accepted"
    message = _("Đề Word này chưa có câu nào trong ngân hàng. Hãy nhận các câu dùng được trước.")


@dataclass(frozen=True)
class Terms:
    """On what terms a test is set.

    minutes      from a pupil's start; None means until the close
    mark_column  where the gradebook is asked to put the mark
    """

    opens_at: datetime
    closes_at: datetime
    minutes: int | None = None
    attempts_allowed: int = 1
    shuffle: bool = True
    mark_column: str = ""


@transaction.atomic
def make_test(
    *, actor: Actor, organisation: Organisation, subject: Subject, grade: int, title: str, at: datetime
) -> Test:
    """Begin a test without questions."""
    require(actor, Permission.TEST_WRITE, within=organisation)

    test = Test.objects.create(
        organisation=organisation, subject=subject, grade=grade, title=title, owner_id=actor.account_id, made_at=at
    )
    audit.record(actor, "test.made", test, title=title)
    return test


@transaction.atomic
def make_test_of_paper(*, actor: Actor, paper: Paper, at: datetime) -> Test:
    """A test of the questions that were taken over from a Word paper, in its order, ten points shared among them.

    refuses  PaperNotAccepted
    """
    require(actor, Permission.TEST_WRITE, within=paper)

    taken = paper.items.exclude(question=None).select_related("question").order_by("order")
    questions = [item.question for item in taken if item.question]
    if not questions:
        raise PaperNotAccepted
    test = make_test(
        actor=actor, organisation=paper.organisation, subject=paper.subject, grade=paper.grade,
        title=paper.name.removesuffix(".docx")[:200], at=at,
    )  # fmt: skip
    add_questions(actor=actor, test=test, questions=questions)
    spread_points(actor=actor, test=test)
    return test


@transaction.atomic
def add_questions(*, actor: Actor, test: Test, questions: Sequence[Question]) -> int:
    """Put questions at the end of the test, one point each; those already in it stay where they are.

    questions  as the actor sees them in the bank, of the test's organisation
    returns    how many are new
    refuses    TestIsSet
    """
    require(actor, Permission.TEST_WRITE, within=test)

    _refuse_if_set(test)
    present = set(TestQuestion.objects.filter(test=test).values_list("question_id", flat=True))
    last = TestQuestion.objects.filter(test=test).aggregate(last=Max("order"))["last"] or 0
    new = [q for q in questions if q.id not in present and q.organisation_id == test.organisation_id]
    TestQuestion.objects.bulk_create(
        TestQuestion(
            organisation_id=test.organisation_id, test=test, question=question, order=order, points=POINTS_OF_A_QUESTION
        )
        for order, question in enumerate(new, last + 1)
    )
    audit.record(actor, "test.questions_added", test, questions=[question.id for question in new])
    return len(new)


@transaction.atomic
def remove_question(*, actor: Actor, test: Test, order: int) -> None:
    """Take the question at this place out of the test; those behind it move up. Refuses TestIsSet."""
    require(actor, Permission.TEST_WRITE, within=test)

    _refuse_if_set(test)
    lines = [line for line in _lines(test) if line.order != order]
    TestQuestion.objects.filter(test=test, order=order).delete()
    _renumber(lines)
    audit.record(actor, "test.question_removed", test, order=order)


@transaction.atomic
def move_question(*, actor: Actor, test: Test, order: int, to: int) -> None:
    """Move the question at one place to another; places beyond the ends mean the ends. Refuses TestIsSet."""
    require(actor, Permission.TEST_WRITE, within=test)

    _refuse_if_set(test)
    lines = _lines(test)
    moved = [line for line in lines if line.order == order]
    rest = [line for line in lines if line.order != order]
    rest[max(to - 1, 0) : max(to - 1, 0)] = moved
    _renumber(rest)
    audit.record(actor, "test.question_moved", test, order=order, to=to)


@transaction.atomic
def set_points(*, actor: Actor, test: Test, points: dict[int, int]) -> None:
    """Say what questions give: hundredths of a point by place, above zero. Refuses TestIsSet."""
    require(actor, Permission.TEST_WRITE, within=test)

    _refuse_if_set(test)
    lines = [line for line in _lines(test) if points.get(line.order, 0) > 0]
    for line in lines:
        line.points = points[line.order]
    TestQuestion.objects.bulk_update(lines, ["points"])
    audit.record(actor, "test.points_set", test, points={str(line.order): line.points for line in lines})


@transaction.atomic
def spread_points(*, actor: Actor, test: Test) -> None:
    """Share ten points among the questions as evenly as hundredths allow, the first getting the rest.

    refuses  TestIsSet
    """
    require(actor, Permission.TEST_WRITE, within=test)

    _refuse_if_set(test)
    lines = _lines(test)
    for place, line in enumerate(lines):
        share, rest = divmod(POINTS_OF_A_TEST, len(lines))
        line.points = share + (place < rest)
    TestQuestion.objects.bulk_update(lines, ["points"])
    audit.record(actor, "test.points_spread", test, questions=len(lines))


@transaction.atomic
def assign_test(*, actor: Actor, test: Test, class_subject: ClassSubject, terms: Terms, at: datetime) -> Assignment:
    """Set a test to a class-subject one teaches. From now on its questions do not change.

    refuses  TestIsEmpty, WindowNotPossible
    raises   Forbidden for a class-subject one does not teach
    """
    require(actor, Permission.ASSIGNMENT_WRITE_TAUGHT, within=class_subject)
    if not (actor.is_system or schools.teaches(actor, class_subject)):
        raise Forbidden
    if test.organisation_id != class_subject.organisation_id:
        raise Forbidden

    if terms.closes_at <= max(terms.opens_at, at):
        raise WindowNotPossible
    # The lock keeps a colleague from changing the test while it is being set.
    Test.objects.select_for_update().get(id=test.id)
    if not TestQuestion.objects.filter(test=test).exists():
        raise TestIsEmpty
    assignment = Assignment.objects.create(
        organisation_id=class_subject.organisation_id, test=test, class_subject=class_subject,
        opens_at=terms.opens_at, closes_at=terms.closes_at, minutes=terms.minutes,
        attempts_allowed=terms.attempts_allowed, shuffle=terms.shuffle, mark_column=terms.mark_column,
        assigned_by_id=actor.account_id, assigned_at=at,
    )  # fmt: skip
    audit.record(actor, "test.assigned", assignment, class_subject=class_subject.id, closes_at=terms.closes_at)
    events.publish(
        TestAssigned(
            organisation_id=assignment.organisation_id,
            assignment_id=assignment.id,
            class_subject_id=class_subject.id,
            opens_at=terms.opens_at.isoformat(),
            closes_at=terms.closes_at.isoformat(),
        )
    )
    return assignment


def _refuse_if_set(test: Test) -> None:
    Test.objects.select_for_update().get(id=test.id)
    if Assignment.objects.filter(test=test).exists():
        raise TestIsSet


def _lines(test: Test) -> list[TestQuestion]:
    return list(TestQuestion.objects.filter(test=test).order_by("order"))


def _renumber(lines: list[TestQuestion]) -> None:
    for order, line in enumerate(lines, 1):
        line.order = order
    TestQuestion.objects.bulk_update(lines, ["order"])
