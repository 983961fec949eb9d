"""What an uploaded file of outcomes would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.curriculum.access import Permission
from khue.curriculum.models import Outcome, OutcomeImport
from khue.curriculum.outcome_files import parse
from khue.curriculum.outcome_merge import Known, Merged, clashes, preview
from khue.curriculum.outcome_nodes import Node, RowError
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one


@dataclass(frozen=True, slots=True)
class ImportReview:
    """A file before it is applied: its nodes in tree order, what is wrong with it, what it would do."""

    nodes: Sequence[Node]
    errors: Sequence[RowError]
    merged: Merged


def import_of(actor: Actor, public_id: UUID) -> OutcomeImport:
    """An uploaded file, for whoever may import outcomes. Raises NotFound."""
    if not actor.may(Permission.OUTCOMES_IMPORT):
        raise NotFound
    return one(OutcomeImport.objects.select_related("subject"), public_id=public_id)


def review_of(outcome_import: OutcomeImport) -> ImportReview:
    """Read the file again beside what its subject has now. Two queries; a second for a file of 10 MB."""
    parsed = parse(outcome_import.text, outcome_import.format, grade=outcome_import.grade)
    known = Known(Outcome.objects.filter(subject_id=outcome_import.subject_id).order_by("id"))
    identifiers = [node.identifier for node in parsed.nodes if node.identifier]
    others = Outcome.objects.filter(public_id__in=identifiers).exclude(subject_id=outcome_import.subject_id)
    elsewhere = set(map(str, others.values_list("public_id", flat=True)))
    errors = [*parsed.errors, *clashes(known, parsed.nodes, elsewhere)]
    return ImportReview(parsed.nodes, sorted(errors, key=lambda e: (e.line, e.code)), preview(known, parsed.nodes))
