"""The registers, and what happened to one document."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.workspace import access
from khue.workspace.models import Document, Step


def visible_documents(actor: Actor, way: str = "") -> QuerySet[Document]:
    """Documents the actor may see, newest first; of one way only if it is named. Page before use."""
    rows = Document.objects.filter(access.visible_documents(actor)).select_related("handler", "drafter")
    return (rows.filter(way=way) if way else rows).order_by("-id")


def document_of(actor: Actor, public_id: UUID) -> Document:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_documents(actor).select_related("organisation__parent"), public_id=public_id)


def path_of(document: Document) -> str:
    """The page of a document."""
    return f"/work/documents/{document.public_id}/"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that happened to a document."""

    verb: str
    by_name: str
    at: datetime
    note: str


def steps_of(document: Document) -> list[StepLine]:
    """What happened to a document from `document_of`, first to last. One query."""
    rows = Step.objects.filter(document=document).order_by("id")
    return [StepLine(*row) for row in rows.values_list("verb", "by_name", "at", "note")]
