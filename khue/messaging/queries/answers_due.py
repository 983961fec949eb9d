"""What waits for an answer: before a family or a pupil, and of the classes before a teacher."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.messaging.announcements_seen import followed_at, own_copies, reach_of
from khue.messaging.models import Announcement, AnnouncementCopy
from khue.messaging.queries.announcements import guardians_who_decide, may_tell_classes


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """Something a home page puts before a family or a pupil.

    child    the child it is answered for, by person id and name; none for one's own
    asks     what is wanted; "nothing" for what is pinned
    """

    announcement: UUID
    copy: UUID
    child_id: int | None
    child: str
    subject: str
    asks: str
    due_at: datetime | None


_Row = tuple[UUID, UUID, int, str, str, str, datetime | None, str, bool, datetime | None]


MOST_TO_ANSWER, MOST_WAITING = 12, 4


def to_answer(actor: Actor, at: datetime) -> list[ToAnswer]:
    """What waits for the actor: to be acknowledged, answered or signed, what ends first first; then what is pinned.

    cost  one query; one more where a guardian has to decide something
    """
    if actor.person_id is None:
        return []
    found = _open_or_pinned(actor, at, at.astimezone(clock.VIETNAM).date())
    decides = _decided_by(actor, [row for row in found if row[7] == "family" and row[5] in ("survey", "consent")])
    return [
        _to_answer(row)
        for row in found
        if row[7] != "family" or row[2] in decides or _wanted(row) in ("nothing", "receipt")
    ][:MOST_TO_ANSWER]


@compiled
def _open_or_pinned(actor: Actor, at: datetime, day: date) -> QuerySet[AnnouncementCopy, _Row]:
    told = Q(announcement__told_at__isnull=False, announcement__closed_at=None)
    is_open = Q(announcement__due_at=None) | Q(announcement__due_at__gt=at)
    asked = Q(announcement__asks="receipt", acknowledged_at=None)
    asked |= Q(announcement__asks__in=("survey", "consent"), answered=False)
    is_pinned = Q(announcement__pinned_until__gte=day)
    rows = AnnouncementCopy.objects.filter(own_copies(actor), told, asked & is_open | is_pinned)
    columns = (
        "announcement__public_id", "public_id", "child_id", "child__full_name", "announcement__subject",
        "announcement__asks", "announcement__due_at", "side", "answered", "acknowledged_at",
    )  # fmt: skip
    order = ("announcement__due_at", "-announcement_id", "child__sort_key")
    return rows.order_by(*order).values_list(*columns)[: MOST_TO_ANSWER * 2]


def _wanted(row: _Row) -> str:
    is_done = row[8] or row[9] is not None
    return "nothing" if is_done else row[5]


def _to_answer(row: _Row) -> ToAnswer:
    is_family = row[7] == "family"
    child_id, child = (row[2], row[3]) if is_family else (None, "")
    return ToAnswer(row[0], row[1], child_id, child, row[4], _wanted(row), row[6])


def _decided_by(actor: Actor, rows: Sequence[_Row]) -> frozenset[int]:
    """The children among these rows for whom the actor may decide."""
    children = sorted({row[2] for row in rows})
    if not children:
        return frozenset()
    rights = guardians_who_decide(children)
    return frozenset(child for child, of in rights.items() if any(r.guardian_id == actor.person_id for r in of))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something told that still waits for some, as a teacher's home page lists it. done, copies: of the own classes."""

    public_id: UUID
    subject: str
    asks: str
    done: int
    copies: int


def waiting_for_classes(actor: Actor, at: datetime) -> list[Waiting]:
    """What the actor told or follows that is open and not answered by all, the latest first. At most two queries."""
    if not may_tell_classes(actor):
        return []
    reach = reach_of(actor, at.astimezone(clock.VIETNAM).date())
    places = None if reach.places is None else sorted(reach.places)
    found = _open(places, reach.account_id, sorted(reach.led), sorted(reach.taught), at) if reach.is_staff else []
    lines = [
        Waiting(public_id, subject, asks, acknowledged if asks == "receipt" else answered, copies)
        for public_id, subject, asks, copies, acknowledged, answered in found
    ]
    return [line for line in lines if line.done < line.copies][:MOST_WAITING]


@compiled
def _open(
    places: Sequence[int] | None, account_id: int, led: Sequence[int], taught: Sequence[int], at: datetime
) -> QuerySet[AnnouncementCopy, tuple[UUID, str, str, int, int, int]]:
    """How many copies each has, and how many were acknowledged and answered."""
    own = Q() if places is None else followed_at(places, account_id, led, taught)
    rows = Announcement.objects.filter(own, Q(due_at=None) | Q(due_at__gt=at), told_at__isnull=False, closed_at=None)
    latest = rows.exclude(asks="nothing").order_by("-id").values("id")[: MOST_WAITING * 2]
    of = ("announcement__public_id", "announcement__subject", "announcement__asks")
    copies = AnnouncementCopy.objects.filter(announcement_id__in=latest).values("announcement_id", *of).annotate(
        copies=Count("id"), acknowledged=Count("id", filter=Q(acknowledged_at__isnull=False)),
        done=Count("id", filter=Q(answered=True)),
    )  # fmt: skip
    counted = copies.order_by("-announcement_id").values_list(*of, "copies", "acknowledged", "done")
    return cast("QuerySet[AnnouncementCopy, tuple[UUID, str, str, int, int, int]]", counted)
