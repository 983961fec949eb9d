"""What a subject teacher puts into a book besides marks typed into cells: marks of another school, remarks."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.gradebook import queries
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.actions.marking import TypedCell, record_marks
from khue.gradebook.models import MarkBook, ReceivedMark, Remark
from khue.gradebook.refusals import BookIsLocked, MarkNotReceived, OriginMissing
from khue.schools.models import Enrolment


@transaction.atomic
def receive_marks(
    *, actor: Actor, book: MarkBook, enrolment: Enrolment, typed: Mapping[int, str], origin: str, at: datetime
) -> None:
    """Enter the marks that a pupil who moved during the term has brought from the former school. All or none.

    The marks count like any other; that they were received, and from where, stays beside them.
    typed    by column id; "" for a column of which the former school has no mark
    refuses  OriginMissing, MarkNotReceived for a cell that cannot be entered; what record_marks refuses
    source   domain §3.4
    """
    require(actor, Permission.MARK_WRITE, within=book)
    if not origin.strip():
        raise OriginMissing
    cells = [TypedCell(column, enrolment.id, text) for column, text in typed.items() if text.strip()]
    recorded = record_marks(actor=actor, book=book, cells=cells, at=at)
    for reason in recorded.refused.values():
        raise MarkNotReceived(reason=reason)
    ReceivedMark.objects.bulk_create(
        [
            ReceivedMark(
                organisation_id=book.organisation_id, column_id=column, enrolment_id=pupil, typed=shown,
                origin=origin.strip()[:120], received_at=at, received_by_id=actor.account_id,
            )
            for (column, pupil), shown in recorded.shown.items()
            if shown
        ],
        update_conflicts=True,
        unique_fields=["column", "enrolment"],
        update_fields=["typed", "origin", "received_at", "received_by_id"],
    )  # fmt: skip
    marks = [[column, shown] for (column, _pupil), shown in recorded.shown.items()]
    audit.record(actor, "marks.received", enrolment, book=book.id, origin=origin.strip()[:120], marks=marks)


@transaction.atomic
def record_remarks(*, actor: Actor, book: MarkBook, remarks: Mapping[int, str], at: datetime) -> None:
    """Write the subject teacher's words on pupils in a term: progress, strengths, what to work on.

    remarks  by enrolment id; "" takes the words back
    refuses  BookIsLocked; Forbidden to a teacher of another subject; NotFound for a pupil outside the book
    source   TT 22/2021/TT-BGDĐT, Điều 5 and 6: scored subjects are commented on too
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    if MarkBook.objects.select_for_update().get(id=book.id).is_locked:
        raise BookIsLocked
    if not queries.learners_of(book).keys() >= remarks.keys():
        raise NotFound
    moment, item = queries.remark_place(book)
    kept = Remark.objects.filter(enrolment_id__in=list(remarks), moment=moment, item=item)
    before = dict(kept.values_list("enrolment_id", "text"))
    changed = {pupil: text.strip() for pupil, text in remarks.items() if before.get(pupil, "") != text.strip()}
    if not changed:
        return
    kept.filter(enrolment_id__in=[pupil for pupil, text in changed.items() if not text]).delete()
    Remark.objects.bulk_create(
        [
            Remark(
                organisation_id=book.organisation_id, enrolment_id=pupil, moment=moment, item=item, text=text,
                written_at=at, written_by_id=actor.account_id,
            )
            for pupil, text in changed.items()
            if text
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "moment", "item"],
        update_fields=["text", "written_at", "written_by_id"],
    )  # fmt: skip
    changes = [[pupil, before.get(pupil, ""), text] for pupil, text in changed.items()]
    audit.record(actor, "remarks.recorded", book, pupils=changes)
