"""Surveys: their questions, and what they brought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.messaging.announcements_seen import Reach, copies_followed, followed, reach_of
from khue.messaging.models import (
    Announcement,
    AnnouncementCopy,
    Survey,
    SurveyAnswer,
    SurveyChoice,
    SurveyQuestion,
    SurveyReply,
    SurveyTally,
)
from khue.messaging.survey_answers import Asked, Cell, Sum, summed, value_as_cell, value_in_words

#: Fewer answers could be traced to people.
LEAST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what may be chosen, by number."""

    row: SurveyQuestion
    choices: Mapping[int, str]

    @property
    def asked(self) -> Asked:
        return Asked(
            self.row.kind, self.row.is_required, frozenset(self.choices), least=self.row.least, most=self.row.most
        )

    @property
    def steps(self) -> range:
        """The steps of a scale."""
        return range(self.row.least or 0, (self.row.most or 0) + 1)

    def in_words(self, value: str) -> str:
        return value_in_words(self.asked, value, self.choices)

    def as_cell(self, value: str) -> Cell:
        return value_as_cell(self.asked, value, self.choices)

    def shown(self, values: Sequence[str]) -> str:
        """What stands in the form where one thing is answered: a choice by its number, anything else in words."""
        if not values:
            return ""
        return values[0] if self.choices else self.in_words(values[0])


def questions_of(survey: Survey) -> list[Question]:
    """The questions in their order. Two queries."""
    rows = list(SurveyQuestion.objects.filter(survey=survey).select_related("survey").order_by("number"))
    choices: dict[int, dict[int, str]] = defaultdict(dict)
    offered = SurveyChoice.objects.filter(question__survey=survey).order_by("question_id", "number")
    for question, number, text in offered.values_list("question_id", "number", "text"):
        choices[question][number] = text
    return [Question(row, choices.get(row.id, {})) for row in rows]


def surveys_to_copy(actor: Actor, organisation_id: int) -> QuerySet[Survey]:
    """Surveys of a school whose questions the actor may take over: the own ones and templates, the latest first."""
    reach = reach_of(actor, clock.today())
    own = Q(announcement__in=Announcement.objects.filter(followed(reach)).values("id"))
    rows = Survey.objects.filter(own | Q(is_template=True), organisation_id=organisation_id)
    return rows.select_related("announcement").order_by("-is_template", "-id")


@dataclass(frozen=True, slots=True)
class Result:
    """What one question got. texts: what was written, the same texts counted, at most a few hundred."""

    question: Question
    sum: Sum
    texts: Sequence[tuple[str, int]]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """What a chart draws: the answer in words, and how many gave it."""
        return [(self.question.in_words(value), count) for value, count in self.sum.counts.items()]


@dataclass(frozen=True, slots=True)
class Results:
    """What a survey brought, as far as the actor may see it.

    hidden   why nothing is shown: "open" an anonymous survey still runs, "few" answered, "classes" it went beyond the
             actor's classes and anonymous sums cannot be taken apart; "" when it is shown
    """

    answered: int
    asked: int
    hidden: str
    by_question: Sequence[Result]


def results_of(survey: Survey, reach: Reach, at: datetime) -> Results:
    """The results. At most five queries."""
    announcement = survey.announcement
    copies = AnnouncementCopy.objects.filter(copies_followed(reach, announcement))
    asked = copies.count()
    answered = copies.filter(answered=True).count()
    hidden = _hidden(survey, reach, at, answered) if survey.is_anonymous else ""
    if hidden:
        return Results(answered, asked, hidden, ())
    given = _tallied(survey) if survey.is_anonymous else _replied(survey, copies)
    return Results(answered, asked, "", [_result(one, given.get(one.row.id, {})) for one in questions_of(survey)])


def _hidden(survey: Survey, reach: Reach, at: datetime, answered: int) -> str:
    """An anonymous survey shows nothing while it runs: two looks, before and after an answer, would show it."""
    announcement = survey.announcement
    if not announcement.is_over(at):
        return "open"
    is_whole = (
        reach.is_office_of(survey.organisation_id)
        or not AnnouncementCopy.objects.filter(announcement=announcement)
        .exclude(copies_followed(reach, announcement))
        .exists()
    )
    if not is_whole:
        return "classes"
    return "few" if answered < LEAST_ANSWERS else ""


def _tallied(survey: Survey) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = SurveyTally.objects.filter(question__survey=survey).order_by("question_id", "-count", "value")
    for question, value, count in rows.values_list("question_id", "value", "count"):
        found[question][value] = count
    return found


def _replied(survey: Survey, copies: QuerySet[AnnouncementCopy]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = SurveyAnswer.objects.filter(reply__survey=survey, reply__stands=True, reply__copy__in=copies.values("id"))
    for question, value in rows.order_by("id").values_list("question_id", "value"):
        found[question][value] += 1
    return found


def _result(question: Question, given: Mapping[str, int]) -> Result:
    texts = list(given.items())[:300] if question.row.kind == "text" else []
    return Result(question, summed(question.asked, given.items()), texts)


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One standing reply, as a sheet shows it: the answer to each question by its id; several choices in one cell."""

    class_id: int
    child: str
    replied_by: str
    replied_at: datetime
    is_changed: bool
    answers: Mapping[int, Cell]


def replies_of(survey: Survey, reach: Reach, questions: Sequence[Question]) -> Iterator[ReplyLine]:
    """The replies the actor follows, by class and name; none where it is anonymous. Three queries."""
    copies = AnnouncementCopy.objects.filter(copies_followed(reach, survey.announcement)).values("id")
    rows = SurveyReply.objects.filter(survey=survey, copy__in=copies)
    earlier = set(rows.filter(stands=False).values_list("copy_id", flat=True))
    standing = rows.filter(stands=True).select_related("copy__child", "replied_by")
    by_id = {question.row.id: question for question in questions}
    given: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    answers = SurveyAnswer.objects.filter(reply__in=standing.values("id")).order_by("id")
    for reply, asked, value in answers.values_list("reply_id", "question_id", "value"):
        given[reply][asked].append(by_id[asked].as_cell(value))
    for row in standing.order_by("copy__class_id", "copy__child__sort_key", "id"):
        cells = {
            asked: values[0] if len(values) == 1 else "; ".join(map(str, values))
            for asked, values in given[row.id].items()
        }
        yield ReplyLine(
            row.copy.class_id, row.copy.child.full_name, row.replied_by.full_name, row.replied_at,
            row.copy_id in earlier, cells,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnReply:
    """One reply on an own copy. values: what stands in the form, by question id."""

    replied_by: str
    replied_at: datetime
    values: Mapping[int, Sequence[str]]


def own_replies(copy: AnnouncementCopy) -> list[OwnReply]:
    """Every reply on a copy from `copy_of`, the latest first. Two queries."""
    rows = list(SurveyReply.objects.filter(copy=copy).select_related("replied_by").order_by("-id"))
    values: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    answers = SurveyAnswer.objects.filter(reply__in=rows).order_by("id")
    for reply, question, value in answers.values_list("reply_id", "question_id", "value"):
        values[reply][question].append(value)
    return [OwnReply(row.replied_by.full_name, row.replied_at, values[row.id]) for row in rows]
