"""What a teacher, a head or a finished test can do to a mark-book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import F

from khue.curriculum import queries as curriculum
from khue.curriculum.models import SubjectGrade
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.gradebook import guards, mark_table, queries, year_table
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.events import BookLocked, MarksRecorded
from khue.gradebook.mark_table import Cell
from khue.gradebook.models import MarkBook, MarkColumn, MarkCorrection
from khue.gradebook.refusals import (
    BookIsLocked,
    BookIsOpen,
    CorrectionDecided,
    MarkNotUnderstood,
    NoRuleSet,
    NothingToLock,
    ReasonMissing,
)
from khue.gradebook.rule_sets import rule_set_for
from khue.gradebook.typed_marks import NotAMark, TypedMark, display, parse_cell
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Term


@dataclass(frozen=True)
class TypedCell:
    """One cell as a teacher typed it; an empty text empties the cell.

    base  what the teacher saw in it before; None to write over whatever stands there
    """

    column_id: int
    enrolment_id: int
    typed: str
    base: str | None = None


@dataclass(frozen=True)
class RecordedMarks:
    """What became of typed cells.

    shown      (column id, enrolment id) -> the mark as it is now shown
    refused    the same for cells that hold no mark, with the reason; they keep their old mark
    results    enrolment id -> mean in tenths, or passed, or None
    conflicts  cells that somebody else has changed since the teacher saw them, with what stands there now
    """

    shown: dict[Cell, str]
    refused: dict[Cell, str]
    results: dict[int, int | bool | None]
    conflicts: dict[Cell, str] = field(default_factory=dict)


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
    _refuse_if_locked(book)
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


@transaction.atomic
def record_marks(*, actor: Actor, book: MarkBook, cells: Sequence[TypedCell], at: datetime) -> RecordedMarks:
    """Enter, correct or empty any number of cells of an open book. A cell that holds no mark is refused by itself.

    A cell outside the window of its column, or of another teacher's strand, is refused by itself too; one that somebody
    else has changed meanwhile keeps what stands there.

    refuses  BookIsLocked; Forbidden to a teacher of another subject; NotFound for a cell outside the book
    source   TT 22/2021/TT-BGDĐT, Điều 5 (scale 10, one decimal), Điều 9
    cost     nine statements, however many cells; one more where a column gets its first mark or a cell is emptied
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    _refuse_if_locked(book)
    columns, closed = guards.columns_on(book, at.astimezone(clock.VIETNAM).date())
    _refuse_outside(book, columns, cells)
    touched = {cell.column_id for cell in cells}
    kept = guards.not_to_enter(actor, book, [column for column in columns if column.id in touched], closed)
    marks, refused = _understand(book, [cell for cell in cells if cell.column_id not in kept])
    refused |= {(cell.column_id, cell.enrolment_id): kept[cell.column_id] for cell in cells if cell.column_id in kept}
    bases = {(cell.column_id, cell.enrolment_id): cell.base for cell in cells if cell.base is not None}
    results, conflicts = _write(actor, book, columns, marks, at, bases)
    shown = {cell: display(mark) for cell, mark in marks.items() if cell not in conflicts}
    return RecordedMarks(shown, refused, results, conflicts)


@transaction.atomic
def record_test_results(*, actor: Actor, column: MarkColumn, tenths: dict[int, int], at: datetime) -> None:
    """Let the results of an online test flow into its column. A locked book stays as it is.

    tenths  enrolment id -> mark in tenths
    """
    require(actor, Permission.MARK_WRITE, within=column)
    book = _held(column.book_id)
    if book.is_locked:
        return
    marks = {(column.id, enrolment): TypedMark(tenths=value) for enrolment, value in tenths.items()}
    _write(actor, book, _columns(book), marks, at)


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
    _refuse_if_locked(book)
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


@transaction.atomic
def ask_correction(*, actor: Actor, book: MarkBook, cell: TypedCell, reason: str, at: datetime) -> MarkCorrection:
    """Ask the head to change one mark of a locked book, with a written reason.

    refuses  BookIsOpen, ReasonMissing, MarkNotUnderstood
    source   domain §3.4
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    if not book.is_locked:
        raise BookIsOpen
    if len(reason.strip()) < 10:
        raise ReasonMissing
    columns = _columns(book)
    _refuse_outside(book, columns, [cell])
    new = _parse(book, cell.typed)
    key = (cell.column_id, cell.enrolment_id)
    old = mark_table.meaning(mark_table.marks_in(book, [cell.column_id], [cell.enrolment_id]).get(key))
    correction, _is_new = MarkCorrection.objects.update_or_create(
        column_id=cell.column_id,
        enrolment_id=cell.enrolment_id,
        state=MarkCorrection.State.ASKED,
        defaults={
            "organisation_id": book.organisation_id,
            "old_typed": display(old),
            "new_typed": display(new),
            "reason": reason.strip(),
            "asked_at": at,
            "asked_by_id": actor.account_id or 0,
            "asked_by_name": actor.name,
        },
    )
    audit.record(actor, "mark_correction.asked", correction, old=display(old), new=display(new), reason=reason)
    return correction


@transaction.atomic
def decide_correction(*, actor: Actor, correction: MarkCorrection, approve: bool, at: datetime) -> None:
    """Approve a correction, which changes the mark at once, or decline it. Both stay on record.

    refuses  CorrectionDecided
    """
    require(actor, Permission.CORRECTION_DECIDE, within=correction)
    state = MarkCorrection.State.APPROVED if approve else MarkCorrection.State.DECLINED
    decided = MarkCorrection.objects.filter(id=correction.id, state=MarkCorrection.State.ASKED).update(
        state=state, decided_at=at, decided_by_id=actor.account_id, decided_by_name=actor.name
    )
    if not decided:
        raise CorrectionDecided
    if approve:
        book = _held(correction.column.book_id)
        new = _parse(book, correction.new_typed)
        _write(actor, book, _columns(book), {(correction.column_id, correction.enrolment_id): new}, at)
    audit.record(actor, f"mark_correction.{state}", correction, new=correction.new_typed)


def _write(
    actor: Actor,
    book: MarkBook,
    columns: Sequence[MarkColumn],
    marks: dict[Cell, TypedMark],
    at: datetime,
    bases: Mapping[Cell, str] = MappingProxyType({}),
) -> tuple[dict[int, int | bool | None], dict[Cell, str]]:
    """Store what is new, settle the term results, audit old and new values, publish. The results and the conflicts."""
    pupils = {enrolment for _, enrolment in marks}
    before = mark_table.marks_in(book, {column for column, _ in marks}, pupils)
    changed = {cell: mark for cell, mark in marks.items() if mark_table.meaning(before.get(cell)) != mark}
    found = {cell: display(mark_table.meaning(before.get(cell))) for cell in changed if cell in bases}
    conflicts = {cell: shown for cell, shown in found.items() if shown != bases[cell]}
    changed = {cell: mark for cell, mark in changed.items() if cell not in conflicts}
    if changed:
        mark_table.write(book, columns, changed, at, actor.account_id)
    results = mark_table.settle(book, columns, pupils) if pupils else {}
    if changed:
        changes = [
            [column, pupil, display(mark_table.meaning(before.get((column, pupil)))), display(mark)]
            for (column, pupil), mark in changed.items()
        ]
        audit.record(actor, "marks.recorded", book, cells=changes)
        told = [[column, pupil] for (column, pupil), mark in changed.items() if not mark.is_empty]
        touched = sorted({pupil for _, pupil in changed})
        events.publish(MarksRecorded(organisation_id=book.organisation_id, book_id=book.id, cells=told, pupils=touched))
    return results, conflicts


def _columns(book: MarkBook) -> list[MarkColumn]:
    return list(MarkColumn.objects.filter(book=book))


def _understand(book: MarkBook, cells: Iterable[TypedCell]) -> tuple[dict[Cell, TypedMark], dict[Cell, str]]:
    marks: dict[Cell, TypedMark] = {}
    refused: dict[Cell, str] = {}
    for cell in cells:
        try:
            marks[cell.column_id, cell.enrolment_id] = _parse(book, cell.typed)
        except MarkNotUnderstood as refusal:
            refused[cell.column_id, cell.enrolment_id] = str(refusal)
    return marks, refused


def _parse(book: MarkBook, typed: str) -> TypedMark:
    try:
        return parse_cell(typed, book.rule_set, is_scored=book.is_scored)
    except NotAMark:
        raise MarkNotUnderstood(typed=typed[:20]) from None


def _refuse_if_locked(book: MarkBook) -> None:
    if _held(book.id).is_locked:
        raise BookIsLocked


def _held(book_id: int) -> MarkBook:
    """The book, held until the transaction ends: marks are written by one at a time, and never while it is locked."""
    return MarkBook.objects.select_for_update().get(id=book_id)


def _refuse_outside(book: MarkBook, columns: Sequence[MarkColumn], cells: Iterable[TypedCell]) -> None:
    known = {column.id for column in columns}
    pupils = queries.learners_of(book)
    if any(cell.column_id not in known or cell.enrolment_id not in pupils for cell in cells):
        raise NotFound
