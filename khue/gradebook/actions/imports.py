"""A teacher brings marks in a workbook: it is looked at first, then taken as a whole or not at all."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.models import StoredFile
from khue.gradebook import queries
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.actions.marking import TypedCell, record_marks
from khue.gradebook.models import MarkBook, MarkImport
from khue.gradebook.refusals import BookIsLocked, ImportHasProblems, ImportTaken, MarksMovedOn, NothingToTake


@transaction.atomic
def bring_marks(*, actor: Actor, book: MarkBook, file: StoredFile, at: datetime) -> MarkImport:
    """Bring a workbook with marks to look at it. Nothing of it is in the book yet.

    refuses  whatever is no workbook (workbooks.refusals), NoMarkColumns, BookIsLocked
    source   domain §3.4: Excel import and export with templates
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    if book.is_locked:
        raise BookIsLocked
    read = queries.read_file(file, book)
    brought = MarkImport.objects.create(
        organisation_id=book.organisation_id, book=book, file=file, brought_at=at, brought_by_id=actor.account_id
    )
    audit.record(
        actor, "mark_import.brought", brought, file=file.name, cells=len(read.written), problems=len(read.problems)
    )
    return brought


@transaction.atomic
def take_marks(*, actor: Actor, found: MarkImport, seen: str, at: datetime) -> int:
    """Write a workbook's marks into its book, all of them or none. Returns how many marks changed.

    seen     the word of the preview that the teacher looked at
    refuses  ImportHasProblems while a line is wrong, MarksMovedOn when the marks are no longer those of the preview,
             NothingToTake, ImportTaken; what record_marks refuses
    """
    require(actor, Permission.MARK_WRITE, within=found)
    MarkBook.objects.select_for_update().get(id=found.book_id)
    if not MarkImport.objects.filter(id=found.id, taken_at=None).update(taken_at=at):
        raise ImportTaken
    preview = queries.preview_of(actor, found)
    if preview.problems:
        raise ImportHasProblems(problems=len(preview.problems))
    if preview.seen != seen:
        raise MarksMovedOn
    if not preview.changes:
        raise NothingToTake
    cells = [
        TypedCell(change.column_id, change.enrolment_id, change.after, change.before) for change in preview.changes
    ]
    recorded = record_marks(actor=actor, book=found.book, cells=cells, at=at)
    if recorded.refused or recorded.conflicts:
        raise MarksMovedOn
    MarkImport.objects.filter(id=found.id).update(cells=len(cells))
    audit.record(actor, "mark_import.taken", found, cells=len(cells))
    return len(cells)
