"""Minutes of meetings: written, agreed to, and then what was decided becomes tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.foundation.text import nfc
from khue.registry.queries import Colleague, colleagues
from khue.workspace.access import Permission
from khue.workspace.actions.duties import Asked, put_down
from khue.workspace.models import Attendance, Decision, Meeting
from khue.workspace.queries.circles import is_in_circle, memberships
from khue.workspace.refusals import (
    DecisionIncomplete,
    DueInThePast,
    MayNotGive,
    MinutesAgreed,
    NobodyThere,
    NotOfTheStaff,
)


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
def write_minutes(*, actor: Actor, organisation_id: int, minutes: Minutes, on: date, at: datetime) -> Meeting:
    """Write the minutes of a meeting, as its secretary. They are a draft until somebody agrees to them.

    on       today: nothing is due before it
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
    return made


@transaction.atomic
def rewrite_minutes(*, actor: Actor, meeting: Meeting, minutes: Minutes, on: date) -> None:
    """Change minutes nobody has agreed to: their secretary, or who keeps the registers. Refuses as write_minutes."""
    if meeting.secretary_id != actor.person_id:
        require(actor, Permission.REGISTER_WRITE, within=meeting)
    found = _draft(meeting)
    _check(found.organisation_id, minutes, on)
    if minutes.circle != found.circle:
        _require_circle(actor, found.organisation_id, minutes.circle)
    for name, value in _columns(minutes).items():
        setattr(found, name, value)
    found.save()
    Attendance.objects.filter(meeting=found).delete()
    Decision.objects.filter(meeting=found).delete()
    _write_rows(found, minutes)
    audit.record(actor, "meeting.rewritten", found, title=found.title, decisions=len(minutes.decisions))


@transaction.atomic
def agree_to_minutes(*, actor: Actor, meeting: Meeting, at: datetime) -> int:
    """Agree to minutes: they change no more, and every decision with a person becomes a task. Returns how many.

    The board agrees to all; the leader of a circle to those of the circle that give work to its members alone.
    refuses  MinutesAgreed, MayNotGive
    """
    is_board = actor.may(Permission.DECIDE, meeting)
    if not is_board and not _leads(actor, meeting):
        raise Forbidden
    found = _draft(meeting)
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
    found.agreed_at, found.agreed_by_name = at, actor.name
    found.save(update_fields=["agreed_at", "agreed_by_name"])
    audit.record(actor, "meeting.agreed", found, tasks=count)
    return count


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
