"""What stops a change of a class's year, asked by several actions."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from khue.foundation import clock
from khue.foundation.errors import NotFound
from khue.gradebook.models import ClassMeeting, EntryWindow
from khue.gradebook.refusals import ResultsStand, WindowClosed
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


def day_in(term: Term, at: datetime) -> date:
    """The day of an instant, or the nearest day of the term."""
    return min(max(at.astimezone(clock.VIETNAM).date(), term.starts_on), term.ends_on)


def refuse_others(school_class: SchoolClass, enrolment_ids: Iterable[int], on: date) -> None:
    """NotFound when one of the pupils is not in the class on that day."""
    known = {member.enrolment_id for member in schools.members(school_class, on)}
    if not known.issuperset(enrolment_ids):
        raise NotFound
