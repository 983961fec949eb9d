"""The registers, and what happened to one document."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.workspace import access
from khue.workspace.models import Document, Step


def visible_documents(actor: Actor, way: str = "") -> QuerySet[Document]:
    """Documents the actor may see, newest first; of one way only if it is named. Page before use."""
    rows = Document.objects.filter(access.visible_documents(actor)).select_related("handler", "drafter")
    return (rows.filter(way=way) if way else rows).order_by("-id")


def document_of(actor: Actor, public_id: UUID) -> Document:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_document(actor, public_id))


@compiled
def _document(actor: Actor, public_id: UUID) -> QuerySet[Document]:
    return visible_documents(actor).select_related("organisation__parent", "answers").filter(public_id=public_id)


def path_of(document: Document) -> str:
    """The page of a document."""
    return f"/work/documents/{document.public_id}/"


def answers_to(actor: Actor, document: Document) -> list[Document]:
    """What was written to answer a document, as far as the actor sees it. One query."""
    return list(_answers(actor, document.id))


@compiled
def _answers(actor: Actor, document_id: int) -> QuerySet[Document]:
    return Document.objects.filter(access.visible_documents(actor), answers_id=document_id).order_by("id")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that happened to a document."""

    verb: str
    by_name: str
    at: datetime
    note: str


def steps_of(document: Document) -> list[StepLine]:
    """What happened to a document from `document_of`, first to last. One query."""
    return [StepLine(*row) for row in _steps(document.id)]


@compiled
def _steps(document_id: int) -> QuerySet[Step, tuple[str, str, datetime, str]]:
    rows = Step.objects.filter(document_id=document_id).order_by("id")
    return rows.values_list("verb", "by_name", "at", "note")
