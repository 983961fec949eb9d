"""What a set test asks, ready to show and to score. It never changes once set, so each process keeps the latest."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from khue.assessment.models import Choice, Test, TestQuestion
from khue.assessment.scoring import Asked

_SOURCE = re.compile(r'src="media:([0-9a-f-]{36})"')
_NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """One question of a set test.

    place    in the test, from 1
    stem     HTML to show
    choices  HTML by position, the first is position 1
    """

    place: int
    question_id: int
    stem: str
    choices: tuple[str, ...]
    explanation: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class SetContent:
    """A set test: its name, its subject with its hue, its questions by place."""

    title: str
    subject: str
    hue: str
    questions: tuple[SetQuestion, ...]


@lru_cache(maxsize=64)
def content_of(test_id: int) -> SetContent:
    """What a set test asks. Three queries the first time in a process, none later.

    Only for a test of an assignment or attempt that the actor has been shown: the answer is kept across requests.
    """
    lines = list(TestQuestion.objects.filter(test_id=test_id).select_related("question").order_by("order"))
    choices: dict[int, list[Choice]] = {}
    for choice in Choice.objects.filter(question__in=[line.question_id for line in lines]).order_by("position"):
        choices.setdefault(choice.question_id, []).append(choice)
    title, subject, hue = Test.objects.values_list("title", "subject__name", "subject__hue").get(id=test_id)
    questions = tuple(
        SetQuestion(
            place=line.order,
            question_id=line.question_id,
            stem=shown(line.question.stem),
            choices=tuple(shown(choice.content) for choice in choices[line.question_id]),
            explanation=shown(line.question.explanation),
            asked=Asked(line.question.kind, _key(choices[line.question_id]), line.points),
        )
        for line in lines
    )
    return SetContent(title, subject, hue, questions)


def shown(html: str) -> str:
    """Stored HTML with the addresses of its pictures."""
    if "media:" not in html:
        return html
    base = reverse("assessment:picture", args=[_NO_ID]).replace(_NO_ID, r"\1")
    return _SOURCE.sub(f'src="{base}" loading="lazy"', html)


def _key(choices: list[Choice]) -> str:
    return str(next(choice.position for choice in choices if choice.is_key))
