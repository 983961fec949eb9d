"""Identity papers: who may read them, and what looks wrong about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.foundation.actor import Actor
from khue.foundation.clock import today
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.registry import access
from khue.registry.identifiers import IdentifierWarning, check_paper
from khue.registry.models import IdentityPaper, Person


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of a person, and what looks wrong about it."""

    paper: IdentityPaper
    warnings: Sequence[IdentifierWarning]


def papers_of(person: Person) -> list[PaperLine]:
    """The papers of a person whose numbers the actor may read: those that hold first. One query."""
    rows = IdentityPaper.objects.filter(person=person).order_by("valid_to", "kind", "id")
    in_order = sorted(rows, key=lambda row: row.valid_to is not None)
    return [
        PaperLine(
            row,
            check_paper(
                row.kind, row.number, issued_on=row.issued_on, national_id=person.national_id or "",
                birth=person.birth, today=today(),
            ),
        )
        for row in in_order
    ]  # fmt: skip


def paper_of(actor: Actor, public_id: UUID) -> IdentityPaper:
    """One paper that the actor may correct. Raises NotFound."""
    row = one(IdentityPaper.objects.select_related("person"), public_id=public_id)
    if not actor.may(access.Permission.PERSON_WRITE, row):
        raise NotFound
    return row
