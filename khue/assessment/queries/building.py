"""Tests under construction and ready."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from khue.assessment import access
from khue.assessment.access import Permission
from khue.assessment.models import Assignment, Choice, Test, TestQuestion
from khue.foundation.actor import Actor
from khue.foundation.record import one


@dataclass(frozen=True)
class TestLine:
    """One question of a test. points: hundredths; choices: HTML by position; key: position of the right one."""

    __test__ = False
    order: int
    points: int
    question_public_id: UUID
    stem: str
    choices: tuple[str, ...]
    key: int


def visible_tests(actor: Actor) -> QuerySet[Test]:
    """Tests of the school, the newest first. One query; page it before use."""
    rows = Test.objects.filter(access.within(actor, Permission.TEST_WRITE))
    return rows.select_related("subject", "organisation", "owner").order_by("-id")


def test_of(actor: Actor, public_id: UUID) -> Test:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_tests(actor), public_id=public_id)


def lines_of(test: Test) -> list[TestLine]:
    """The test's questions in order, with choices and keys. Two queries."""
    lines = list(TestQuestion.objects.filter(test=test).select_related("question").order_by("order"))
    choices: dict[int, list[Choice]] = {}
    for choice in Choice.objects.filter(question__in=[line.question_id for line in lines]).order_by("position"):
        choices.setdefault(choice.question_id, []).append(choice)
    return [
        TestLine(
            order=line.order,
            points=line.points,
            question_public_id=line.question.public_id,
            stem=line.question.stem,
            choices=tuple(choice.content for choice in choices[line.question_id]),
            key=next(choice.position for choice in choices[line.question_id] if choice.is_key),
        )
        for line in lines
    ]


def is_set(test: Test) -> bool:
    """Whether some class has been set the test: then it changes no more."""
    return Assignment.objects.filter(test=test).exists()
