"""One search over all that the desk holds: documents, tasks, minutes, the week, files by name. Each sees their own."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.text import fold, nfc
from khue.workspace.models import Document, Meeting, Occasion, SharedFile, Task
from khue.workspace.queries.documents import visible_documents
from khue.workspace.queries.folders import visible_shared
from khue.workspace.queries.meetings import visible_meetings
from khue.workspace.queries.tasks import visible_tasks
from khue.workspace.queries.week import visible_occasions

LONGEST = 100
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the newest of each kind first."""

    documents: list[Document]
    tasks: list[Task]
    meetings: list[Meeting]
    occasions: list[Occasion]
    files: list[SharedFile]

    @property
    def is_nothing(self) -> bool:
        return not (self.documents or self.tasks or self.meetings or self.occasions or self.files)


def search(actor: Actor, text: str, *, most: int = 10) -> Found:
    """Everything in which each word occurs, without tone marks. Five queries beside the circles.

    most  of each kind
    """
    words = fold(nfc(text[:LONGEST])).replace("\x00", "").split()
    if not words:
        return Found([], [], [], [], [])
    return Found(
        _first(visible_documents(actor), words, most),
        _first(visible_tasks(actor), words, most),
        _first(visible_meetings(actor), words, most),
        _first(visible_occasions(actor), words, most),
        _first(visible_shared(actor).filter(removed_at=None), words, most),
    )


def _first(rows: QuerySet[Row], words: list[str], most: int) -> list[Row]:
    for word in words:
        rows = rows.filter(folded__contains=word)
    return list(rows.order_by("-id")[:most])
