"""The files of a document."""

from datetime import datetime

from django.db import transaction

from khue.foundation.actor import Actor, require
from khue.foundation.models import StoredFile
from khue.workspace import register as book
from khue.workspace.access import Permission
from khue.workspace.models import Attachment, Document

State = Document.State


@transaction.atomic
def attach(*, actor: Actor, document: Document, part: str, file: StoredFile, at: datetime) -> Attachment:
    """Put a file to a document: who keeps the register always, who drafted it while it is a draft.

    part     a code of Attachment.Part
    file     stored under queries.attachments.PURPOSE for the same office
    refuses  NotNow where a signed copy is brought before the release
    """
    _require_keeper(actor, document)
    found = book.held(document)
    if part == Attachment.Part.SIGNED:
        book.refuse_unless(found, State.RELEASED)
    made = Attachment.objects.create(
        organisation_id=found.organisation_id,
        document=found,
        part=part,
        file=file,
        added_at=at,
        added_by_name=actor.name,
    )
    book.note(actor, found, "document.file_added", at, file.name, file=file.id, part=part)
    return made


@transaction.atomic
def detach(*, actor: Actor, attachment: Attachment, at: datetime) -> None:
    """Take a file away that was put to a document by mistake. It is kept, and its taking away is in the history."""
    _require_keeper(actor, attachment.document)
    if Attachment.objects.filter(id=attachment.id, removed_at=None).update(removed_at=at):
        book.note(
            actor, attachment.document, "document.file_removed", at, attachment.file.name, file=attachment.file_id
        )


def _require_keeper(actor: Actor, document: Document) -> None:
    is_author = document.drafter_id is not None and document.drafter_id == actor.person_id
    if not (is_author and document.state in (State.DRAFT, State.RETURNED)):
        require(actor, Permission.REGISTER_WRITE, within=document)
