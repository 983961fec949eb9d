"""What stands in a book beside the marks: make-up tests, marks of another school, the teacher's words."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.gradebook.models import Exemption, MakeUpTest, MarkBook, MarkColumn, ReceivedMark, ReceivedResult, Remark
from khue.gradebook.queries.books import learners_of, visible_books
from khue.schools import queries as schools
from khue.schools.models import Enrolment


def make_ups_of(book: MarkBook) -> list[MakeUpTest]:
    """The make-up tests of a book from `book_of`, open ones first. One query."""
    rows = MakeUpTest.objects.filter(column__book=book).select_related("enrolment__person", "column")
    return list(rows.order_by("-settled_at", "due_on", "id"))


def make_up_of(actor: Actor, public_id: UUID) -> MakeUpTest:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    rows = MakeUpTest.objects.filter(column__book__in=visible_books(actor))
    return one(rows.select_related("column__book__class_subject", "enrolment__person"), public_id=public_id)


def received_marks_of(book: MarkBook) -> list[ReceivedMark]:
    """Which marks of a book were given at another school. One query."""
    rows = ReceivedMark.objects.filter(column__book=book).select_related("enrolment__person", "column")
    return list(rows.order_by("enrolment__person__sort_key", "column__kind", "column__position"))


def remark_place(book: MarkBook) -> tuple[int, str]:
    """Under which moment of the year and which item the subject teacher's words of a book are kept."""
    return (2 if book.term.number == 1 else 4), book.class_subject.subject.code


def remarks_in(book: MarkBook, enrolment_ids: Sequence[int]) -> dict[int, str]:
    """The subject teacher's words by enrolment id. One query."""
    moment, item = remark_place(book)
    rows = Remark.objects.filter(enrolment_id__in=enrolment_ids, moment=moment, item=item)
    return dict(rows.values_list("enrolment_id", "text"))


def open_exemptions_of(enrolment: Enrolment) -> QuerySet[Exemption]:
    """The subjects a pupil need not take now. One query."""
    rows = Exemption.objects.filter(enrolment=enrolment, ends_on=None)
    return rows.select_related("class_subject__subject", "enrolment").order_by("starts_on", "id")


def exempted_now(enrolment: Enrolment) -> list[Exemption]:
    """The rows of `open_exemptions_of`, for a page. One query."""
    return _exempted(enrolment.id)


@compiled
def _exempted(enrolment_id: int) -> QuerySet[Exemption]:
    rows = Exemption.objects.filter(enrolment_id=enrolment_id, ends_on=None)
    return rows.select_related("class_subject__subject", "enrolment").order_by("starts_on", "id")


def received_results_of(enrolment: Enrolment) -> list[ReceivedResult]:
    """Results of terms at other schools. One query."""
    return _received(enrolment.id)


@compiled
def _received(enrolment_id: int) -> QuerySet[ReceivedResult]:
    rows = ReceivedResult.objects.filter(enrolment_id=enrolment_id).select_related("class_subject__subject", "term")
    return rows.order_by("term__number", "class_subject__subject__order")


def learner_of(actor: Actor, book: MarkBook, enrolment_id: int) -> Enrolment:
    """A pupil who is in a book. Raises NotFound for anybody else. Two queries."""
    if enrolment_id not in learners_of(book):
        raise NotFound
    return one(schools.visible_enrolments(actor), id=enrolment_id)


def column_in(book: MarkBook, column_id: int) -> MarkColumn:
    """A column of the book. Raises NotFound. One query."""
    return one(MarkColumn.objects.filter(book=book).select_related("book__class_subject"), id=column_id)
