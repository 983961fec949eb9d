"""What the first class learns with: resources, questions, a test, a course. All through the rooms' actions."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from khue.assessment import actions as assessment
from khue.assessment.actions import Terms
from khue.assessment.models import Assignment, Question
from khue.curriculum import queries as curriculum
from khue.demo.taking import KEY, QUESTIONS, do_lessons, take_test
from khue.foundation import files
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.learning import actions as learning
from khue.learning.actions import LessonText
from khue.library import actions as library
from khue.library.actions import Description
from khue.library.models import Resource
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import ClassSubject

FRACTIONS = [(1, 2, 1, 3), (2, 3, 1, 6), (3, 4, 1, 8), (1, 5, 2, 5), (5, 6, 1, 2), (3, 8, 1, 4), (2, 7, 3, 7)]
FRACTIONS += [(1, 9, 2, 3), (4, 5, 1, 10), (7, 12, 1, 4), (1, 6, 1, 8), (3, 10, 2, 5)]
PDF = """%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length {length}>> stream
{text}
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""
SEED = 15
TITLES = ["Phân số với tử và mẫu là số nguyên", "So sánh phân số", "Phép cộng và phép trừ phân số", "Hỗn số"]


def add_course(actor: Actor, public_id: UUID, at: datetime) -> None:
    """Four lessons with a resource each, twelve questions, a test to take and one that the class took last week."""
    class_subject = schools.class_subject_of(actor, public_id)
    added = []
    for number, title in enumerate(TITLES, 1):
        resource = _resource(actor, class_subject, title, at)
        due_on = at.astimezone(VIETNAM).date() + timedelta(days=number * 3)
        said = LessonText(title, f"Bài {number}. Em đọc học liệu rồi làm bài tập.", due_on)
        lesson = learning.add_lesson(actor=actor, class_subject=class_subject, said=said)
        learning.add_resource(actor=actor, lesson=lesson, resource=resource)
        learning.publish_lesson(actor=actor, lesson=lesson, at=at)
        added.append(lesson)
    do_lessons(added, Random(SEED), at)  # noqa: S311  plausible, not secret
    questions = _questions(actor, class_subject, at)
    assignment = _set(actor, class_subject, "Kiểm tra 15 phút: phân số", questions[:QUESTIONS], at - timedelta(hours=1))
    learning.add_test(actor=actor, lesson=lesson, assignment=assignment)
    last_week = at - timedelta(days=7)
    earlier = _set(actor, class_subject, "Ôn tập đầu chương: phân số", questions[-QUESTIONS:], last_week)
    take_test(earlier, Random(SEED), last_week + timedelta(hours=1))  # noqa: S311  plausible, not secret


def _resource(actor: Actor, class_subject: ClassSubject, title: str, at: datetime) -> Resource:
    place = registry.organisation_with(class_subject.organisation_id)
    text = f"BT /F 20 Tf 60 760 Td (Phieu hoc tap: {ascii(title)[1:-1]}) Tj ET"
    content = PDF.format(length=len(text), text=text).encode()
    file = files.store(
        actor=actor, stream=io.BytesIO(content), name=f"{title}.pdf", purpose="library.resource",
        organisation_id=place.id, at=at,
    )  # fmt: skip
    grade = class_subject.school_class.grade
    said = Description(
        title=title, description="Phiếu học tập có ví dụ và bài luyện.", author=actor.name,
        subject=class_subject.subject, grade=grade, licence=Resource.Licence.CC_BY.value, audience="school",
    )  # fmt: skip
    outcomes = curriculum.required_outcomes(class_subject.subject_id, grade)[:2]
    return library.publish_resource(actor=actor, organisation=place, file=file, said=said, outcomes=outcomes, at=at)


def _questions(actor: Actor, class_subject: ClassSubject, at: datetime) -> list[Question]:
    place = registry.organisation_with(class_subject.organisation_id)
    subject, grade = class_subject.subject, class_subject.school_class.grade
    return [
        assessment.add_question(
            actor=actor, organisation=place, subject=subject, grade=grade, draft=_draft(*numbers), source="Khuê", at=at
        )
        for numbers in FRACTIONS
    ]


def _set(
    actor: Actor, class_subject: ClassSubject, title: str, questions: Sequence[Question], at: datetime
) -> Assignment:
    """A test of these questions, open to the class for two weeks from `at` on; its mark is a regular one."""
    place = registry.organisation_with(class_subject.organisation_id)
    subject, grade = class_subject.subject, class_subject.school_class.grade
    test = assessment.make_test(actor=actor, organisation=place, subject=subject, grade=grade, title=title, at=at)
    assessment.add_questions(actor=actor, test=test, questions=questions)
    assessment.spread_points(actor=actor, test=test)
    terms = Terms(opens_at=at, closes_at=at + timedelta(days=14), minutes=15, mark_column="regular")
    return assessment.assign_test(actor=actor, test=test, class_subject=class_subject, terms=terms, at=at)


def _draft(a: int, b: int, c: int, d: int) -> assessment.Draft:
    right = (a * d + c * b, b * d)
    wrong = [(a + c, b + d), (a + c, b * d), (a * d + c * b, b + d)]  # as pupils add who have not learnt it
    choices = [rf"$\frac{{{top}}}{{{bottom}}}$" for top, bottom in [right, *wrong]]
    return assessment.Draft(stem=rf"Tính $\frac{{{a}}}{{{b}}} + \frac{{{c}}}{{{d}}}$.", choices=tuple(choices), key=KEY)
