"""Surveys as they are written: begun, asked question by question, copied. Answering stands in survey_answers.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import StoredFile
from khue.messaging import queries
from khue.messaging.actions.announcements import (
    Draft,
    ToldAlready,
    require_author,
    tell_announcement,
    write_announcement,
)
from khue.messaging.models import Survey, SurveyChoice, SurveyQuestion

MOST_QUESTIONS = 40
MOST_CHOICES = 20
WIDEST_SCALE = 10
Kind = SurveyQuestion.Kind


class NoQuestions(Refusal):
    code = "no_questions"
    message = _("Khảo sát chưa có câu hỏi nào. Hãy thêm ít nhất một câu rồi gửi.")


class TooManyQuestions(Refusal):
    code = "too_many_questions"
    message = _("Khảo sát có nhiều nhất %(most)s câu. Hãy bỏ bớt để phụ huynh trả lời kịp trong một phút.")


class ChoicesMissing(Refusal):
    code = "choices_missing"
    message = _("Hãy viết từ 2 đến %(most)s mục để chọn, mỗi dòng một mục, không trùng nhau.")
    field = "choices"


class ScaleOutOfOrder(Refusal):
    code = "scale_out_of_order"
    message = _("Thang điểm cần từ số nhỏ đến số lớn, cách nhau không quá %(most)s.")
    field = "most"


@dataclass(frozen=True)
class QuestionDraft:
    """A question as it is typed. choices: what may be chosen, one text each; only of kinds that choose."""

    kind: str
    text: str
    is_required: bool = True
    choices: Sequence[str] = ()
    least: int | None = None
    most: int | None = None


@transaction.atomic
def write_survey(
    *, actor: Actor, draft: Draft, files: Sequence[StoredFile], by_child: bool, is_anonymous: bool, at: datetime
) -> Survey:
    """Begin a survey; it is asked once it is told. Again with the same key: the one that was begun.

    by_child  one guardian answers for each child, so that it goes to families only
    refuses   what write_announcement refuses
    """
    announcement = write_announcement(actor=actor, draft=draft, files=files, at=at)
    survey, is_new = Survey.objects.get_or_create(
        announcement=announcement,
        defaults={
            "organisation_id": announcement.organisation_id, "by_child": by_child and not draft.to_pupils,
            "is_anonymous": is_anonymous,
        },
    )  # fmt: skip
    if is_new:
        audit.record(actor, "survey.written", survey, by_child=survey.by_child, is_anonymous=is_anonymous)
    return survey


@transaction.atomic
def add_question(*, actor: Actor, survey: Survey, question: QuestionDraft) -> SurveyQuestion:
    """Ask one more thing, last.

    refuses  ToldAlready; TooManyQuestions; ChoicesMissing; ScaleOutOfOrder
    """
    _require_unasked(actor, survey)
    least, most = _ends(question)
    choices = _choices(question)
    rows = SurveyQuestion.objects.filter(survey=survey)
    if rows.count() >= MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    place = {"organisation_id": survey.organisation_id}
    made = SurveyQuestion.objects.create(
        **place, survey=survey, number=last + 1, kind=question.kind, text=question.text,
        is_required=question.is_required, least=least, most=most,
    )  # fmt: skip
    SurveyChoice.objects.bulk_create(
        SurveyChoice(**place, question=made, number=number, text=text) for number, text in enumerate(choices, start=1)
    )
    audit.record(actor, "survey.question_added", made, kind=made.kind, text=made.text)
    return made


def _require_unasked(actor: Actor, survey: Survey) -> None:
    if require_author(actor, survey.announcement).told_at is not None:
        raise ToldAlready


def _ends(question: QuestionDraft) -> tuple[int | None, int | None]:
    least, most = question.least, question.most
    if question.kind == Kind.SCALE:
        least, most = 1 if least is None else least, 5 if most is None else most
        if not least < most <= least + WIDEST_SCALE:
            raise ScaleOutOfOrder(most=WIDEST_SCALE)
    elif question.kind != Kind.NUMBER:
        return None, None
    elif least is not None and most is not None and least >= most:
        raise ScaleOutOfOrder(most=_("tuỳ ý"))
    return least, most


def _choices(question: QuestionDraft) -> list[str]:
    if question.kind not in (Kind.ONE, Kind.SEVERAL):
        return []
    choices = [text.strip()[:200] for text in question.choices if text.strip()]
    if not 2 <= len(choices) <= MOST_CHOICES or len(set(choices)) < len(choices):
        raise ChoicesMissing(most=MOST_CHOICES)
    return choices


@transaction.atomic
def remove_question(*, actor: Actor, question: SurveyQuestion) -> None:
    """Take a question out before the survey is told.

    refuses  ToldAlready
    """
    _require_unasked(actor, question.survey)
    audit.record(actor, "survey.question_removed", question, text=question.text)
    SurveyQuestion.objects.filter(id=question.id).delete()


@transaction.atomic
def move_question(*, actor: Actor, question: SurveyQuestion, up: bool) -> None:
    """Change places with the question before, or behind. At the end it stays where it is.

    refuses  ToldAlready
    """
    _require_unasked(actor, question.survey)
    rows = SurveyQuestion.objects.filter(survey_id=question.survey_id)
    near = rows.filter(number__lt=question.number) if up else rows.filter(number__gt=question.number)
    other = near.order_by("-number" if up else "number").first()
    if other is None:
        return
    rows.filter(id=question.id).update(number=-1)
    rows.filter(id=other.id).update(number=question.number)
    rows.filter(id=question.id).update(number=other.number)
    audit.record(actor, "survey.question_moved", question, number=other.number)


@transaction.atomic
def tell_survey(*, actor: Actor, survey: Survey, at: datetime) -> int:
    """Ask everybody it is for. From now on the questions stay as they are. returns how many copies there are.

    refuses  NoQuestions, and what tell_announcement refuses
    """
    require_author(actor, survey.announcement)
    if not SurveyQuestion.objects.filter(survey=survey).exists():
        raise NoQuestions
    return tell_announcement(actor=actor, announcement=survey.announcement, at=at)


@transaction.atomic
def offer_as_template(*, actor: Actor, survey: Survey, is_template: bool) -> None:
    """Let colleagues of the school copy its questions, or no longer. Answers are not part of it."""
    require_author(actor, survey.announcement)
    Survey.objects.filter(id=survey.id).update(is_template=is_template)
    audit.record(actor, "survey.offered", survey, is_template=is_template)


@transaction.atomic
def copy_questions(*, actor: Actor, source: Survey, into: Survey) -> int:
    """Ask what another survey of the school asked, behind what is asked already. returns how many questions.

    source   of the actor's own to follow, or offered as a template
    refuses  ToldAlready; TooManyQuestions
    """
    _require_unasked(actor, into)
    if not queries.surveys_to_copy(actor, into.organisation_id).filter(id=source.id).exists():
        raise Forbidden
    questions = queries.questions_of(source)
    for question in questions:
        add_question(
            actor=actor,
            survey=into,
            question=QuestionDraft(
                kind=question.row.kind, text=question.row.text, is_required=question.row.is_required,
                choices=list(question.choices.values()), least=question.row.least, most=question.row.most,
            ),
        )  # fmt: skip
    audit.record(actor, "survey.copied", into, source=source.id, questions=len(questions))
    return len(questions)
