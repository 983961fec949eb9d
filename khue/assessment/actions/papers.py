"""A Word file into the bank: read it, let a person look at every question, take over what is accepted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.assessment.access import Permission
from khue.assessment.actions.pictures import Picture, store_picture
from khue.assessment.actions.questions import MOST_CHOICES, Draft, add_question
from khue.assessment.models import Media, Paper, PaperItem
from khue.assessment.queries import Shelf
from khue.assessment.safe_html import media_in, sanitised
from khue.assessment.word import papers as word
from khue.assessment.word.package import NotAWordFile
from khue.assessment.word.questions import PaperQuestion, Problem
from khue.curriculum.models import Subject
from khue.foundation import audit, files, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import Job
from khue.registry.models import Organisation

PAPER_PURPOSE = "assessment.paper"
#: The kind of job that reads a large paper.
READ_PAPER = "assessment.read_paper"


class PaperUnreadable(Refusal):
    code = "paper_unreadable"
    message = _("Không đọc được tệp này. Hãy mở bằng Word, lưu lại dạng .docx (không phải .doc) rồi gửi lại.")
    field = "file"


class PaperWithoutQuestions(Refusal):
    code = "paper_without_questions"
    message = _(
        "Không thấy câu hỏi nào trong tệp. Mỗi câu cần bắt đầu bằng “Câu 1.” và có các phương án A., B., C., D."
    )
    field = "file"


class ItemNotUsable(Refusal):
    code = "item_not_usable"
    message = _("Câu %(number)s chưa dùng được. Hãy bổ sung nội dung, phương án hoặc đáp án rồi nhận lại.")


def _nobody_waits(_done: int, _total: int) -> None:
    """Where nobody watches."""


@transaction.atomic
def import_paper(
    *, actor: Actor, organisation: Organisation, subject: Subject, grade: int, name: str, data: bytes, at: datetime,
    progress: Callable[[int, int], None] = _nobody_waits,
) -> Paper:  # fmt: skip
    """Read a Word file for review. Nothing of it is in the bank until someone accepts it.

    name      of the file
    progress  told after each picture and each question: done, of how many
    refuses  PaperUnreadable, PaperWithoutQuestions
    """
    require(actor, Permission.BANK_WRITE, within=organisation)

    try:
        read = word.read(data)
    except NotAWordFile as error:
        raise PaperUnreadable from error
    if not read.questions:
        raise PaperWithoutQuestions
    paper = Paper.objects.create(
        organisation=organisation, name=files.clean_name(name), subject=subject, grade=grade, read_at=at,
        read_by_id=actor.account_id,
    )  # fmt: skip
    total = len(read.pictures) + len(read.questions)
    pictures = _store_pictures(actor, paper, read.pictures, at, lambda done: progress(done, total))
    items = []
    for order, question in enumerate(read.questions, 1):
        items.append(_item(paper, order, _with_pictures(question, pictures)))
        progress(len(read.pictures) + order, total)
    PaperItem.objects.bulk_create(items, batch_size=500)
    audit.record(actor, "paper.imported", paper, name=paper.name, questions=len(read.questions))
    return paper


@transaction.atomic
def queue_paper(
    *, actor: Actor, organisation: Organisation, subject: Subject, grade: int, name: str, stream: BinaryIO,
    at: datetime,
) -> Job:  # fmt: skip
    """Have a large Word file read by the worker; the job leads to the review.

    name     of the file
    refuses  what `files.store` refuses: too large, no Word file
    """
    require(actor, Permission.BANK_WRITE, within=organisation)

    file = files.store(
        actor=actor, stream=stream, name=name, purpose=PAPER_PURPOSE, organisation_id=organisation.id, at=at
    )
    arguments = {"file": str(file.public_id), "shelf": Shelf(organisation, subject, grade).key}
    job = jobs.start(
        actor=actor, kind=READ_PAPER, organisation_id=organisation.id, arguments=arguments, at=at,
        title=_("Đọc đề “%(name)s”") % {"name": file.name},
    )  # fmt: skip
    audit.record(actor, "paper.queued", job, name=file.name)
    return job


@transaction.atomic
def mend_item(*, actor: Actor, item: PaperItem, draft: Draft) -> PaperItem:
    """Change what was read of one question; its problems are judged anew."""
    require(actor, Permission.BANK_WRITE, within=item)

    item.stem = sanitised(draft.stem)
    item.choices = [sanitised(choice) for choice in draft.choices]
    item.key = draft.key
    item.explanation = sanitised(draft.explanation)
    item.problems = [[str(code), detail] for code, detail in _problems_of(item)]
    item.save(update_fields=["stem", "choices", "key", "explanation", "problems"])
    audit.record(actor, "paper.item_mended", item, number=item.number)
    return item


@transaction.atomic
def accept_items(*, actor: Actor, paper: Paper, items: Sequence[PaperItem], at: datetime) -> int:
    """Take questions over into the bank. One that has been taken already is not taken twice.

    returns  how many are new in the bank
    refuses  ItemNotUsable, and then takes none
    """
    require(actor, Permission.BANK_WRITE, within=paper)

    taken = 0
    locked = PaperItem.objects.select_for_update().filter(paper=paper, id__in=[item.id for item in items])
    for item in locked.order_by("id"):
        if item.question_id is not None:
            continue
        if not item.is_usable:
            raise ItemNotUsable(number=item.number)
        draft = Draft(item.stem, tuple(item.choices), item.key, item.explanation)
        item.question = add_question(
            actor=actor, organisation=paper.organisation, subject=paper.subject, grade=paper.grade, draft=draft,
            source=f"{paper.name} · {item.number}", at=at,
        )  # fmt: skip
        item.save(update_fields=["question"])
        taken += 1
    paper.state = Paper.State.ACCEPTED
    paper.save(update_fields=["state"])
    audit.record(actor, "paper.accepted", paper, taken=taken)
    return taken


@transaction.atomic
def cancel_paper(*, actor: Actor, paper: Paper) -> None:
    """Forget a paper under review with everything it brought; questions already taken over stay."""
    require(actor, Permission.BANK_WRITE, within=paper)

    kept = [media for question in _taken(paper) for media in media_in(*question)]
    audit.record(actor, "paper.cancelled", paper, name=paper.name)
    Media.objects.filter(paper=paper, public_id__in=kept).update(paper=None)
    paper.delete()


def _taken(paper: Paper) -> list[tuple[str, ...]]:
    rows = PaperItem.objects.filter(paper=paper, question__isnull=False)
    return [(item.stem, item.explanation, *item.choices) for item in rows]


def _problems_of(item: PaperItem) -> list[tuple[Problem, str]]:
    found: list[tuple[Problem, str]] = []
    if not item.stem:
        found.append((Problem.NO_STEM, ""))
    if not 2 <= len(item.choices) <= MOST_CHOICES:
        found.append((Problem.NO_CHOICES, ""))
    found += [(Problem.EMPTY_CHOICE, chr(64 + place)) for place, text in enumerate(item.choices, 1) if not text]
    if item.key is None or not 1 <= item.key <= len(item.choices):
        found.append((Problem.NO_KEY, ""))
    return found


def _item(paper: Paper, order: int, question: PaperQuestion) -> PaperItem:
    return PaperItem(
        organisation_id=paper.organisation_id,
        paper=paper,
        order=order,
        number=question.number,
        stem=sanitised(question.stem),
        choices=[sanitised(choice) for choice in question.choices],
        key=question.key,
        explanation=sanitised(question.explanation),
        problems=[[str(code), detail] for code, detail in question.problems],
    )


def _store_pictures(
    actor: Actor, paper: Paper, pictures: dict[str, bytes], at: datetime, progress: Callable[[int], None]
) -> dict[str, str]:
    """Public ids by the names in the file. A picture whose bytes are no picture is left out."""
    stored: dict[str, str] = {}
    for done, (name, data) in enumerate(pictures.items(), 1):
        progress(done)
        try:
            media = store_picture(
                actor=actor, picture=Picture(name, data), organisation_id=paper.organisation_id, at=at, paper=paper
            )
        except Refusal:
            continue
        stored[name] = str(media.public_id)
    return stored


def _with_pictures(question: PaperQuestion, stored: dict[str, str]) -> PaperQuestion:
    """The question with pictures by their public ids; one that could not be kept is named as missing."""
    missing = [(Problem.PICTURE_MISSING, name) for name in question.pictures if name not in stored]

    def named(text: str) -> str:
        for name in question.pictures:
            text = text.replace(f'src="media:{name}"', f'src="media:{stored.get(name, "")}"')
        return text

    return replace(
        question,
        stem=named(question.stem),
        choices=tuple(named(choice) for choice in question.choices),
        explanation=named(question.explanation),
        problems=(*question.problems, *missing),
    )
