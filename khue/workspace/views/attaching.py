"""The form by which a file is put to a document, where its reader may do so."""

from typing import Any

from khue.foundation.actor import Actor
from khue.workspace.access import Permission
from khue.workspace.forms.office import AttachForm
from khue.workspace.models import Document


def attaching(actor: Actor, found: Document, data: Any = None, files: Any = None) -> AttachForm | None:
    """None for who only reads."""
    state = Document.State
    keeps = actor.may(Permission.REGISTER_WRITE, found)
    is_author = actor.person_id is not None and found.drafter_id == actor.person_id
    if not keeps and not (is_author and found.state in {state.DRAFT, state.RETURNED}):
        return None
    parts = ["scan", "annex"] if found.way == Document.Way.IN else ["annex"]
    if found.state == state.RELEASED:
        parts.insert(0, "signed")
    return AttachForm(data, files, parts=parts)
