"""Announcements to classes: whom one may tell, what was told, who has read it, what waits for an answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.messaging.access import Permission
from khue.messaging.announcements_seen import (
    Reach,
    addressed,
    copies_followed,
    followed,
    own_copies,
    reach_of,
    visible,
)
from khue.messaging.extensions import ClassRoll, rolls
from khue.messaging.models import Announcement, AnnouncementClass, AnnouncementCopy, AnnouncementFile, Delivery
from khue.registry import queries as registry
from khue.registry.queries import GuardianRights

ATTACHMENT = "messaging.attachment"
NEW_FOR = timedelta(hours=6)
CONSENT = Announcement.Asks.CONSENT


def classes_to_tell(actor: Actor, asks: str = "") -> list[ClassRoll]:
    """The classes the actor may tell something: those of the own schools, for a teacher the own ones. Two queries.

    asks  "consent" leaves a teacher the classes one leads: families sign for their homeroom teacher or the office
    """
    whole, own = _permissions(asks)
    places = actor.organisations(whole)
    held = sorted({held.organisation for held in actor.held if places is None or held.organisation in places})
    found = {roll.class_id: roll for roll in (rolls.filling.of_school(held, clock.today()) if held else ())}
    if actor.person_id is not None and actor.may(own):
        for roll in rolls.filling.own(actor.person_id, clock.today()):
            if actor.may(own, roll.organisation_id) and (roll.is_led or asks != CONSENT):
                found.setdefault(roll.class_id, roll)
    return list(found.values())


def _permissions(asks: str) -> tuple[Permission, Permission]:
    if asks == CONSENT:
        return Permission.CONSENT_ASK, Permission.CONSENT_ASK_OWN
    return Permission.ANNOUNCEMENT_SEND, Permission.ANNOUNCEMENT_SEND_OWN


def may_tell_classes(actor: Actor) -> bool:
    """Whether the actor may tell some class something. No query."""
    return actor.may(Permission.ANNOUNCEMENT_SEND) or actor.may(Permission.ANNOUNCEMENT_SEND_OWN)


def may_ask_consent(actor: Actor) -> bool:
    """Whether the actor may ask some families for their consent. No query."""
    return actor.may(Permission.CONSENT_ASK) or actor.may(Permission.CONSENT_ASK_OWN)


def may_attach(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor may bring a file to attach at this school. No query."""
    asked = (Permission.ANNOUNCEMENT_SEND, Permission.ANNOUNCEMENT_SEND_OWN)
    return organisation_id is not None and any(actor.may(permission, organisation_id) for permission in asked)


def may_read_attachment(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor may download an attached file: who may open an announcement it is attached to. Two queries."""
    attached = AnnouncementFile.objects.filter(file_id=file.id, announcement=OuterRef("pk"))
    return visible_announcements(actor).filter(Exists(attached), withdrawn_at=None).exists()


def may_change(actor: Actor, announcement: Announcement) -> bool:
    """Whether the actor may put right or take back what was told: its author, and the school's office. No query."""
    is_told = announcement.told_at is not None and announcement.withdrawn_at is None
    is_own = announcement.made_by_id == actor.account_id or actor.may(Permission.ANNOUNCEMENT_SEND, announcement)
    return is_told and is_own and announcement.asks in (Announcement.Asks.NOTHING, Announcement.Asks.RECEIPT)


def visible_announcements(actor: Actor) -> QuerySet[Announcement]:
    """Announcements the actor may open, the latest first. One query, for a teacher two; page it before use."""
    return Announcement.objects.filter(visible(actor, reach_of(actor, clock.today()))).order_by("-id")


def announcement_of(actor: Actor, public_id: UUID) -> Announcement:
    """Raises NotFound, also when it exists but is not the actor's to open."""
    return opened_announcement(actor, public_id)[0]


def opened_announcement(actor: Actor, public_id: UUID) -> tuple[Announcement, Reach]:
    """The same, and what the actor follows as staff."""
    reach = reach_of(actor, clock.today())
    rows = Announcement.objects.filter(visible(actor, reach)).select_related("organisation", "survey", "sheet")
    return one(rows, public_id=public_id), reach


def followed_announcement(actor: Actor, public_id: UUID) -> tuple[Announcement, Reach]:
    """An announcement the actor follows as staff, and how far. Raises NotFound, also to a family it was told to."""
    reach = reach_of(actor, clock.today())
    if not reach.is_staff:
        raise NotFound
    rows = Announcement.objects.filter(followed(reach)).select_related("organisation", "survey", "sheet")
    return one(rows, public_id=public_id), reach


def told_by(actor: Actor) -> QuerySet[Announcement]:
    """What the actor follows as staff, the latest first. One query, for a teacher two; page it before use."""
    reach = reach_of(actor, clock.today())
    return Announcement.objects.filter(followed(reach)) if reach.is_staff else Announcement.objects.none()


def told_to(actor: Actor) -> QuerySet[Announcement]:
    """What the actor was told, the latest first. One query; page it before use."""
    return Announcement.objects.filter(addressed(actor))


def of_class(rows: QuerySet[Announcement], class_id: int) -> QuerySet[Announcement]:
    """Those of these announcements that are for this class."""
    return rows.filter(Exists(AnnouncementClass.objects.filter(announcement=OuterRef("pk"), class_id=class_id)))


def copy_of(actor: Actor, public_id: UUID) -> AnnouncementCopy:
    """One of the actor's own copies. Raises NotFound."""
    rows = AnnouncementCopy.objects.filter(own_copies(actor), announcement__told_at__isnull=False)
    related = ("announcement__organisation", "announcement__survey", "announcement__sheet", "child")
    return one(rows.select_related(*related), public_id=public_id)


def own_copies_of(actor: Actor, announcement: Announcement) -> list[AnnouncementCopy]:
    """The actor's own copies of one announcement, by child. One query."""
    rows = AnnouncementCopy.objects.filter(own_copies(actor), announcement=announcement)
    return list(rows.select_related("child", "acknowledged_by").order_by("child__sort_key", "id"))


def files_of(announcement: Announcement) -> list[StoredFile]:
    """What is attached. One query."""
    rows = AnnouncementFile.objects.filter(announcement=announcement).select_related("file")
    return [row.file for row in rows.order_by("id")]


def class_names_by_id(announcement: Announcement) -> dict[int, str]:
    """The names of its classes, by class id. One query."""
    rows = AnnouncementClass.objects.filter(announcement=announcement)
    return dict(rows.values_list("class_id", "class_name"))


def class_names_of(announcements: Sequence[Announcement]) -> dict[int, list[str]]:
    """The classes of each announcement, by its id. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = AnnouncementClass.objects.filter(announcement__in=announcements)
    for key, name in rows.order_by("id").values_list("announcement_id", "class_name"):
        found[key].append(name)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """How far an announcement came, in copies: a family has read it when one of its guardians has."""

    copies: int
    read: int
    acknowledged: int
    answered: int


def figures_of(announcements: Sequence[Announcement]) -> dict[int, Figures]:
    """How far each of these came, by its id. One query."""
    return {key: Figures(*came) for key, *came in _figures([announcement.id for announcement in announcements])}


@compiled
def _figures(announcements: Sequence[int]) -> QuerySet[AnnouncementCopy, tuple[int, int, int, int, int]]:
    rows = AnnouncementCopy.objects.filter(announcement_id__in=announcements).values("announcement_id").annotate(
        copies=Count("id"), read=Count("id", filter=Q(_is_read())),
        acknowledged=Count("id", filter=Q(acknowledged_at__isnull=False)), done=Count("id", filter=Q(answered=True)),
    )  # fmt: skip
    return rows.order_by().values_list("announcement_id", "copies", "read", "acknowledged", "done")


def _is_read() -> Exists:
    return Exists(Delivery.objects.filter(message=OuterRef("message_id"), channel="app", read_at__isnull=False))


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who was told. failed: no other channel leads to this person, or none got through."""

    name: str
    read_at: datetime | None
    failed: bool


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy as staff reads it.

    has_reacted  did what was asked: read it, acknowledged it, answered it
    """

    copy: AnnouncementCopy
    class_name: str
    readers: Sequence[Reader]
    has_reacted: bool

    @property
    def read_at(self) -> datetime | None:
        return min((reader.read_at for reader in self.readers if reader.read_at), default=None)


def copy_lines(announcement: Announcement, reach: Reach) -> list[CopyLine]:
    """Every copy the actor follows, by class and name of the child, with who has read it. Three queries."""
    rows = AnnouncementCopy.objects.filter(copies_followed(reach, announcement))
    copies = list(
        rows.select_related("child", "person", "acknowledged_by").order_by("class_id", "child__sort_key", "id")
    )
    names = class_names_by_id(announcement)
    readers = _readers([copy.message_id for copy in copies])
    return [
        CopyLine(
            copy, names.get(copy.class_id, ""), readers.get(copy.message_id, ()),
            has_reacted(announcement, copy, is_read=any(r.read_at for r in readers.get(copy.message_id, ()))),
        )
        for copy in copies
    ]  # fmt: skip


def has_reacted(announcement: Announcement, copy: AnnouncementCopy, *, is_read: bool) -> bool:
    """Whether what the announcement asks was done on this copy."""
    if announcement.asks == Announcement.Asks.NOTHING:
        return is_read
    return copy.acknowledged_at is not None if announcement.asks == Announcement.Asks.RECEIPT else copy.answered


def _readers(messages: Sequence[int]) -> dict[int, list[Reader]]:
    found: dict[int, dict[int, Reader]] = defaultdict(dict)
    rows = Delivery.objects.filter(message_id__in=messages).order_by("message_id", "recipient_id", "channel")
    columns = ("message_id", "recipient_id", "recipient__full_name", "channel", "state", "read_at")
    for message, person, name, channel, state, read_at in rows.values_list(*columns):
        known = found[message].get(person, Reader(name, None, failed=False))
        if channel == "app":
            known = Reader(name, read_at, known.failed)
        else:
            known = Reader(name, known.read_at, state in ("failed", "no_address"))
        found[message][person] = known
    return {message: list(people.values()) for message, people in found.items()}


def own_decisions(actor: Actor, copies: Sequence[AnnouncementCopy]) -> frozenset[int]:
    """The ids of those of these own copies on which the actor may answer: a family's with the right to decide for the
    child, every other. One query.
    """
    families = [copy.child_id for copy in copies if copy.side == AnnouncementCopy.Side.FAMILY]
    rights = guardians_who_decide(families) if families else {}
    decides = {child for child, of in rights.items() if any(r.guardian_id == actor.person_id for r in of)}
    is_family = AnnouncementCopy.Side.FAMILY
    return frozenset(copy.id for copy in copies if copy.side != is_family or copy.child_id in decides)


def guardians_who_decide(children: Sequence[int]) -> dict[int, list[GuardianRights]]:
    """The guardians who may decide for each of these children today. One query."""
    rights = registry.guardians_of(children)
    return {child: [right for right in of if right.may_decide] for child, of in rights.items()}


def due_to_nudge(at: datetime, until: datetime) -> list[Announcement]:
    """What ends by then, is still open, and whose readers the clock has not reminded. One query, within any scope.

    What was told in the last hours is left alone: nobody is reminded of what is new.
    """
    rows = Announcement.objects.filter(told_at__lte=at - NEW_FOR, closed_at=None, is_nudged=False)
    return list(rows.filter(due_at__gt=at, due_at__lte=until).order_by("id"))
