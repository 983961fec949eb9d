"""What a teacher or a head can do to a mark-book as a whole: open it, add columns, lock it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from khue.curriculum import queries as curriculum
from khue.curriculum.models import SubjectGrade
from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.record import one
from khue.gradebook import guards, mark_table, queries, year_table
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.events import BookLocked
from khue.gradebook.models import MarkBook, MarkColumn
from khue.gradebook.refusals import (
    NoRuleSet,
    NothingToLock,
)
from khue.gradebook.rule_sets import rule_set_for
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Term


@transaction.atomic
def open_book(*, actor: Actor, class_subject: ClassSubject, term: Term) -> MarkBook:
    """Open the mark-book of a class-subject for a term, with the columns its rule set asks for. Opened once only.

    refuses  NoRuleSet where no circular says how marks are kept (primary school)
    source   TT 22/2021/TT-BGDĐT, Điều 6 and 7: 2 to 4 regular marks by yearly periods, one mid-term, one end-term
    """
    require(actor, Permission.MARK_WRITE, within=class_subject)
    grade = class_subject.school_class.grade
    rules = rule_set_for(grade, term.starts_on)
    plan = curriculum.subject_grade(class_subject.subject_id, grade, on=term.starts_on)
    if rules is None or plan is None or plan.regular_marks_per_term is None:
        raise NoRuleSet(grade=grade, day=f"{term.starts_on:%d/%m/%Y}")
    kinds = _kinds_of_a_term(plan.regular_marks_per_term)
    book, is_new = MarkBook.objects.get_or_create(
        class_subject=class_subject,
        term=term,
        defaults={
            "organisation_id": class_subject.organisation_id,
            "rule_set": rules.code,
            "school_year": int(term.school_year.code[:4]),
            "is_scored": plan.mode == SubjectGrade.Mode.SCORE,
            "columns": len(kinds),
        },
    )
    if is_new:
        MarkColumn.objects.bulk_create(
            MarkColumn(organisation_id=book.organisation_id, book=book, kind=kind, position=position)
            for kind, position in kinds
        )
        audit.record(actor, "mark_book.opened", book, rule_set=rules.code)
    return book


def _kinds_of_a_term(regular: int) -> list[tuple[MarkColumn.Kind, int]]:
    """Kind and position of the columns a book begins with."""
    kinds = [(MarkColumn.Kind.REGULAR, n) for n in range(1, regular + 1)]
    return [*kinds, (MarkColumn.Kind.MID_TERM, 1), (MarkColumn.Kind.END_TERM, 1)]


@transaction.atomic
def add_regular_column(*, actor: Actor, book: MarkBook, title: str, strand: str = "") -> MarkColumn:
    """Add one more regular mark: a teacher may assess more often than the least the circular asks for.

    strand  the part of an integrated subject whose teacher alone enters it; "" for any teacher of the subject
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    guards.refuse_if_locked(book)
    last = (
        MarkColumn.objects.select_for_update()
        .filter(book=book, kind=MarkColumn.Kind.REGULAR)
        .order_by("-position")
        .first()
    )
    column = MarkColumn.objects.create(
        organisation_id=book.organisation_id,
        book=book,
        kind=MarkColumn.Kind.REGULAR,
        position=last.position + 1 if last else 1,
        title=title,
        strand=strand,
    )
    MarkBook.objects.filter(id=book.id).update(columns=F("columns") + 1)
    audit.record(actor, "mark_column.added", column, title=title, strand=strand)
    return column


#: What a test's author calls a column, and what it is here.
_KINDS = {"regular": MarkColumn.Kind.REGULAR, "midterm": MarkColumn.Kind.MID_TERM, "final": MarkColumn.Kind.END_TERM}


@transaction.atomic
def take_column_for_test(
    *, actor: Actor, class_subject_id: int, assignment_id: int, kind: str, on: date
) -> MarkColumn | None:
    """Link the first column of a kind that is still empty to an online test; a further regular mark if none is.

    kind     "regular", "midterm" or "final"; anything else takes none
    returns  None where the test gives no mark, no book is kept, or the one column is taken
    """
    class_subject = one(schools.visible_class_subjects(actor), id=class_subject_id)
    require(actor, Permission.MARK_WRITE, within=class_subject)
    term = schools.current_term(class_subject.organisation_id, on)
    if kind not in _KINDS or term is None:
        return None
    book = open_book(actor=actor, class_subject=class_subject, term=term)
    if book.is_locked:
        return None
    free = queries.free_column(book, _KINDS[kind])
    if free is None and _KINDS[kind] == MarkColumn.Kind.REGULAR:
        free = add_regular_column(actor=actor, book=book, title="")
    if free is not None:
        link_column(actor=actor, column=free, assignment_id=assignment_id)
    return free


@transaction.atomic
def link_column(*, actor: Actor, column: MarkColumn, assignment_id: int) -> None:
    """Say into which column the results of an online test flow."""
    require(actor, Permission.MARK_WRITE, within=column)
    book = MarkBook.objects.get(id=column.book_id)
    refuse_unless_teaching(actor, book.class_subject)
    guards.refuse_if_locked(book)
    MarkColumn.objects.filter(book=book, assignment_id=assignment_id).update(assignment_id=None)
    column.assignment_id = assignment_id
    column.save(update_fields=["assignment_id"])
    audit.record(actor, "mark_column.linked", column, assignment=assignment_id)


@transaction.atomic
def lock_book(*, actor: Actor, book: MarkBook, at: datetime) -> None:
    """Close a mark-book for its term. From then on a mark changes only by an approved correction.

    source  domain §3.4
    """
    require(actor, Permission.BOOK_LOCK, within=book)
    if MarkBook.objects.filter(id=book.id, locked_at=None).update(locked_at=at, locked_by_id=actor.account_id):
        _close(book.term, [book.id], at)
        audit.record(actor, "mark_book.locked", book)
        events.publish(BookLocked(organisation_id=book.organisation_id, book_id=book.id))


@transaction.atomic
def lock_books(*, actor: Actor, term: Term, at: datetime) -> int:
    """Close every open mark-book of the school for a term. Returns how many there were.

    refuses  NothingToLock
    source   domain §3.4
    """
    require(actor, Permission.BOOK_LOCK, within=term)
    books = list(MarkBook.objects.select_for_update().filter(term=term, locked_at=None).order_by("id"))
    if not books:
        raise NothingToLock
    MarkBook.objects.filter(id__in=[book.id for book in books]).update(locked_at=at, locked_by_id=actor.account_id)
    _close(term, [book.id for book in books], at)
    audit.record(actor, "mark_books.locked", term, books=[book.id for book in books])
    for book in books:
        events.publish(BookLocked(organisation_id=book.organisation_id, book_id=book.id))
    return len(books)


def _close(term: Term, book_ids: Sequence[int], at: datetime) -> None:
    """Results that waited for more assessments are final now, and so are the years they belong to."""
    if failed := mark_table.close(book_ids):
        year_table.settle(term.school_year, failed, at)
