"""What was reported to a school's office, with no more around it than is needed to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.messaging import access
from khue.messaging.access import Permission
from khue.messaging.models import Attachment, Line, Report
from khue.messaging.queries.words import Words, sealed_words

#: Lines before and behind a reported one that the office reads along.
CONTEXT = 3


def decides_reports(actor: Actor) -> bool:
    """Whether the actor looks at reported lines somewhere. No query."""
    return actor.may(Permission.REPORT_DECIDE)


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """Reports of the schools where the actor decides them, the newest first. One query; page it before use."""
    rows = Report.objects.filter(access.reports(actor))
    people = ("line__author", "line__conversation__child", "line__conversation__teacher", "reporter", "line__data_key")
    return rows.select_related(*people).order_by("-id")


def report_of(actor: Actor, public_id: UUID) -> Report:
    """Raises NotFound, also when it exists but is not the actor's to decide."""
    return one(visible_reports(actor), public_id=public_id)


def open_reports(actor: Actor) -> int:
    """How many reports wait for the actor. One query."""
    return sum(_open_reports(actor))


@compiled
def _open_reports(actor: Actor) -> QuerySet[Report, int]:
    rows = Report.objects.filter(access.reports(actor), decision=Report.Decision.OPEN).order_by().values("decision")
    return rows.annotate(all=Count("id")).values_list("all", flat=True)


@dataclass(frozen=True, slots=True)
class Around:
    """One line of what the office reads."""

    line: Line
    words: Words
    is_reported: bool
    files: Sequence[StoredFile]


def around(report: Report) -> list[Around]:
    """The reported line of a report from `report_of` with a few before and behind it, in order. Three queries."""
    rows = Line.objects.filter(conversation=report.line.conversation_id).select_related("author", "data_key")
    before = list(rows.filter(id__lt=report.line_id).order_by("-id")[:CONTEXT])[::-1]
    behind = list(rows.filter(id__gte=report.line_id).order_by("id")[: CONTEXT + 1])
    files = [row.file for row in Attachment.objects.filter(line_id=report.line_id).select_related("file")]
    return [
        Around(line, sealed_words(line), line.id == report.line_id, files if line.id == report.line_id else ())
        for line in (*before, *behind)
    ]
