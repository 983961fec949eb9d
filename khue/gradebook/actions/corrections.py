"""What is changed after the lock: asked with a reason by the teacher, decided by the head."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.gradebook import guards, mark_table
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.actions import marking
from khue.gradebook.actions.marking import TypedCell
from khue.gradebook.models import MarkBook, MarkCorrection
from khue.gradebook.refusals import (
    BookIsOpen,
    CorrectionDecided,
    ReasonMissing,
)
from khue.gradebook.typed_marks import display


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
    columns = guards.columns_of(book)
    marking.refuse_outside(book, columns, [cell])
    new = marking.parsed(book, cell.typed)
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
        book = guards.held(correction.column.book_id)
        new = marking.parsed(book, correction.new_typed)
        marking.write(actor, book, guards.columns_of(book), {(correction.column_id, correction.enrolment_id): new}, at)
    audit.record(actor, f"mark_correction.{state}", correction, new=correction.new_typed)
