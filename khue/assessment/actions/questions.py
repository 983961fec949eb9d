"""Writing and correcting questions of the bank."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.assessment.access import Permission
from khue.assessment.actions.pictures import Picture, store_picture, with_picture
from khue.assessment.models import (
    Assignment,
    Choice,
    Media,
    Question,
    QuestionMedia,
    QuestionOutcome,
    Test,
    TestQuestion,
)
from khue.assessment.safe_html import media_in, sanitised, words
from khue.curriculum.models import Outcome, Subject
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation

MOST_CHOICES = 8


class QuestionIncomplete(Refusal):
    code = "question_incomplete"
    message = _("Câu hỏi cần có nội dung, ít nhất hai phương án không trống và một đáp án đúng.")


class QuestionReplaced(Refusal):
    code = "question_replaced"
    message = _("Câu hỏi này đã có bản mới hơn. Hãy mở và sửa bản mới nhất.")


class OutcomeOfOtherSubject(Refusal):
    code = "outcome_of_other_subject"
    message = _("Yêu cầu %(code)s không thuộc môn của câu hỏi. Hãy chọn yêu cầu cần đạt của đúng môn.")


@dataclass(frozen=True)
class Draft:
    """What a person writes of a choice question, in HTML that need not be safe yet.

    key      position of the right choice, from 1
    level    empty leaves it unsaid
    picture  a further picture, put below the stem
    """

    stem: str
    choices: tuple[str, ...]
    key: int | None
    explanation: str = ""
    level: Question.Level = Question.Level.UNKNOWN
    picture: Picture | None = None


@transaction.atomic
def add_question(
    *, actor: Actor, organisation: Organisation, subject: Subject, grade: int, draft: Draft, source: str, at: datetime
) -> Question:
    """Put a question into the organisation's bank, reviewed and ready for tests.

    source   where it comes from: a file's name, or empty
    refuses  QuestionIncomplete; a picture that is too large or none
    """
    require(actor, Permission.BANK_WRITE, within=organisation)

    clean = _illustrated(actor, checked(draft), organisation.id, at)
    question = Question.objects.create(
        organisation=organisation, subject=subject, grade=grade, state=Question.State.REVIEWED, source=source,
        made_by_id=actor.account_id, made_at=at, **_texts(clean),
    )  # fmt: skip
    _write_choices(question, clean)
    audit.record(actor, "question.added", question, source=source)
    return question


@transaction.atomic
def revise_question(*, actor: Actor, question: Question, draft: Draft, at: datetime) -> Question:
    """Correct a question. What a class has been set stays as it was answered: then the correction is a new version.

    returns  the question, or its new version, which also takes its place in tests that are not set yet
    refuses  QuestionIncomplete, QuestionReplaced; a picture that is too large or none
    """
    require(actor, Permission.BANK_WRITE, within=question)

    clean = _illustrated(actor, checked(draft), question.organisation_id, at)
    question = Question.objects.select_for_update().get(id=question.id)
    if Question.objects.filter(replaces=question).exists():
        raise QuestionReplaced
    if TestQuestion.objects.filter(question=question, test__in=Assignment.objects.values("test")).exists():
        revised = _new_version(question, clean, actor, at)
    else:
        for name, text in _texts(clean).items():
            setattr(question, name, text)
        question.save()
        Choice.objects.filter(question=question).delete()
        QuestionMedia.objects.filter(question=question).delete()
        revised = question
    _write_choices(revised, clean)
    audit.record(actor, "question.revised", revised, version=revised.version)
    return revised


@transaction.atomic
def set_state(*, actor: Actor, question: Question, state: Question.State) -> None:
    """Move a question to another state: a retired one is offered for no further test."""
    require(actor, Permission.BANK_WRITE, within=question)

    before = question.state
    question.state = state
    question.save(update_fields=["state"])
    audit.record(actor, "question.state_set", question, before=before, after=state)


@transaction.atomic
def tag_question(*, actor: Actor, question: Question, outcomes: Sequence[Outcome]) -> None:
    """Say which required outcomes a question asks for; what was said before is replaced.

    refuses  OutcomeOfOtherSubject
    """
    require(actor, Permission.BANK_WRITE, within=question)

    _refuse_other_subject([question], outcomes)
    QuestionOutcome.objects.filter(question=question).delete()
    QuestionOutcome.objects.bulk_create(
        QuestionOutcome(organisation_id=question.organisation_id, question=question, outcome=outcome)
        for outcome in outcomes
    )
    audit.record(actor, "question.tagged", question, outcomes=[outcome.code for outcome in outcomes])


@transaction.atomic
def tag_questions(*, actor: Actor, questions: Sequence[Question], outcome: Outcome) -> int:
    """Say of many questions at once that they ask for an outcome; what is said of them besides stays.

    returns  how many did not say so before
    refuses  OutcomeOfOtherSubject, and then tags none
    """
    for question in questions:
        require(actor, Permission.BANK_WRITE, within=question)

    _refuse_other_subject(questions, [outcome])
    ids = [question.id for question in questions]
    tagged = set(
        QuestionOutcome.objects.filter(outcome=outcome, question__in=ids).values_list("question_id", flat=True)
    )
    fresh = [question for question in questions if question.id not in tagged]
    QuestionOutcome.objects.bulk_create(
        [
            QuestionOutcome(organisation_id=question.organisation_id, question=question, outcome=outcome)
            for question in fresh
        ],
        ignore_conflicts=True,
    )
    for question in fresh:
        audit.record(actor, "question.tagged", question, outcomes=[outcome.code], added=True)
    return len(fresh)


def checked(draft: Draft) -> Draft:
    """The draft with safe HTML. Raises QuestionIncomplete."""
    choices = tuple(sanitised(choice) for choice in draft.choices)
    clean = replace(draft, stem=sanitised(draft.stem), choices=choices, explanation=sanitised(draft.explanation))
    has_key = clean.key is not None and 1 <= clean.key <= len(choices)
    if not clean.stem or not 2 <= len(choices) <= MOST_CHOICES or not all(choices) or not has_key:
        raise QuestionIncomplete
    return clean


def _illustrated(actor: Actor, clean: Draft, organisation_id: int, at: datetime) -> Draft:
    if clean.picture is None:
        return clean
    media = store_picture(actor=actor, picture=clean.picture, organisation_id=organisation_id, at=at)
    return replace(clean, stem=with_picture(clean.stem, media, clean.picture), picture=None)


def _refuse_other_subject(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> None:
    subjects = {question.subject_id for question in questions}
    for outcome in outcomes:
        if subjects - {outcome.subject_id}:
            raise OutcomeOfOtherSubject(code=outcome.code)


def _texts(clean: Draft) -> dict[str, str]:
    return {
        "level": clean.level,
        "stem": clean.stem,
        "explanation": clean.explanation,
        "words": " ".join(words(text) for text in (clean.stem, *clean.choices)),
    }


def _write_choices(question: Question, clean: Draft) -> None:
    Choice.objects.bulk_create(
        Choice(
            organisation_id=question.organisation_id,
            question=question,
            position=position,
            content=content,
            is_key=position == clean.key,
        )
        for position, content in enumerate(clean.choices, 1)
    )
    shown = Media.objects.filter(
        organisation_id=question.organisation_id, public_id__in=media_in(clean.stem, clean.explanation, *clean.choices)
    )
    QuestionMedia.objects.bulk_create(
        QuestionMedia(organisation_id=question.organisation_id, question=question, media=media) for media in shown
    )


def _new_version(old: Question, clean: Draft, actor: Actor, at: datetime) -> Question:
    revised = Question.objects.create(
        organisation_id=old.organisation_id, subject_id=old.subject_id, grade=old.grade, kind=old.kind,
        state=old.state, source=old.source, version=old.version + 1, replaces=old, made_by_id=actor.account_id,
        made_at=at, **_texts(clean),
    )  # fmt: skip
    QuestionOutcome.objects.bulk_create(
        QuestionOutcome(organisation_id=old.organisation_id, question=revised, outcome_id=outcome)
        for outcome in QuestionOutcome.objects.filter(question=old).values_list("outcome_id", flat=True)
    )
    unset = Test.objects.exclude(id__in=Assignment.objects.values("test"))
    TestQuestion.objects.filter(question=old, test__in=unset).update(question=revised)
    old.state = Question.State.RETIRED
    old.save(update_fields=["state"])
    return revised
