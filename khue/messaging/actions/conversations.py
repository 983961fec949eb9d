"""Conversations between a teacher and a family: begun, written in, read, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, files, live
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.models import StoredFile
from khue.foundation.text import nfc_lines, printable
from khue.messaging import access
from khue.messaging.access import Permission
from khue.messaging.actions.conversations_rings import quieten, ring
from khue.messaging.actions.keys import key_to_write_with
from khue.messaging.extensions import Partner
from khue.messaging.models import Attachment, Conversation, Line, Reading
from khue.messaging.queries.conversations import is_staff_side
from khue.messaging.queries.obstacles import obstacle_to_beginning, obstacle_to_writing
from khue.messaging.queries.words import Words, seal_words, words_of

LONGEST = 4000


class NothingWritten(Refusal):
    code = "nothing_written"
    message = _("Tin nhắn chưa có nội dung. Hãy viết tin hoặc đính kèm tệp rồi gửi.")
    field = "text"


class LineTooLong(Refusal):
    code = "line_too_long"
    message = _("Tin nhắn dài quá %(most)s kí tự. Hãy tách thành nhiều tin hoặc gửi tệp đính kèm.")
    field = "text"


class KeyUsed(Refusal):
    code = "key_used"
    message = _("Tin gửi trước đã tới nơi. Nội dung vừa sửa chưa gửi; hãy xem lại rồi bấm Gửi lần nữa.")
    field = "text"


class UrgentIsForStaff(Refusal):
    code = "urgent_is_for_staff"
    message = _("Chỉ thầy, cô giáo mới gửi được tin khẩn. Khi thật gấp, hãy gọi điện cho nhà trường.")
    field = "urgent_reason"


class FileUsed(Refusal):
    code = "file_used"
    message = _("Tệp này đã gửi trong một tin khác. Hãy chọn lại tệp rồi gửi.")
    field = "file"


@dataclass(frozen=True)
class LineDraft:
    """A line as it is to be sent.

    key            made by the device: sent again, it makes no second line
    urgent_reason  why it must ring in quiet hours too; staff only, kept in the audit trail
    fact           "kind|key" of what it is about, as the writer was offered it
    """

    key: UUID
    text: str
    urgent_reason: str = ""
    fact: str = ""
    files: Sequence[StoredFile] = ()


@transaction.atomic
def begin_conversation(*, actor: Actor, partner: Partner, with_pupil: bool, at: datetime) -> Conversation:
    """The thread about a child between a teacher and its family; the one there is, where there is one.

    partner     one of those the slot `relations` offers the actor now
    refuses     what the school has decided: families may not begin, pupils may not write
    """
    if actor.person_id not in (partner.staff_id, partner.family_id):
        raise Forbidden
    is_staff = actor.person_id == partner.staff_id
    require(actor, Permission.TALK_AS_STAFF if is_staff else Permission.TALK_AS_FAMILY, within=partner.organisation_id)
    among = {"organisation_id": partner.organisation_id, "teacher_id": partner.staff_id, "child_id": partner.about_id}
    found = Conversation.objects.filter(**among, with_pupil=with_pupil).first()
    if found is not None:
        return found
    refusal = obstacle_to_beginning(actor, partner, with_pupil=with_pupil, on=at.astimezone(VIETNAM).date())
    if refusal is not None:
        raise refusal
    made, is_new = Conversation.objects.get_or_create(
        **among, with_pupil=with_pupil, defaults={"reason": partner.reason, "begun_at": at, "last_at": at}
    )
    if is_new:
        audit.record(actor, "conversation.begun", made, child=partner.about_id, with_pupil=with_pupil)
    return made


@transaction.atomic
def write_line(*, actor: Actor, conversation: Conversation, draft: LineDraft, at: datetime) -> Line:
    """Write in a conversation, once for each key, and let the other side's telephones ring once a burst.

    refuses  NothingWritten, LineTooLong, KeyUsed, UrgentIsForStaff, FileUsed; what stands in the way of writing
    """
    _require_member(actor, conversation, at)
    is_staff = is_staff_side(actor, conversation)
    words = Words(_tidy(draft.text), draft.fact)
    written = Line.objects.select_related("data_key").filter(**_identity(actor, conversation, draft)).first()
    if written is not None:
        return _the_same(actor, written, words, draft)
    _check(actor, conversation, words, draft, is_staff=is_staff, at=at)
    line = Line(
        **_identity(actor, conversation, draft), organisation_id=conversation.organisation_id, is_staff=is_staff,
        is_urgent=bool(draft.urgent_reason), sent_at=at,
        data_key=key_to_write_with(actor, conversation.organisation_id, at),
    )  # fmt: skip
    line.sealed = seal_words(line, words, line.data_key)
    try:
        with transaction.atomic():
            line.save(force_insert=True)
    except IntegrityError:  # the same line, sent twice at the same moment: the other request was quicker
        written = Line.objects.select_related("data_key").get(**_identity(actor, conversation, draft))
        return _the_same(actor, written, words, draft)
    _attach(line, draft.files)
    Conversation.objects.filter(id=conversation.id).update(last_line=line, last_at=at)
    _note_reading(actor, conversation, line.id, is_staff=is_staff, at=at)
    audit.record(
        actor, "line.written", line, conversation=conversation.id, urgent_reason=draft.urgent_reason,
        files=len(draft.files),
    )  # fmt: skip
    ring(conversation=conversation, line=line, writer=actor, at=at)
    live.send(channel_of(conversation), "line", {"id": line.id})
    return line


@transaction.atomic
def read_conversation(*, actor: Actor, conversation: Conversation, up_to: int, at: datetime) -> None:
    """Note that the actor has had the lines up to this id on the screen. Again, or of earlier ones, changes nothing."""
    _require_member(actor, conversation, at)
    is_staff = is_staff_side(actor, conversation)
    if _note_reading(actor, conversation, up_to, is_staff=is_staff, at=at):
        quieten(conversation=conversation, person_id=actor.person_id or 0, at=at)
        live.send(seen_channel_of(conversation, is_staff=is_staff), "seen", {"id": up_to})


@transaction.atomic
def close_conversation(*, actor: Actor, conversation: Conversation, at: datetime) -> None:
    """End a conversation on the school's side: it is still read, and nobody writes until it is opened again."""
    _require_staff(actor, conversation, at)
    Conversation.objects.filter(id=conversation.id, closed_at=None).update(closed_at=at, closed_by_name=actor.name)
    audit.record(actor, "conversation.closed", conversation)
    live.send(channel_of(conversation), "line", {"id": 0})


@transaction.atomic
def reopen_conversation(*, actor: Actor, conversation: Conversation, at: datetime) -> None:
    """Let a closed conversation go on."""
    _require_staff(actor, conversation, at)
    Conversation.objects.filter(id=conversation.id).update(closed_at=None, closed_by_name="")
    audit.record(actor, "conversation.reopened", conversation)
    live.send(channel_of(conversation), "line", {"id": 0})


def channel_of(conversation: Conversation) -> str:
    """The live channel on which a conversation tells that something in it is new."""
    return f"conversation.{conversation.public_id}"


def seen_channel_of(conversation: Conversation, *, is_staff: bool) -> str:
    """The live channel on which one side tells that it has read on: the school's, or the family's."""
    return f"{channel_of(conversation)}.{'staff' if is_staff else 'family'}"


def _require_member(actor: Actor, conversation: Conversation, at: datetime) -> None:
    """Who may not open it is told that there is no such conversation."""
    mine = Conversation.objects.filter(access.conversations(actor, at.astimezone(VIETNAM).date()), id=conversation.id)
    if not mine.exists():
        raise NotFound
    side = Permission.TALK_AS_STAFF if is_staff_side(actor, conversation) else Permission.TALK_AS_FAMILY
    require(actor, side, within=conversation)


def _require_staff(actor: Actor, conversation: Conversation, at: datetime) -> None:
    _require_member(actor, conversation, at)
    if not is_staff_side(actor, conversation):
        raise Forbidden


def _identity(actor: Actor, conversation: Conversation, draft: LineDraft) -> dict[str, object]:
    return {"conversation_id": conversation.id, "author_id": actor.person_id, "key": draft.key}


def _the_same(actor: Actor, written: Line, words: Words, draft: LineDraft) -> Line:
    """The line that came of this key before. Files of a second sending are not kept twice."""
    if written.hidden_at is None and words_of(written) != words:
        raise KeyUsed
    kept = set(Attachment.objects.filter(line=written).values_list("file_id", flat=True))
    files.remove(actor=actor, files=[file for file in draft.files if file.id not in kept])
    return written


def _tidy(text: str) -> str:
    """As it was written, without control characters and the emptiness around it."""
    return printable(nfc_lines(text), "\n\u200d")


def _check(
    actor: Actor, conversation: Conversation, words: Words, draft: LineDraft, *, is_staff: bool, at: datetime
) -> None:
    refusal = obstacle_to_writing(actor, conversation, at.astimezone(VIETNAM).date())
    if refusal is not None:
        raise refusal
    if not words.text and not draft.files:
        raise NothingWritten
    if len(words.text) > LONGEST:
        raise LineTooLong(most=LONGEST)
    if draft.urgent_reason and not is_staff:
        raise UrgentIsForStaff
    if Attachment.objects.filter(file__in=[file.id for file in draft.files]).exists():
        raise FileUsed


def _attach(line: Line, stored: Sequence[StoredFile]) -> None:
    Attachment.objects.bulk_create(
        Attachment(organisation_id=line.organisation_id, line=line, file=file) for file in stored
    )


def _note_reading(actor: Actor, conversation: Conversation, up_to: int, *, is_staff: bool, at: datetime) -> bool:
    """Whether it is further than before. Two screens of one person never move it back."""
    rows = Reading.objects.filter(conversation=conversation, person_id=actor.person_id or 0)
    if rows.filter(last_line_id__lt=up_to).update(last_line_id=up_to, read_at=at, is_staff=is_staff):
        return True
    _row, is_new = Reading.objects.get_or_create(
        conversation=conversation,
        person_id=actor.person_id or 0,
        defaults={
            "organisation_id": conversation.organisation_id, "last_line_id": up_to, "read_at": at, "is_staff": is_staff,
        },
    )  # fmt: skip
    return is_new
