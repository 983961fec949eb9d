"""Deleting what a school has decided not to keep: words, files, empty threads. What is reported and open stays."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from khue.foundation import audit, files
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.messaging.models import Attachment, Conversation, Line, Message, Report
from khue.registry import queries as registry


@transaction.atomic
def forget_lines(*, actor: Actor, organisation_id: int, before: datetime, most: int) -> int:
    """Delete a school's lines that are older, some at a time, with their files. returns how many. Called by the clock.

    A line that somebody has reported stays until the office has decided, however old. The trail keeps counts alone.
    """
    _require_clock(actor)
    waiting = Report.objects.filter(line=OuterRef("pk"), decision=Report.Decision.OPEN)
    old = Line.objects.filter(~Exists(waiting), organisation_id=organisation_id, sent_at__lt=before).order_by("sent_at")
    lines = dict(old.values_list("id", "conversation_id")[:most])
    if not lines:
        return 0
    stored = [row.file for row in Attachment.objects.filter(line_id__in=lines).select_related("file")]
    Attachment.objects.filter(line_id__in=lines).delete()
    files.remove(actor=actor, files=stored)
    Line.objects.filter(id__in=lines).delete()
    gone = _forget_empty(set(lines.values()), before)
    audit.record(
        actor, "lines.forgotten", registry.organisation_with(organisation_id), organisation=organisation_id,
        before=before, lines=len(lines), files=len(stored), conversations=gone,
    )  # fmt: skip
    return len(lines)


def _forget_empty(conversations: set[int], before: datetime) -> int:
    """Of threads that lost lines: those with none left go, with what told of them. The others name their newest."""
    empty = Conversation.objects.filter(~Exists(Line.objects.filter(conversation=OuterRef("pk"))), id__in=conversations)
    ids = list(empty.filter(last_at__lt=before).values_list("id", flat=True))
    for conversation in ids:
        Message.objects.filter(kind="conversation", key__startswith=f"conversation:{conversation}:").delete()
    Conversation.objects.filter(id__in=ids).delete()
    left = Line.objects.filter(conversation__in=conversations).order_by()
    for conversation, newest in left.values_list("conversation_id").annotate(Max("id")):
        Conversation.objects.filter(id=conversation).update(last_line_id=newest)
    return len(ids)


def _require_clock(actor: Actor) -> None:
    if not actor.is_system:
        raise Forbidden
