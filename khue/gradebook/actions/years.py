"""What a homeroom teacher and a head do with a class's year: conduct, the meeting, working everything out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.gradebook import year_table
from khue.gradebook.access import Permission, refuse_unless_leading
from khue.gradebook.guards import day_in, refuse_if_approved, refuse_others, refuse_outside_window
from khue.gradebook.models import ClassMeeting, EntryWindow, LevelDecision, PupilYear, TermConduct
from khue.gradebook.refusals import (
    MeetingTooEarly,
    NobodyInClass,
    NothingToDecide,
    ReasonNeeded,
    WindowOutOfOrder,
)
from khue.gradebook.rule_sets import Level
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolClass, SchoolYear, Term

LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class TypedConduct:
    """What the homeroom teacher says about one pupil's term.

    sessions_absent  None where the roll call counts
    """

    level: Level | None
    comment: str = ""
    sessions_absent: int | None = None


@transaction.atomic
def recompute_years(
    *, actor: Actor, school_year: SchoolYear, enrolment_ids: Sequence[int] | None = None, at: datetime
) -> int:
    """Work out subject means, levels, moving up and titles from what is recorded now. Returns how many pupils.

    enrolment_ids  None for the whole school
    cost           twelve statements and one for each grade, however many pupils
    source         TT 22/2021/TT-BGDĐT, Điều 8, 9, 12-15
    """
    require(actor, Permission.RESULT_READ, within=school_year)
    number = year_table.settle(school_year, enrolment_ids, at)
    if enrolment_ids is None:
        audit.record(actor, "years.worked_out", school_year, pupils=number)
    return number


@transaction.atomic
def record_conduct(
    *, actor: Actor, school_class: SchoolClass, term: Term, typed: Mapping[int, TypedConduct], at: datetime
) -> None:
    """Enter or correct Kết quả rèn luyện of pupils of a class in a term.

    typed    by enrolment id
    refuses  ResultsStand once the head has approved the year, WindowClosed, NotFound for a pupil of another class
    source   TT 22/2021/TT-BGDĐT, Điều 8
    """
    require(actor, Permission.CLASS_WRITE, within=school_class)
    refuse_unless_leading(actor, school_class)
    refuse_if_approved(school_class)
    if term.school_year_id != school_class.school_year_id:
        raise NotFound
    refuse_outside_window(term, "conduct", at)
    refuse_others(school_class, typed, day_in(term, at))
    before = {
        row.enrolment_id: row
        for row in TermConduct.objects.filter(enrolment_id__in=list(typed), term=term).order_by("id")
    }
    changed = {pupil: new for pupil, new in typed.items() if _conduct_of(before.get(pupil)) != new}
    if not changed:
        return
    _keep_conduct(actor, term, changed, at)
    changes = [[pupil, _said(_conduct_of(before.get(pupil))), _said(new)] for pupil, new in changed.items()]
    audit.record(actor, "conduct.recorded", school_class, term=term.number, pupils=changes)
    year_table.settle(school_class.school_year, list(changed), at)


def _keep_conduct(actor: Actor, term: Term, typed: Mapping[int, TypedConduct], at: datetime) -> None:
    TermConduct.objects.bulk_create(
        [
            TermConduct(
                organisation_id=term.organisation_id, enrolment_id=pupil, term=term, level=new.level,
                comment=new.comment, sessions_absent=new.sessions_absent, recorded_at=at,
                recorded_by_id=actor.account_id,
            )
            for pupil, new in typed.items()
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "term"],
        update_fields=["level", "comment", "sessions_absent", "recorded_at", "recorded_by_id"],
    )  # fmt: skip


def _conduct_of(row: TermConduct | None) -> TypedConduct:
    if row is None:
        return TypedConduct(None)
    return TypedConduct(None if row.level is None else Level(row.level), row.comment, row.sessions_absent)


def _said(conduct: TypedConduct) -> list[int | str | None]:
    return [conduct.level, conduct.comment, conduct.sessions_absent]


@transaction.atomic
def record_meeting(
    *, actor: Actor, school_class: SchoolClass, held_on: date, minutes: str, at: datetime
) -> ClassMeeting:
    """Write down the meeting on the class's year and submit its results to the head.

    refuses  MeetingTooEarly while a result is missing, NobodyInClass, ResultsStand once approved
    """
    require(actor, Permission.CLASS_WRITE, within=school_class)
    refuse_unless_leading(actor, school_class)
    refuse_if_approved(school_class)
    pupils = [member.enrolment_id for member in schools.members(school_class, held_on)]
    if not pupils:
        raise NobodyInClass
    year_table.settle(school_class.school_year, pupils, at)
    decided = PupilYear.objects.filter(enrolment_id__in=pupils, is_ambiguous=False).exclude(outcome="").count()
    if decided < len(pupils):
        raise MeetingTooEarly(pupils=len(pupils) - decided)
    meeting, _is_new = ClassMeeting.objects.update_or_create(
        school_class=school_class,
        defaults={
            "organisation_id": school_class.organisation_id,
            "held_on": held_on,
            "minutes": minutes.strip(),
            "recorded_at": at,
            "recorded_by_name": actor.name,
        },
    )
    audit.record(actor, "class_meeting.recorded", meeting, held_on=held_on.isoformat())
    return meeting


@transaction.atomic
def approve_meeting(*, actor: Actor, meeting: ClassMeeting, at: datetime) -> None:
    """The head approves the class's year: from now on its conduct stands."""
    require(actor, Permission.YEAR_DECIDE, within=meeting)
    rows = ClassMeeting.objects.filter(id=meeting.id, approved_at=None)
    if rows.update(approved_at=at, approved_by_name=actor.name):
        audit.record(actor, "class_meeting.approved", meeting)


@transaction.atomic
def decide_level(*, actor: Actor, enrolment: Enrolment, level: Level, reason: str, at: datetime) -> None:
    """Settle the study level of a year that the circular leaves open to two readings.

    refuses  NothingToDecide where it does not, ReasonNeeded
    source   TT 22/2021/TT-BGDĐT, Điều 9 khoản 3
    """
    require(actor, Permission.YEAR_DECIDE, within=enrolment)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded
    year = PupilYear.objects.filter(enrolment=enrolment, is_ambiguous=True).first()
    if year is None or year.study is None or level not in (year.study, year.study + 1):
        raise NothingToDecide
    decision, _is_new = LevelDecision.objects.update_or_create(
        enrolment=enrolment,
        defaults={
            "organisation_id": enrolment.organisation_id,
            "level": level,
            "reason": reason.strip(),
            "decided_at": at,
            "decided_by_id": actor.account_id,
            "decided_by_name": actor.name,
        },
    )
    audit.record(actor, "level.decided", decision, level=int(level), reason=reason.strip())
    year_table.settle(enrolment.school_class.school_year, [enrolment.id], at)


@transaction.atomic
def set_window(*, actor: Actor, term: Term, kind: str, opens_on: date, closes_on: date) -> None:
    """Say within which days marks of a kind, or conduct, may be entered in a term.

    kind     "regular", "mid", "end" or "conduct"
    refuses  WindowOutOfOrder
    source   domain §3.4
    """
    require(actor, Permission.WINDOW_WRITE, within=term)
    if closes_on < opens_on:
        raise WindowOutOfOrder
    window, _is_new = EntryWindow.objects.update_or_create(
        term=term,
        kind=kind,
        defaults={"organisation_id": term.organisation_id, "opens_on": opens_on, "closes_on": closes_on},
    )
    audit.record(
        actor, "entry_window.set", window, kind=kind, opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat()
    )


@transaction.atomic
def remove_window(*, actor: Actor, term: Term, kind: str) -> None:
    """Let marks of a kind be entered at any time of the term again."""
    require(actor, Permission.WINDOW_WRITE, within=term)
    gone, _rows = EntryWindow.objects.filter(term=term, kind=kind).delete()
    if gone:
        audit.record(actor, "entry_window.removed", term, kind=kind)
