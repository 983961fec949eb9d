"""Telling classes something: written, told, acknowledged, reminded of, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import StoredFile
from khue.messaging import queries
from khue.messaging.access import Permission
from khue.messaging.actions.announcement_copies import Told, address_of, make_copies, tell_again
from khue.messaging.announcements_seen import own_copies, reach_of
from khue.messaging.extensions import ClassRoll
from khue.messaging.models import Announcement, AnnouncementClass, AnnouncementCopy, AnnouncementFile, Delivery
from khue.registry import queries as registry

MOST_FILES = 10


class NoClassChosen(Refusal):
    code = "no_class_chosen"
    message = _("Hãy chọn ít nhất một lớp của cùng một trường.")
    field = "classes"


class NobodyAddressed(Refusal):
    code = "nobody_addressed"
    message = _("Hãy chọn gửi tới phụ huynh, học sinh, hoặc cả hai.")
    field = "to_families"


class EndsTooSoon(Refusal):
    code = "ends_too_soon"
    message = _("Hạn phải ở sau lúc này. Hãy chọn hạn muộn hơn.")
    field = "due_at"


class NobodyInClass(Refusal):
    code = "nobody_in_class"
    message = _("Các lớp đã chọn hôm nay chưa có học sinh, nên chưa gửi được cho ai.")


class ToldAlready(Refusal):
    code = "told_already"
    message = _("Nội dung này đã gửi đi nên không sửa được nữa.")


class RemindedToday(Refusal):
    code = "reminded_today"
    message = _("Hôm nay đã nhắc rồi. Mỗi ngày chỉ nhắc một lần; hãy nhắc lại vào ngày mai.")


class NobodyToRemind(Refusal):
    code = "nobody_to_remind"
    message = _("Không còn ai cần nhắc: mọi người đã xem hoặc đã trả lời, hoặc đã hết hạn.")


@dataclass(frozen=True)
class Draft:
    """An announcement as it is asked for.

    key        made by the form, so that sending the form twice tells once
    class_ids  of classes of one school that the actor may tell something
    """

    key: UUID
    subject: str
    body: str
    class_ids: Sequence[int]
    to_families: bool = True
    to_pupils: bool = False
    asks: str = Announcement.Asks.NOTHING
    pinned_until: date | None = None
    due_at: datetime | None = None
    urgent_reason: str = ""


@transaction.atomic
def announce(*, actor: Actor, draft: Draft, files: Sequence[StoredFile], at: datetime) -> Announcement:
    """Tell classes something at once. Again with the same key: once.

    refuses  NoClassChosen, NobodyAddressed, EndsTooSoon, NobodyInClass
    """
    made = write_announcement(actor=actor, draft=draft, files=files, at=at)
    if made.told_at is None:
        tell_announcement(actor=actor, announcement=made, at=at)
    return made


@transaction.atomic
def write_announcement(*, actor: Actor, draft: Draft, files: Sequence[StoredFile], at: datetime) -> Announcement:
    """Write something for classes that is told later. Again with the same key: the one that was written.

    refuses  NoClassChosen, NobodyAddressed, EndsTooSoon
    """
    classes = _require_classes(actor, draft)
    if not (draft.to_families or draft.to_pupils):
        raise NobodyAddressed
    if draft.due_at is not None and draft.due_at <= at:
        raise EndsTooSoon
    made, is_new = Announcement.objects.get_or_create(
        key=draft.key,
        defaults={
            "organisation_id": classes[0].organisation_id, "asks": draft.asks, "subject": draft.subject,
            "body": draft.body, "to_families": draft.to_families, "to_pupils": draft.to_pupils,
            "pinned_until": draft.pinned_until, "due_at": draft.due_at, "urgent_reason": draft.urgent_reason,
            "made_by_id": actor.account_id or 0, "made_by_name": actor.name, "made_at": at,
        },
    )  # fmt: skip
    if not is_new:
        if made.made_by_id != actor.account_id:
            raise Forbidden
        return made
    place = {"organisation_id": made.organisation_id, "announcement": made}
    AnnouncementClass.objects.bulk_create(
        AnnouncementClass(**place, class_id=roll.class_id, class_name=roll.name) for roll in classes
    )
    AnnouncementFile.objects.bulk_create(AnnouncementFile(**place, file=file) for file in files[:MOST_FILES])
    audit.record(actor, "announcement.written", made, asks=made.asks, classes=[roll.name for roll in classes])
    return made


def _require_classes(actor: Actor, draft: Draft) -> list[ClassRoll]:
    """The classes asked for, all of them the actor's to tell and of one school."""
    may = {roll.class_id: roll for roll in queries.classes_to_tell(actor, draft.asks)}
    if not may or not set(draft.class_ids) <= may.keys():
        raise Forbidden
    chosen = [roll for key, roll in may.items() if key in set(draft.class_ids)]
    if len({roll.organisation_id for roll in chosen}) != 1:
        raise NoClassChosen
    return chosen


@transaction.atomic
def tell_announcement(*, actor: Actor, announcement: Announcement, at: datetime) -> int:
    """Make a copy for every family and pupil it is for and tell them. Quiet hours hold back what rings, if not urgent.

    returns  how many copies there are
    refuses  ToldAlready; NobodyInClass
    """
    locked = require_author(actor, announcement)
    if locked.told_at is not None:
        raise ToldAlready
    copies = make_copies(locked, at)
    if not copies:
        raise NobodyInClass
    locked.told_at = announcement.told_at = at
    locked.save(update_fields=["told_at"])
    audit.record(
        actor, "announcement.told", locked, copies=len(copies), families=locked.to_families, pupils=locked.to_pupils,
        urgent_reason=locked.urgent_reason,
    )  # fmt: skip
    return len(copies)


def require_author(actor: Actor, announcement: Announcement) -> Announcement:
    """The announcement, locked, for whoever may still change its course: its author, or the school's office."""
    whole = Permission.CONSENT_ASK if announcement.asks == "consent" else Permission.ANNOUNCEMENT_SEND
    if not actor.may(whole, announcement):
        require(actor, Permission.ANNOUNCEMENT_SEND_OWN, within=announcement)
        reach = reach_of(actor, clock.today())
        classes = AnnouncementClass.objects.filter(announcement=announcement).values_list("class_id", flat=True)
        if announcement.made_by_id != actor.account_id or reach.taught.isdisjoint(classes):
            raise Forbidden
    return Announcement.objects.select_for_update().get(id=announcement.id)


@transaction.atomic
def read_announcement(*, actor: Actor, announcement: Announcement, at: datetime) -> None:
    """Note that the actor opened it. Reading again changes nothing."""
    copies = AnnouncementCopy.objects.filter(own_copies(actor), announcement=announcement)
    Delivery.objects.filter(
        message__in=copies.values("message"), recipient_id=actor.person_id, channel="app", read_at=None
    ).update(state=Delivery.State.READ, read_at=at)


@transaction.atomic
def acknowledge(*, actor: Actor, copy: AnnouncementCopy, at: datetime) -> None:
    """Say for the child, or for oneself, that it was read and understood. Saying so again changes nothing."""
    require_own_copy(actor, copy)
    if copy.announcement.asks != Announcement.Asks.RECEIPT or copy.announcement.withdrawn_at is not None:
        raise Forbidden
    changed = AnnouncementCopy.objects.filter(id=copy.id, acknowledged_at=None).update(
        acknowledged_by_id=actor.person_id, acknowledged_at=at
    )
    if changed:
        audit.record(actor, "announcement.acknowledged", copy, child=copy.child_id)


def require_own_copy(actor: Actor, copy: AnnouncementCopy) -> None:
    """Forbidden unless the copy is the actor's own, today."""
    if not AnnouncementCopy.objects.filter(own_copies(actor), id=copy.id).exists():
        raise Forbidden


def require_decider(actor: Actor, copy: AnnouncementCopy) -> registry.GuardianRights:
    """The actor's rights over the child of a family's copy, today; Forbidden without the right to decide."""
    require_own_copy(actor, copy)
    for rights in queries.guardians_who_decide([copy.child_id]).get(copy.child_id, []):
        if rights.guardian_id == actor.person_id:
            return rights
    raise Forbidden


@transaction.atomic
def remind(*, actor: Actor, announcement: Announcement, at: datetime) -> int:
    """Tell those who have not done what is asked once more, at most once a day. returns how many copies.

    refuses  RemindedToday; NobodyToRemind
    """
    locked = require_author(actor, announcement)
    day = at.astimezone(clock.VIETNAM).date()
    if locked.reminded_on is not None and locked.reminded_on >= day:
        raise RemindedToday
    late = _late_copies(locked, at)
    if not late:
        raise NobodyToRemind
    Announcement.objects.filter(id=locked.id).update(reminded_on=day)
    _remind(locked, late, at)
    audit.record(actor, "announcement.reminded", locked, copies=len(late))
    return len(late)


@transaction.atomic
def nudge(*, actor: Actor, announcement: Announcement, at: datetime) -> int:
    """Remind by the clock those who have not answered, once, a day before the end. returns how many copies."""
    require(actor, Permission.ANNOUNCEMENT_SEND, within=announcement)
    if not Announcement.objects.filter(id=announcement.id, is_nudged=False).update(is_nudged=True):
        return 0
    late = _late_copies(announcement, at)
    if late:
        Announcement.objects.filter(id=announcement.id).update(reminded_on=at.astimezone(clock.VIETNAM).date())
        _remind(announcement, late, at)
    audit.record(actor, "announcement.nudged", announcement, copies=len(late))
    return len(late)


def _late_copies(announcement: Announcement, at: datetime) -> list[AnnouncementCopy]:
    """Copies on which what is asked was not done; none once it is over."""
    if not announcement.is_open(at):
        return []
    copies = AnnouncementCopy.objects.filter(announcement=announcement).select_related("child").order_by("id")
    if announcement.asks == Announcement.Asks.NOTHING:
        read = Delivery.objects.filter(channel="app", read_at__isnull=False).values("message")
        return list(copies.exclude(message__in=read))
    if announcement.asks == Announcement.Asks.RECEIPT:
        return list(copies.filter(acknowledged_at=None))
    return list(copies.filter(answered=False))


def _remind(announcement: Announcement, late: Sequence[AnnouncementCopy], at: datetime) -> None:
    body = gettext("Nội dung này vẫn đang chờ Quý phụ huynh và em xem hoặc trả lời.")
    if announcement.due_at is not None:
        due = announcement.due_at.astimezone(clock.VIETNAM)
        body += " " + gettext("Hạn cuối: %(due)s.") % {"due": f"{due:%H:%M %d/%m/%Y}"}
    subject = gettext("Nhắc: %(subject)s") % {"subject": announcement.subject}
    tell_again(announcement, late, Told(subject, f"{body}\n\n{announcement.body}", address_of(announcement)), at)


@transaction.atomic
def close_announcement(*, actor: Actor, announcement: Announcement, at: datetime) -> None:
    """Take no more answers from now on. Closing again changes nothing; what was closed is not opened again."""
    locked = require_author(actor, announcement)
    if locked.told_at is None or locked.closed_at is not None:
        return
    Announcement.objects.filter(id=locked.id).update(closed_at=at)
    announcement.closed_at = at
    audit.record(actor, "announcement.closed", locked)
