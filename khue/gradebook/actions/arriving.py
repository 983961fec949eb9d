"""A pupil's marks follow it to another school of the node: this year's go into the new books as received ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.gradebook.access import Permission
from khue.gradebook.actions.books import open_book
from khue.gradebook.actions.entering import receive_marks
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.gradebook.typed_marks import TypedMark, display
from khue.registry.queries import organisation_with
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Enrolment


@dataclass(frozen=True)
class Brought:
    """The marks of one subject and term: (kind, position) of the column -> the mark as it is typed."""

    subject_id: int
    term: int
    is_scored: bool
    marks: Mapping[tuple[str, int], str]


@transaction.atomic
def carry_marks_over(
    *, actor: Actor, enrolment: Enrolment, left_enrolment_id: int, left_organisation_id: int, at: datetime
) -> int:
    """Put the marks of this school year that stand at the school left behind into the new school's books.

    The first regular mark goes into the first regular column, and so on. Where a mark stands already nothing is
    changed, so that bringing them twice brings them once. What finds no place (a locked book, a subject that the
    new class does not take, more regular marks than columns) is named in the trail. Nothing is taken away there.
    returns  how many marks were brought
    source   domain §3.4, §5.2: marks follow the pupil
    """
    require(actor, Permission.MARK_WRITE, within=enrolment)
    if not actor.is_system:  # what another school's books hold is read by the program alone
        raise Forbidden

    with scope.widened(actor, [left_organisation_id]):
        origin = organisation_with(left_organisation_id).name
        brought = _marks_there(left_enrolment_id)
    came, left_out = 0, []
    for each in brought:
        book = _book_for(actor, enrolment, each)
        placed = _places(book, enrolment, each) if book is not None else {}
        if len(placed) < len(each.marks):
            left_out.append([each.subject_id, each.term, len(each.marks) - len(placed)])
        if book is not None and placed:
            receive_marks(actor=actor, book=book, enrolment=enrolment, typed=placed, origin=origin, at=at)
            came += len(placed)
    audit.record(actor, "marks.carried_over", enrolment, origin=origin, marks=came, left_out=left_out)
    return came


def _marks_there(left_enrolment_id: int) -> list[Brought]:
    """By subject and term. One query, in the scope of the school left behind."""
    rows = Mark.objects.filter(enrolment_id=left_enrolment_id, is_exempt=False).values_list(
        "column__book__class_subject__subject_id", "column__book__term__number", "column__book__is_scored",
        "column__kind", "column__position", "tenths", "passed",
    )  # fmt: skip
    found: dict[tuple[int, int, bool], dict[tuple[str, int], str]] = {}
    for subject, term, is_scored, kind, position, tenths, passed in rows:
        text = display(TypedMark(tenths=tenths, passed=passed))
        if text:
            found.setdefault((subject, term, is_scored), {})[kind, position] = text
    return [Brought(*key, marks) for key, marks in sorted(found.items())]


def _book_for(actor: Actor, enrolment: Enrolment, brought: Brought) -> MarkBook | None:
    """The open book of that subject and term in the pupil's new class, opened where nobody has yet."""
    school_class = enrolment.school_class
    subjects = schools.class_subjects_of(actor, school_class)
    taken = next((each for each in subjects if each.subject_id == brought.subject_id), None)
    terms = schools.terms_of(school_class.school_year)
    term = next((each for each in terms if each.number == brought.term), None)
    if taken is None or term is None or not _takes(taken, enrolment):
        return None
    try:
        book = open_book(actor=actor, class_subject=taken, term=term)
    except Refusal:
        return None
    return None if book.is_locked or book.is_scored != brought.is_scored else book


def _takes(taken: ClassSubject, enrolment: Enrolment) -> bool:
    return any(member.enrolment_id == enrolment.id for member in schools.learners(taken, enrolment.starts_on))


def _places(book: MarkBook, enrolment: Enrolment, brought: Brought) -> dict[int, str]:
    """Column id -> mark, for columns in which the pupil has none. The order among regular marks is kept."""
    columns = list(MarkColumn.objects.filter(book=book).order_by("kind", "position", "id"))
    taken = set(Mark.objects.filter(column__in=columns, enrolment=enrolment).values_list("column_id", flat=True))
    placed: dict[int, str] = {}
    for kind in {kind for kind, _position in brought.marks}:
        texts = [text for (of, _position), text in sorted(brought.marks.items()) if of == kind]
        placed |= dict(zip(_ids(columns, kind), texts, strict=False))
    return {column: text for column, text in placed.items() if column not in taken}


def _ids(columns: Iterable[MarkColumn], kind: str) -> list[int]:
    return [column.id for column in columns if column.kind == kind]
