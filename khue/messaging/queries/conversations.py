"""Conversations as their members see them: the list, one thread, who may write in it and why not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.models import StoredFile
from khue.foundation.record import first, one
from khue.messaging import access
from khue.messaging.access import Permission
from khue.messaging.models import Attachment, Conversation, Delegation, Line, Reading
from khue.messaging.queries.policies import delegation_for
from khue.messaging.queries.words import Words, words_of

#: The purpose of files that come with lines.
LINE_FILE = "messaging.line_file"
#: Conversations in a list, lines of a thread on the screen.
PAGE = 30


def visible_conversations(actor: Actor) -> QuerySet[Conversation]:
    """The actor's conversations with names, the latest first. One query; page it before use."""
    return _visible(actor, clock.today())


def _visible(actor: Actor, on: date) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(access.conversations(actor, on)).select_related(
        "teacher", "child", "organisation"
    )
    return rows.only(*_SHOWN).order_by("-last_at", "-id")


_SHOWN = (
    "public_id", "organisation__name", "teacher__full_name", "child__full_name", "with_pupil", "reason", "begun_at",
    "last_at", "last_line_id", "closed_at",
)  # fmt: skip


def conversation_of(actor: Actor, public_id: UUID) -> Conversation:
    """Raises NotFound, also when it exists but is not the actor's to open."""
    return first(_conversations(actor, clock.today(), public_id))


@compiled
def _conversations(actor: Actor, on: date, public_id: UUID) -> QuerySet[Conversation]:
    return _visible(actor, on).filter(public_id=public_id)


def is_staff_side(actor: Actor, conversation: Conversation) -> bool:
    """Whether a member speaks for the school: who is neither the child nor a guardian of it, or is its teacher."""
    is_family = conversation.child_id in actor.wards or conversation.child_id == actor.person_id
    return conversation.teacher_id == actor.person_id or not is_family


@dataclass(frozen=True, slots=True)
class Card:
    """One conversation in the list.

    unread  lines of others that the actor has not seen
    last    the newest line, None where nothing is written; its words are None where the office has hidden them
    """

    conversation: Conversation
    is_staff: bool
    unread: int
    last: Words | None
    is_own: bool


def listed_conversations(actor: Actor) -> QuerySet[Conversation]:
    """The same with the newest line and the number of unread ones. One query; page it, then `cards_of`."""
    return _listed(actor, clock.today())


def newest_conversations(actor: Actor) -> list[Conversation]:
    """The first of `listed_conversations`: one more than a page shows. One query."""
    return _newest_listed(actor, clock.today())


@compiled
def _newest_listed(actor: Actor, on: date) -> QuerySet[Conversation]:
    return _listed(actor, on)[: PAGE + 1]


def _listed(actor: Actor, on: date) -> QuerySet[Conversation]:
    read = Reading.objects.filter(conversation=OuterRef("conversation"), person_id=actor.person_id or 0)
    seen = Coalesce(Subquery(read.values("last_line_id")), 0)
    unread = Line.objects.filter(conversation=OuterRef("pk"), id__gt=seen).exclude(author_id=actor.person_id or 0)
    counted = unread.order_by().values("conversation").annotate(number=Count("id")).values("number")
    rows = _visible(actor, on).select_related("last_line__data_key", "teacher", "child", "organisation")
    return rows.only(*_SHOWN, *(f"last_line__{name}" for name in _LAST)).annotate(unread=Coalesce(Subquery(counted), 0))


_KEY = ("data_key__organisation_id", "data_key__version", "data_key__wrapped")
_LAST = ("organisation_id", "conversation_id", "public_id", "author_id", "sealed", "hidden_at", *_KEY)


def cards_of(actor: Actor, rows: Sequence[Conversation]) -> list[Card]:
    """Conversations of a page of `listed_conversations`. No query."""
    return [
        Card(
            conversation=row,
            is_staff=is_staff_side(actor, row),
            unread=row.unread,  # type: ignore[attr-defined]  # annotated by listed_conversations
            last=words_of(row.last_line) if row.last_line else None,
            is_own=row.last_line is not None and row.last_line.author_id == actor.person_id,
        )
        for row in rows
    ]


def unread_conversations(actor: Actor) -> int:
    """In how many conversations something waits for the actor. One query."""
    return listed_conversations(actor).filter(Q(unread__gt=0)).count()


@dataclass(frozen=True, slots=True)
class Said:
    """One line as a member reads it.

    words      None where the office has hidden it
    seen_at    for the actor's newest line alone: since when somebody of the other side has had it on the screen
    """

    line: Line
    words: Words | None
    is_own: bool
    is_stand_in: bool
    files: Sequence[StoredFile]
    seen_at: datetime | None = None


def lines_of(conversation: Conversation) -> QuerySet[Line]:
    """The lines of a conversation from `conversation_of`, the newest first. One query; page it, then `said`."""
    return _lines(conversation.id)


def newest_lines(conversation: Conversation) -> list[Line]:
    """The first of `lines_of`: one more than a page shows. One query."""
    return _newest_lines(conversation.id)


@compiled
def _newest_lines(conversation_id: int) -> QuerySet[Line]:
    return _lines(conversation_id)[: PAGE + 1]


def _lines(conversation_id: int) -> QuerySet[Line]:
    rows = Line.objects.filter(conversation_id=conversation_id).select_related("author", "data_key")
    return rows.only(*_LAST, "author__full_name", "is_staff", "is_urgent", "sent_at", "hidden_reason").order_by("-id")


def said(actor: Actor, conversation: Conversation, lines: Sequence[Line]) -> list[Said]:
    """Lines of a page of `lines_of`, in the same order. Two queries, however many."""
    files = _files_of(lines)
    seen = _seen(actor, conversation, lines)
    return [
        Said(
            line=line,
            words=words_of(line),
            is_own=line.author_id == actor.person_id,
            is_stand_in=line.is_staff and line.author_id != conversation.teacher_id,
            files=files.get(line.id, ()),
            seen_at=seen.get(line.id),
        )
        for line in lines
    ]


def _files_of(lines: Sequence[Line]) -> Mapping[int, list[StoredFile]]:
    found: dict[int, list[StoredFile]] = defaultdict(list)
    for row in _attached([line.id for line in lines if line.hidden_at is None]):
        found[row.line_id].append(row.file)
    return found


def _seen(actor: Actor, conversation: Conversation, lines: Sequence[Line]) -> dict[int, datetime]:
    """For the newest own line of the page: when the first of the other side had read that far."""
    own = next((line for line in lines if line.author_id == actor.person_id), None)
    if own is None:
        return {}
    at = _read_since(conversation.id, own.id, not own.is_staff)
    return {own.id: at[0]} if at else {}


@compiled
def _attached(line_ids: Sequence[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(line_id__in=line_ids).select_related("file").order_by("id")


@compiled
def _read_since(conversation_id: int, line_id: int, is_staff: bool) -> QuerySet[Reading, datetime]:
    rows = Reading.objects.filter(conversation_id=conversation_id, last_line_id__gte=line_id, is_staff=is_staff)
    return rows.order_by("read_at").values_list("read_at", flat=True)[:1]


def found_in(conversation: Conversation, text: str, most: int = 2000) -> list[int]:
    """Ids of the lines whose words hold the text, with or without diacritics, the newest first.

    Words are encrypted, so that nothing but the memory of this request can search them: one thread, its newest lines.
    cost  one query, and 1 ms for some hundred lines
    """
    rows = Line.objects.filter(conversation=conversation, hidden_at=None).select_related("data_key").order_by("-id")
    return [line.id for line in rows[:most] if (words := words_of(line)) and words.hold(text)]


def substitute_of(conversation: Conversation, on: date) -> Delegation | None:
    """Who answers for the teacher of a conversation that day. One query."""
    return delegation_for(conversation.organisation_id, conversation.teacher_id, on)


def line_of(actor: Actor, public_id: UUID) -> Line:
    """A line of a conversation the actor may open. Raises NotFound. One query."""
    conversations = Conversation.objects.filter(access.conversations(actor, clock.today()))
    rows = Line.objects.filter(conversation__in=conversations)
    return one(
        rows.select_related("conversation__child", "conversation__teacher", "author", "data_key"), public_id=public_id
    )


def may_read_file(actor: Actor, file: StoredFile) -> bool:
    """A file is for the members of its conversation while its line is shown, and for the office after a report."""
    row = Attachment.objects.filter(file=file).select_related("line").first()
    if row is None:
        return actor.is_signed_in and file.stored_by_id == actor.account_id
    if row.line.hidden_at is None:
        mine = Conversation.objects.filter(access.conversations(actor, clock.today()), id=row.line.conversation_id)
        if mine.exists():
            return True
    return access.reported(actor, row.line_id)


def may_talk(actor: Actor) -> bool:
    """Whether the actor takes part in conversations somewhere. No query."""
    return actor.may(Permission.TALK_AS_STAFF) or actor.may(Permission.TALK_AS_FAMILY)


def may_send_files(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor takes part in conversations of a school. No query."""
    sides = (Permission.TALK_AS_STAFF, Permission.TALK_AS_FAMILY)
    return organisation_id is not None and any(actor.may(side, organisation_id) for side in sides)


def read_up_to(actor: Actor, conversation: Conversation) -> int:
    """The newest line the actor has had on the screen; 0 for none. One query."""
    found = _read(conversation.id, actor.person_id or 0)
    return found[0] if found else 0


@compiled
def _read(conversation_id: int, person_id: int) -> QuerySet[Reading, int]:
    rows = Reading.objects.filter(conversation_id=conversation_id, person_id=person_id)
    return rows.values_list("last_line_id", flat=True)
