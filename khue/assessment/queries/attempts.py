"""A pupil's own attempts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from khue.assessment.content import content_of
from khue.assessment.models import Assignment, Attempt, Response
from khue.assessment.shuffling import choice_positions, places
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One choice as this attempt shows it. position is what an answer names; letter what the pupil reads."""

    position: str
    letter: str
    content: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question as this attempt shows it.

    number  in the shown order; place: in the test, what an answer names
    answer  saved in time; empty without one; sequence: its number in the browser, 0 without one
    key     the right choice's position; the page shows it only after the close
    """

    number: int
    place: int
    stem: str
    choices: tuple[ShownChoice, ...]
    answer: str
    sequence: int
    key: str
    explanation: str


def own_attempt_of(actor: Actor, public_id: UUID) -> Attempt:
    """One's own attempt with its assignment and test. Raises NotFound for anybody else's."""
    return first(_attempt(actor.person_id or 0, public_id))


@compiled
def _attempt(person_id: int, public_id: UUID) -> QuerySet[Attempt]:
    return Attempt.objects.filter(person_id=person_id, public_id=public_id).select_related("assignment")


def own_attempts(actor: Actor, assignment: Assignment) -> list[Attempt]:
    """One's own attempts at an assignment, the first first."""
    return _attempts(actor.person_id or 0, assignment.id)


@compiled
def _attempts(person_id: int, assignment_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(person_id=person_id, assignment_id=assignment_id).order_by("number")


def answers_in(attempt: Attempt) -> dict[int, tuple[str, int]]:
    """Answers saved in time with their sequence, by question id. One query."""
    rows = _answers(attempt.id, attempt.started_at)
    return {question: (answer, sequence) for question, answer, sequence in rows}


@compiled
def _answers(attempt_id: int, started_at: datetime) -> QuerySet[Response, tuple[int, str, int]]:
    rows = Response.objects.filter(attempt_id=attempt_id, started_at=started_at, is_late=False)
    return rows.values_list("question_id", "answer", "sequence")


def shown_questions(attempt: Attempt, answers: dict[int, tuple[str, int]]) -> list[ShownQuestion]:
    """The attempt's questions in its own order. No query once the process knows the test.

    attempt  from `own_attempt_of`
    """
    assignment = attempt.assignment
    content = {question.place: question for question in content_of(assignment.test_id).questions}
    order = places(len(content), seed=attempt.seed, is_shuffled=assignment.shuffle)
    saved = {place: answers.get(question.question_id, ("", 0)) for place, question in content.items()}
    return [
        ShownQuestion(
            number=number,
            place=place,
            stem=content[place].stem,
            choices=_choices(content[place].choices, attempt, place),
            answer=saved[place][0],
            sequence=saved[place][1],
            key=content[place].asked.key,
            explanation=content[place].explanation,
        )
        for number, place in enumerate(order, 1)
    ]


def _choices(contents: tuple[str, ...], attempt: Attempt, place: int) -> tuple[ShownChoice, ...]:
    order = choice_positions(contents, seed=attempt.seed, place=place, is_shuffled=attempt.assignment.shuffle)
    return tuple(
        ShownChoice(str(position), chr(64 + number), contents[position - 1]) for number, position in enumerate(order, 1)
    )


def closed_attempt(attempt_id: int) -> Attempt:
    """The attempt an `AttemptSubmitted` speaks of, with its test; for rooms that were told the event. One query."""
    return Attempt.objects.select_related("assignment__test").get(id=attempt_id)
