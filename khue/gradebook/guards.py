"""What stops a change of a class's year, asked by several actions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.gradebook.models import ClassMeeting, EntryWindow, MarkBook, MarkColumn
from khue.gradebook.refusals import BookIsLocked, ColumnClosed, OtherStrand, ResultsStand, WindowClosed
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, Term


def refuse_if_approved(school_class: SchoolClass) -> None:
    """ResultsStand once the head has approved the year of the class; until the transaction ends nobody approves it."""
    meeting = ClassMeeting.objects.select_for_update().filter(school_class_id=school_class.id).first()
    if meeting is not None and meeting.approved_at is not None:
        raise ResultsStand


def refuse_outside_window(term: Term, kind: str, at: datetime) -> None:
    """WindowClosed on a day on which nothing of that kind may be entered."""
    day = at.astimezone(clock.VIETNAM).date()
    closed = EntryWindow.objects.filter(Q(opens_on__gt=day) | Q(closes_on__lt=day), term=term, kind=kind).first()
    if closed is not None:
        raise WindowClosed(opens=f"{closed.opens_on:%d/%m/%Y}", closes=f"{closed.closes_on:%d/%m/%Y}")


def columns_on(book: MarkBook, day: date) -> tuple[list[MarkColumn], set[int]]:
    """The columns, and the ids of those into which nothing may be entered on that day. One query."""
    windows = EntryWindow.objects.filter(term_id=book.term_id, kind=OuterRef("kind"))
    outside = windows.filter(Q(opens_on__gt=day) | Q(closes_on__lt=day))
    columns = list(MarkColumn.objects.filter(book=book).annotate(is_closed=Exists(outside)))
    return list(columns), {column.id for column in columns if column.is_closed}


def not_to_enter(
    actor: Actor, book: MarkBook, columns: Sequence[MarkColumn], closed: Collection[int]
) -> dict[int, str]:
    """Those of the columns into which the actor may enter nothing now, with the reason. No query but for strands."""
    reasons = {column.id: str(ColumnClosed()) for column in columns if column.id in closed}
    of_strands = [column for column in columns if column.strand]
    if of_strands and not actor.is_system:
        taught = schools.strands_taught(actor, book.class_subject)
        reasons |= {one.id: str(OtherStrand(strand=one.strand)) for one in of_strands if one.strand not in taught}
    return reasons


def day_in(term: Term, at: datetime) -> date:
    """The day of an instant, or the nearest day of the term."""
    return min(max(at.astimezone(clock.VIETNAM).date(), term.starts_on), term.ends_on)


def refuse_others(school_class: SchoolClass, enrolment_ids: Iterable[int], on: date) -> None:
    """NotFound when one of the pupils is not in the class on that day."""
    known = {member.enrolment_id for member in schools.members(school_class, on)}
    if not known.issuperset(enrolment_ids):
        raise NotFound


def held(book_id: int) -> MarkBook:
    """The book, held until the transaction ends: marks are written by one at a time, and never while it is locked."""
    return MarkBook.objects.select_for_update().get(id=book_id)


def refuse_if_locked(book: MarkBook) -> None:
    """BookIsLocked once the term's marks are closed; until the transaction ends nobody closes them."""
    if held(book.id).is_locked:
        raise BookIsLocked


def columns_of(book: MarkBook) -> list[MarkColumn]:
    """All columns of a book. One query."""
    return list(MarkColumn.objects.filter(book=book))
