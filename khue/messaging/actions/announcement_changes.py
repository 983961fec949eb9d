"""Putting right what classes were told, and taking it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.messaging.actions.announcement_copies import Told, address_of, tell_again
from khue.messaging.actions.announcements import require_author
from khue.messaging.models import Announcement, AnnouncementCopy, Delivery, Message

Asks = Announcement.Asks


class NotToldYet(Refusal):
    code = "not_told_yet"
    message = _("Nội dung này chưa gửi cho ai, nên chưa có gì để đính chính hay thu hồi.")


class WordsAreAnswered(Refusal):
    code = "words_are_answered"
    message = _(
        "Khảo sát và phiếu đồng ý đã gửi thì không đổi chữ, vì mọi người trả lời đúng những chữ ấy. Hãy đóng lại."
    )


class WithdrawnAlready(Refusal):
    code = "withdrawn_already"
    message = _("Thông báo này đã thu hồi. Hãy soạn thông báo mới nếu cần.")


class WithdrawnWithoutReason(Refusal):
    code = "withdrawn_without_reason"
    message = _("Hãy ghi lí do thu hồi, để người đã đọc biết điều gì không còn đúng.")
    field = "reason"


@transaction.atomic
def correct_announcement(*, actor: Actor, announcement: Announcement, subject: str, body: str, at: datetime) -> int:
    """Put right what was told. Everybody it went to is told once more; who had read it stays so.

    The words before stand in the audit trail. The same words again change nothing.

    returns  how many copies were told
    refuses  NotToldYet; WordsAreAnswered; WithdrawnAlready
    """
    locked = _open_to_change(actor, announcement)
    before, after = (locked.subject, locked.body), (nfc(subject).strip(), nfc(body).strip())
    if before == after:
        return 0
    locked.subject, locked.body = after
    locked.corrected_at = at
    locked.save(update_fields=["subject", "body", "corrected_at"])
    copies = list(AnnouncementCopy.objects.filter(announcement=locked).select_related("child").order_by("id"))
    Message.objects.filter(id__in=[copy.message_id for copy in copies]).update(subject=after[0], body=after[1])
    audit.record(
        actor, "announcement.corrected", locked, title=after[0], body=after[1], title_before=before[0],
        body_before=before[1],
    )  # fmt: skip
    words = Told(gettext("Đính chính: %(subject)s") % {"subject": after[0]}, after[1], address_of(locked))
    tell_again(locked, copies, words, at)
    return len(copies)


@transaction.atomic
def withdraw_announcement(*, actor: Actor, announcement: Announcement, reason: str, at: datetime) -> int:
    """Take back what was told: nobody reads it any more, and everybody it went to is told why.

    What waits to be sent is not sent. The words stand in the audit trail.

    returns  how many copies were told
    refuses  NotToldYet; WordsAreAnswered; WithdrawnAlready; WithdrawnWithoutReason
    """
    locked = _open_to_change(actor, announcement)
    why = nfc(reason).strip()
    if not why:
        raise WithdrawnWithoutReason
    words = Told(gettext("Đã thu hồi: %(subject)s") % {"subject": locked.subject}, why, address_of(locked))
    told = Message.objects.filter(organisation_id=locked.organisation_id, key__startswith=f"announcement:{locked.id}:")
    waiting = Delivery.objects.filter(message__in=told.values("id"), state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.WITHDRAWN)
    told.update(subject=words.subject, body=why)
    Announcement.objects.filter(id=locked.id).update(withdrawn_at=at, withdrawn_reason=why, closed_at=at)
    audit.record(
        actor, "announcement.withdrawn", locked, reason=why, title_before=locked.subject, body_before=locked.body
    )
    copies = list(AnnouncementCopy.objects.filter(announcement=locked).select_related("child").order_by("id"))
    tell_again(locked, copies, words, at)
    return len(copies)


def _open_to_change(actor: Actor, announcement: Announcement) -> Announcement:
    locked = require_author(actor, announcement)
    if locked.told_at is None:
        raise NotToldYet
    if locked.withdrawn_at is not None:
        raise WithdrawnAlready
    if locked.asks not in (Asks.NOTHING, Asks.RECEIPT):
        raise WordsAreAnswered
    return locked
