"""Arranging for the tests of assessment: questions, tests and assignments made through models."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from khue.assessment.models import Assignment, Choice, Question, Test, TestQuestion
from khue.curriculum.models import Outcome, Subject
from tests.world import NOON, School


@dataclass
class SetTest:
    assignment: Assignment
    test: Test
    questions: list[Question]


def question(at: School, text: str = "Một cộng một bằng mấy?", key: int = 2, choices: int = 4) -> Question:
    made = Question.objects.create(
        organisation=at.organisation,
        subject=at.maths.subject,
        grade=6,
        state="reviewed",
        stem=text,
        words=text,
        made_at=NOON,
    )
    for position in range(1, choices + 1):
        Choice.objects.create(
            organisation=at.organisation,
            question=made,
            position=position,
            content=f"phương án {position}",
            is_key=position == key,
        )
    return made


def outcome(subject: Subject, code: str, grade: int = 6) -> Outcome:
    return Outcome.objects.create(
        subject=subject, grade=grade, kind="outcome", code=code, text=f"Yêu cầu {code}", sequence=900,
        valid_from=date(2021, 9, 5), source="TT 32/2018",
    )  # fmt: skip


def a_test(at: School, questions: int = 4, points: int = 25) -> tuple[Test, list[Question]]:
    test = Test.objects.create(
        organisation=at.organisation, title="Kiểm tra 15 phút", subject=at.maths.subject, grade=6, made_at=NOON
    )
    made = [question(at, f"Câu hỏi số {number}", key=number % 4 + 1) for number in range(1, questions + 1)]
    for order, one in enumerate(made, 1):
        TestQuestion.objects.create(organisation=at.organisation, test=test, question=one, order=order, points=points)
    return test, made


def set_test(at: School, questions: int = 4, *, opens_at: datetime = NOON, **terms: object) -> SetTest:
    test, made = a_test(at, questions)
    fields = {"closes_at": opens_at + timedelta(hours=2), "minutes": 15, "shuffle": True, **terms}
    assignment = Assignment.objects.create(
        organisation=at.organisation,
        test=test,
        class_subject=at.maths,
        opens_at=opens_at,
        assigned_at=opens_at,
        **fields,
    )
    return SetTest(assignment, test, made)
