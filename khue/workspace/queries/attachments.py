"""The files of documents, and who may open them."""

from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.workspace import access
from khue.workspace.models import Attachment, Document

PURPOSE = "workspace.document"


def attachments_of(document: Document) -> list[Attachment]:
    """The files of a document from `document_of`, first to last. One query."""
    return _attachments(document.id)


@compiled
def _attachments(document_id: int) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(document_id=document_id, removed_at=None)
    return rows.select_related("file").order_by("id")


def attachment_of(document: Document, public_id: UUID) -> Attachment:
    """Raises NotFound."""
    rows = Attachment.objects.filter(document=document, removed_at=None)
    return one(rows.select_related("file", "document"), public_id=public_id)


def may_read_attachment(actor: Actor, file: StoredFile) -> bool:
    """Whoever may see the document may open its files. One query."""
    visible = Document.objects.filter(access.visible_documents(actor)).values("id")
    return Attachment.objects.filter(file=file, removed_at=None, document__in=visible).exists()
