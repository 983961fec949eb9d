"""The question bank as lists and single questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from khue.assessment import access
from khue.assessment.access import Permission
from khue.assessment.models import Attempt, Choice, Media, Question, QuestionMedia, QuestionOutcome, TestQuestion
from khue.assessment.safe_html import words
from khue.curriculum import queries as curriculum
from khue.curriculum.models import Outcome
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.foundation.text import fold, nfc

PAGE_SIZE = 30
_SHOWN_CHARACTERS = 220
#: Of the stem's HTML, which is longer than its words.
_READ_CHARACTERS = 600


@dataclass(frozen=True)
class BankFilter:
    """What to list. None and empty mean everything; retired questions only when asked for.

    is_untagged  only those of which nobody has said what they ask for

    text  words that all occur, with or without diacritics
    """

    subject_id: int | None = None
    grade: int | None = None
    outcome_id: int | None = None
    state: str = ""
    level: str = ""
    is_untagged: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class BankRow:
    """One line of the bank. words: the beginning of the stem, without HTML."""

    id: int
    public_id: UUID
    words: str
    subject: str
    hue: str
    grade: int
    state: str
    version: int
    source: str
    level: str


@dataclass(frozen=True)
class BankPage:
    """after: where the next page begins; None on the last."""

    rows: list[BankRow]
    after: int | None


def visible_questions(actor: Actor) -> QuerySet[Question]:
    """Questions of the banks this actor may use, the newest first. One query; page it before use."""
    rows = Question.objects.filter(access.within(actor, Permission.BANK_READ))
    return rows.select_related("subject", "organisation").order_by("-id")


def question_of(actor: Actor, public_id: UUID) -> Question:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_questions(actor), public_id=public_id)


def choices_of(question: Question) -> list[Choice]:
    """The choices by position."""
    return list(Choice.objects.filter(question=question).order_by("position"))


def outcomes_of(question: Question) -> list[Outcome]:
    """The required outcomes the question asks for, in the programme's order."""
    rows = QuestionOutcome.objects.filter(question=question).select_related("outcome")
    return [row.outcome for row in rows.order_by("outcome__sequence", "id")]


def outcomes_to_tag(subject_id: int | None, grade: int | None) -> list[Outcome]:
    """The required outcomes that questions of a subject in a grade may ask for; none before both are chosen."""
    return curriculum.required_outcomes(subject_id, grade) if subject_id is not None and grade is not None else []


def questions_among(actor: Actor, public_ids: Sequence[UUID]) -> list[Question]:
    """Those of these questions that the actor may see. One query."""
    return list(visible_questions(actor).filter(public_id__in=public_ids))


def bank_page(actor: Actor, wanted: BankFilter, *, after: int | None = None, size: int = PAGE_SIZE) -> BankPage:
    """One page of the bank, the newest first. One query.

    after  BankPage.after of the page before
    """
    if wanted.text or wanted.level or wanted.is_untagged or size != PAGE_SIZE:
        fields = list(_fields(_filtered(actor, wanted, after))[: size + 1])
    else:
        fields = _page(actor, wanted.state or None, wanted.subject_id, wanted.grade, wanted.outcome_id, after)
    found = [BankRow(row[0], row[1], _begun(row[2]), *row[3:]) for row in fields]
    return BankPage(found[:size], found[size - 1].id if len(found) > size else None)


#: id, public id, beginning of the stem, subject, hue, grade, state, version, source, level
_BankFields = tuple[int, UUID, str, str, str, int, str, int, str, str]


@compiled
def _page(
    actor: Actor, state: str | None, subject: int | None, grade: int | None, outcome: int | None, after: int | None
) -> QuerySet[Question, _BankFields]:
    wanted = BankFilter(subject, grade, outcome, state or "")
    return _fields(_filtered(actor, wanted, after))[: PAGE_SIZE + 1]


def _filtered(actor: Actor, wanted: BankFilter, after: int | None) -> QuerySet[Question]:
    rows = visible_questions(actor).filter(_matching(wanted))
    return rows if after is None else rows.filter(id__lt=after)


def _fields(rows: QuerySet[Question]) -> QuerySet[Question, _BankFields]:
    return rows.annotate(begun=Left("stem", _READ_CHARACTERS)).values_list(
        "id", "public_id", "begun", "subject__name", "subject__hue", "grade", "state", "version", "source", "level"
    )


def media_of(actor: Actor, public_id: UUID) -> Media:
    """A picture of a question in the actor's bank, of a paper the actor reviews, or of a test the actor has begun.

    Raises NotFound. One query, in the scope of the actor's organisations.
    """
    in_bank = access.within(actor, Permission.BANK_READ)
    begun = Attempt.objects.filter(person_id=actor.person_id or 0).values("assignment__test")
    asked = TestQuestion.objects.filter(test__in=begun).values("question")
    in_test = Q(id__in=QuestionMedia.objects.filter(question__in=asked).values("media"))
    rows = Media.objects.filter(access.EVERYTHING if in_bank == access.EVERYTHING else in_bank | in_test)
    return one(rows.select_related("file"), public_id=public_id)


def _begun(stem: str) -> str:
    """The beginning of a stem as plain words, cut before a tag or a formula that did not fit."""
    if len(stem) == _READ_CHARACTERS and stem.rfind("<") > stem.rfind(">"):
        stem = stem[: stem.rfind("<")]
    text = words(stem)
    if len(text) < _SHOWN_CHARACTERS:
        return text
    text = text[:_SHOWN_CHARACTERS]
    cut = text.rpartition("$")[0] if text.count("$") % 2 else text.rpartition(" ")[0]
    return f"{cut or text}…"


def _matching(wanted: BankFilter) -> Q:
    rule = Q(state=wanted.state) if wanted.state else ~Q(state=Question.State.RETIRED)
    if wanted.subject_id is not None:
        rule &= Q(subject_id=wanted.subject_id)
    if wanted.grade is not None:
        rule &= Q(grade=wanted.grade)
    if wanted.level:
        rule &= Q(level=wanted.level)
    if wanted.is_untagged:
        rule &= ~Q(id__in=QuestionOutcome.objects.values("question"))
    if wanted.outcome_id is not None:
        rule &= Q(id__in=QuestionOutcome.objects.filter(outcome_id=wanted.outcome_id).values("question"))
    for word in fold(nfc(wanted.text)).split()[:8]:
        rule &= Q(folded__contains=word)
    return rule
