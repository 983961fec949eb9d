"""Minutes of meetings: written, handed in, agreed to or sent back; what was decided becomes tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.foundation import audit
from khue.foundation.actor import SYSTEM, Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.foundation.text import nfc
from khue.messaging import actions as messaging
from khue.registry.queries import Colleague, colleagues
from khue.workspace import register, symbols
from khue.workspace.access import Permission
from khue.workspace.actions.duties import Asked, put_down
from khue.workspace.models import Attendance, Decision, Meeting
from khue.workspace.queries.circles import is_in_circle, memberships
from khue.workspace.queries.meetings import meeting_path
from khue.workspace.refusals import (
    DecisionIncomplete,
    DueInThePast,
    MayNotGive,
    MinutesAgreed,
    MinutesNotSubmitted,
    MinutesSubmitted,
    NobodyThere,
    NotOfTheStaff,
    ReasonMissing,
)

#: Under which the minutes of a year are numbered, beside the registers of documents.
MINUTES = "min"


@dataclass(frozen=True, slots=True)
class Decided:
    """One thing that was decided. With a person and a day it becomes a task; with neither it is for all to know."""

    words: str
    to: Colleague | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the secretary writes. `circle` a key of the secretary's memberships, or empty: the whole office."""

    title: str
    held_at: datetime
    chair: Colleague
    present: Sequence[Colleague]
    decisions: Sequence[Decided]
    ended_at: datetime | None = None
    place: str = ""
    absent: str = ""
    proceedings: str = ""
    circle: str = ""


@transaction.atomic
def write_minutes(
    *, actor: Actor, organisation_id: int, minutes: Minutes, on: date, at: datetime, hands_in: bool = False
) -> Meeting:
    """Write the minutes of a meeting, as its secretary. They are a draft until they are handed in.

    on        today: nothing is due before it
    hands_in  whether to hand them in at once
    refuses  NobodyThere, DecisionIncomplete, DueInThePast, NotOfTheStaff; Forbidden where the circle is not one's own
    """
    require(actor, Permission.WORK, within=organisation_id)
    if actor.person_id is None:
        raise Forbidden
    _check(organisation_id, minutes, on)
    _require_circle(actor, organisation_id, minutes.circle)
    made = Meeting.objects.create(
        organisation_id=organisation_id, secretary_id=actor.person_id, written_at=at, **_columns(minutes)
    )
    _write_rows(made, minutes)
    audit.record(actor, "meeting.written", made, title=made.title, decisions=len(minutes.decisions))
    if hands_in:
        _hand_in(actor, made, at)
    return made


@transaction.atomic
def rewrite_minutes(
    *, actor: Actor, meeting: Meeting, minutes: Minutes, on: date, at: datetime, hands_in: bool = False
) -> None:
    """Change minutes nobody has agreed to: their secretary, or who keeps the registers. Refuses as write_minutes.

    They have to be handed in again, so that nobody agrees to words that were changed meanwhile.
    """
    _require_keeper(actor, meeting)
    found = _draft(meeting)
    _check(found.organisation_id, minutes, on)
    if minutes.circle != found.circle:
        _require_circle(actor, found.organisation_id, minutes.circle)
    for name, value in _columns(minutes).items():
        setattr(found, name, value)
    found.submitted_at = None
    found.save()
    Attendance.objects.filter(meeting=found).delete()
    Decision.objects.filter(meeting=found).delete()
    _write_rows(found, minutes)
    audit.record(actor, "meeting.rewritten", found, title=found.title, decisions=len(minutes.decisions))
    if hands_in:
        _hand_in(actor, found, at)


@transaction.atomic
def submit_minutes(*, actor: Actor, meeting: Meeting, at: datetime) -> None:
    """Hand minutes in to be agreed to; who led the meeting is told. Refuses MinutesAgreed, MinutesSubmitted."""
    _require_keeper(actor, meeting)
    found = _draft(meeting)
    if found.submitted_at is not None:
        raise MinutesSubmitted
    _hand_in(actor, found, at)


@transaction.atomic
def return_minutes(*, actor: Actor, meeting: Meeting, note: str, at: datetime) -> None:
    """Give minutes back to their secretary, with what has to be changed: by those who may agree to them.

    refuses  MinutesAgreed, MinutesNotSubmitted, ReasonMissing
    """
    if not actor.may(Permission.DECIDE, meeting) and not _leads(actor, meeting):
        raise Forbidden
    if not note.strip():
        raise ReasonMissing
    found = _draft(meeting)
    if found.submitted_at is None:
        raise MinutesNotSubmitted
    found.submitted_at, found.returned = None, nfc(note.strip())
    found.save(update_fields=["submitted_at", "returned"])
    audit.record(actor, "meeting.returned", found, note=found.returned)
    subject = _("Cần sửa lại biên bản: %(title)s") % {"title": found.title}
    _tell(actor, found, Told(f"returned:{at.isoformat()}", subject, found.returned), [found.secretary_id], at)


@transaction.atomic
def agree_to_minutes(*, actor: Actor, meeting: Meeting, at: datetime) -> int:
    """Agree to minutes: they change no more, every decision with a person becomes a task, who was there is told.

    The board agrees to all; the leader of a circle to those of the circle that give work to its members alone; each
    to the own ones without handing them in. Returns how many tasks.
    refuses  MinutesAgreed, MinutesNotSubmitted, MayNotGive
    """
    is_board = actor.may(Permission.DECIDE, meeting)
    if not is_board and not _leads(actor, meeting):
        raise Forbidden
    found = _draft(meeting)
    if found.submitted_at is None and found.secretary_id != actor.person_id:
        raise MinutesNotSubmitted
    decisions = list(Decision.objects.filter(meeting=found).select_related("assignee").order_by("order"))
    if not is_board:
        _refuse_others(found, decisions)
    count = 0
    for each in decisions:
        if each.assignee_id is None or each.due_on is None:
            continue
        each.task = put_down(
            actor, found.organisation_id, Asked(each.words, _origin(found), each.due_on, each.assignee_id), at,
            meeting=found,
        )  # fmt: skip
        each.save(update_fields=["task"])
        count += 1
    found.agreed_at, found.agreed_by_name, found.returned = at, actor.name, ""
    found.symbol = _symbol(found)
    found.save(update_fields=["agreed_at", "agreed_by_name", "returned", "symbol"])
    audit.record(actor, "meeting.agreed", found, tasks=count, symbol=found.symbol)
    there = Attendance.objects.filter(meeting=found).values_list("person_id", flat=True)
    subject = _("Biên bản đã thông qua: %(title)s") % {"title": found.title}
    _tell(actor, found, Told("agreed", subject, _when(found)), [*there, found.secretary_id], at)
    return count


def _symbol(meeting: Meeting) -> str:
    """The next of the office's minutes of that year. Source: Decree 30/2020/NĐ-CP, article 15 and annex III."""
    year = meeting.held_at.astimezone(VIETNAM).year
    number = register.next_number(meeting.organisation_id, MINUTES, year)
    return symbols.symbol(number, "minutes", symbols.body_of(meeting.organisation.name))


def _hand_in(actor: Actor, meeting: Meeting, at: datetime) -> None:
    meeting.submitted_at, meeting.returned = at, ""
    meeting.save(update_fields=["submitted_at", "returned"])
    audit.record(actor, "meeting.submitted", meeting)
    subject = _("Biên bản chờ thông qua: %(title)s") % {"title": meeting.title}
    _tell(actor, meeting, Told(f"submitted:{at.isoformat()}", subject, _when(meeting)), [meeting.chair_id], at)


@dataclass(frozen=True, slots=True)
class Told:
    """What people hear of minutes; `part` is the same whenever it is said again."""

    part: str
    subject: str
    body: str


def _tell(actor: Actor, meeting: Meeting, told: Told, people: Iterable[int], at: datetime) -> None:
    """Everybody of these but the actor."""
    note = messaging.Note(
        kind="work", key=f"meeting:{meeting.id}:{told.part}", subject=told.subject, body=told.body,
        link=meeting_path(meeting), caused_by_id=actor.account_id,
    )  # fmt: skip
    recipients = sorted(set(people) - {actor.person_id})
    if recipients:
        messaging.notify(actor=SYSTEM, organisation_id=meeting.organisation_id, note=note, recipients=recipients, at=at)


def _require_keeper(actor: Actor, meeting: Meeting) -> None:
    if actor.person_id is None or meeting.secretary_id != actor.person_id:
        require(actor, Permission.REGISTER_WRITE, within=meeting)


def _draft(meeting: Meeting) -> Meeting:
    found = Meeting.objects.select_for_update().get(id=meeting.id)
    if found.agreed_at is not None:
        raise MinutesAgreed
    return found


def _check(organisation_id: int, minutes: Minutes, on: date) -> None:
    if not minutes.present:
        raise NobodyThere
    staff = {each.public_id for each in colleagues(organisation_id)}
    named = [minutes.chair, *minutes.present, *(each.to for each in minutes.decisions if each.to)]
    if any(each.public_id not in staff for each in named):
        raise NotOfTheStaff
    for each in minutes.decisions:
        if (each.to is None) != (each.due_on is None):
            raise DecisionIncomplete(words=each.words[:80])
        if each.due_on is not None and each.due_on < on:
            raise DueInThePast


def _require_circle(actor: Actor, organisation_id: int, circle: str) -> None:
    if circle and not any(each.key == circle and each.office.id == organisation_id for each in memberships(actor)):
        raise Forbidden


def _leads(actor: Actor, meeting: Meeting) -> bool:
    return bool(meeting.circle) and any(
        each.leads and each.key == meeting.circle and each.office.id == meeting.organisation_id
        for each in memberships(actor)
    )


def _refuse_others(meeting: Meeting, decisions: Sequence[Decision]) -> None:
    for each in decisions:
        if each.assignee and not is_in_circle(meeting.organisation_id, each.assignee.id, meeting.circle):
            raise MayNotGive(name=each.assignee.full_name)


def _columns(minutes: Minutes) -> dict[str, object]:
    return {
        "title": nfc(minutes.title),
        "circle": minutes.circle,
        "held_at": minutes.held_at,
        "ended_at": minutes.ended_at,
        "place": nfc(minutes.place),
        "chair_id": minutes.chair.person_id,
        "absent": nfc(minutes.absent),
        "proceedings": "\n".join(map(nfc, minutes.proceedings.splitlines())),
    }


def _write_rows(meeting: Meeting, minutes: Minutes) -> None:
    place = meeting.organisation_id
    people = dict.fromkeys(each.person_id for each in (minutes.chair, *minutes.present))
    Attendance.objects.bulk_create(Attendance(organisation_id=place, meeting=meeting, person_id=key) for key in people)
    Decision.objects.bulk_create(
        Decision(
            organisation_id=place, meeting=meeting, order=number, words=nfc(each.words),
            assignee_id=each.to.person_id if each.to else None, due_on=each.due_on,
        )
        for number, each in enumerate(minutes.decisions, start=1)
    )  # fmt: skip


def _origin(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.held_at, VIETNAM)
    return _("Biên bản “%(title)s” ngày %(day)s") % {"title": meeting.title, "day": f"{day:%d/%m/%Y}"}


def _when(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.held_at, VIETNAM)
    return _("Cuộc họp ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
