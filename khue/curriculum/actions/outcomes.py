"""Bringing an outcome tree in from a file: upload, look, apply or give up."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.curriculum.access import Permission
from khue.curriculum.events import OutcomesImported
from khue.curriculum.models import Outcome, OutcomeImport, Subject
from khue.curriculum.outcome_files import decoded, format_of, parse
from khue.curriculum.outcome_merge import Known, Merged, differs, sequences
from khue.curriculum.outcome_nodes import Node
from khue.curriculum.queries.imports import review_of
from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc


class ImportHasErrors(Refusal):
    code = "import_has_errors"
    message = _("Tệp còn %(count)s dòng sai nên chưa ghi gì. Hãy sửa tệp rồi tải lên lại.")


class ImportClosed(Refusal):
    code = "import_closed"
    message = _("Tệp này đã được ghi hoặc đã bỏ. Hãy tải lên lại.")


@transaction.atomic
def upload_outcomes(
    *, actor: Actor, subject: Subject, grade: int, file_name: str, content: bytes, at: datetime
) -> OutcomeImport:
    """Keep a file of outcomes until somebody has looked at what it would change. Nothing is applied.

    grade    of rows that name none
    refuses  FileTooLarge, UnreadableFile, ColumnMissing, NotCase, TooManyRows
    """
    require(actor, Permission.OUTCOMES_IMPORT, within=None)

    text = decoded(content)
    format = format_of(text)
    parse(text, format, grade=grade)

    made = OutcomeImport.objects.create(
        subject=subject,
        grade=grade,
        account_id=actor.account_id,
        file_name=nfc(file_name)[:200],
        format=format,
        text=text,
        created_at=at,
    )
    audit.record(
        actor, "outcomes.uploaded", made, subject_code=subject.code, file_name=made.file_name, size=len(content)
    )
    return made


@transaction.atomic
def apply_import(*, actor: Actor, outcome_import: OutcomeImport, at: datetime) -> Merged:
    """Write the nodes of an uploaded file into the tree of its subject: all of them, or none.

    Nodes are known by the identifier or address of their framework, or by code; those that the file does not name
    stay as they are. Applying the same file again changes nothing.
    refuses  ImportClosed; ImportHasErrors
    """
    require(actor, Permission.OUTCOMES_IMPORT, within=None)

    outcome_import = OutcomeImport.objects.select_for_update().select_related("subject").get(id=outcome_import.id)
    _refuse_closed(outcome_import)
    review = review_of(outcome_import)
    if review.errors:
        raise ImportHasErrors(count=len(review.errors))

    on = at.astimezone(VIETNAM).date()
    merged = merge(outcome_import.subject, review.nodes, source=outcome_import.file_name, on=on)
    outcome_import.applied_at, outcome_import.text = at, ""
    outcome_import.save(update_fields=["applied_at", "text"])
    audit.record(
        actor,
        "outcomes.imported",
        outcome_import,
        subject_code=outcome_import.subject.code,
        file_name=outcome_import.file_name,
        created=merged.created,
        changed=merged.changed,
    )
    events.publish(
        OutcomesImported(
            organisation_id=None,
            subject_id=outcome_import.subject_id,
            created=merged.created,
            changed=merged.changed,
        )
    )
    return merged


@transaction.atomic
def give_up_import(*, actor: Actor, outcome_import: OutcomeImport, at: datetime) -> None:
    """Forget an uploaded file without applying it.

    refuses  ImportClosed
    """
    require(actor, Permission.OUTCOMES_IMPORT, within=None)

    _refuse_closed(outcome_import)

    outcome_import.given_up_at, outcome_import.text = at, ""
    outcome_import.save(update_fields=["given_up_at", "text"])
    audit.record(actor, "outcomes.import_given_up", outcome_import, file_name=outcome_import.file_name)


def merge(subject: Subject, nodes: Sequence[Node], *, source: str, on: date) -> Merged:
    """Write nodes in tree order, parents first, a few statements for each level of the tree."""
    known = Known(Outcome.objects.select_for_update().filter(subject=subject).order_by("id"))
    rows: dict[str, Outcome] = {}
    new: dict[int, list[Outcome]] = {}
    changed: list[Outcome] = []
    depths: dict[str, int] = {"": 0}
    parents: dict[str, str] = {}
    for node, sequence in zip(nodes, sequences(nodes), strict=True):
        depths[node.key], parents[node.key] = depths[node.parent] + 1, node.parent
        outcome = known.match(node)
        if outcome is None:
            outcome = Outcome(subject=subject, valid_from=on, source=source, verified=False)
            if node.identifier is not None:
                outcome.public_id = node.identifier
            _fill(outcome, node, sequence)
            new.setdefault(depths[node.key], []).append(outcome)
        else:
            parent = rows.get(node.parent)
            if differs(outcome, node, parent_id=parent.id if parent else None, sequence=sequence):
                _fill(outcome, node, sequence)
                outcome.source, outcome.verified = source, False
                changed.append(outcome)
        rows[node.key] = outcome
    by_row = {id(row): key for key, row in rows.items()}
    for depth in sorted(new):
        for outcome in new[depth]:
            outcome.parent = rows.get(parents[by_row[id(outcome)]])
        Outcome.objects.bulk_create(new[depth])
    for outcome in changed:
        outcome.parent = rows.get(parents[by_row[id(outcome)]])
    Outcome.objects.bulk_update(
        changed, ["kind", "grade", "code", "text", "uri", "parent", "sequence", "source", "verified"], batch_size=500
    )
    created = sum(map(len, new.values()))
    return Merged(created, len(changed), len(nodes) - created - len(changed))


def _fill(outcome: Outcome, node: Node, sequence: int) -> None:
    outcome.kind, outcome.grade, outcome.code = node.kind, node.grade, node.code
    outcome.text, outcome.uri, outcome.sequence = node.text, node.uri, sequence


def _refuse_closed(outcome_import: OutcomeImport) -> None:
    if outcome_import.applied_at or outcome_import.given_up_at:
        raise ImportClosed
