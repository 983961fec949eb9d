"""The outcome tree: read, searched, and written as a CASE package."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from khue.curriculum.models import Outcome, Subject
from khue.foundation.clock import today
from khue.foundation.text import fold


@dataclass(frozen=True, slots=True)
class OutcomeNode:
    """One strand, topic or outcome, and what stands below it."""

    id: int
    public_id: UUID
    code: str
    kind: str
    text: str
    verified: bool
    children: Sequence["OutcomeNode"]


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome where it is picked or shown beside a lesson or a question."""

    id: int
    public_id: UUID
    code: str
    text: str
    kind: str
    grade: int
    subject_id: int
    subject_name: str
    hue: str


def outcome_tree(subject: Subject, grade: int, on: date | None = None) -> list[OutcomeNode]:
    """What a subject asks for in a grade on a day, strands first. One query, a few hundred nodes."""
    rows = _in_force(Outcome.objects.filter(subject=subject, grade=grade), on or today())
    children: dict[int | None, list[Outcome]] = defaultdict(list)
    found = list(rows.order_by("sequence", "id"))
    ids = {row.id for row in found}
    for row in found:
        children[row.parent_id if row.parent_id in ids else None].append(row)
    return _nodes(children, None)


def required_outcomes(subject_id: int, grade: int) -> list[Outcome]:
    """The required outcomes of a subject in a grade, without strands and topics, in order. One query."""
    rows = _in_force(Outcome.objects.filter(subject_id=subject_id, grade=grade, kind=Outcome.Kind.OUTCOME), today())
    return list(rows.order_by("sequence", "id"))


def count_outcomes(tree: Sequence[OutcomeNode]) -> int:
    """How many required outcomes a tree holds; strands and topics do not count."""
    return sum((node.kind == Outcome.Kind.OUTCOME) + count_outcomes(node.children) for node in tree)


def search_outcomes(
    text: str = "", *, subject: Subject | None = None, grade: int | None = None, limit: int = 50
) -> list[OutcomeLine]:
    """Required outcomes with all these words, diacritics or not, or with a code that begins so.

    A word is looked for at the beginning of words. Those with the words side by side come first. One query.
    """
    rows = _in_force(Outcome.objects.filter(kind=Outcome.Kind.OUTCOME), today())
    if subject is not None:
        rows = rows.filter(subject=subject)
    if grade is not None:
        rows = rows.filter(grade=grade)
    text = text.replace("\x00", "")[:100]
    words = fold(text).split()
    if words:
        matching = reduce(and_, (Q(folded_text__startswith=w) | Q(folded_text__contains=f" {w}") for w in words))
        rows = rows.filter(matching | Q(code__istartswith=text.strip()))
    together = Case(When(folded_text__contains=" ".join(words), then=0), default=1)
    return _lines(rows.order_by(together, "subject__order", "grade", "sequence", "id")[:limit])


def outcomes_by_ids(ids: Collection[int]) -> dict[int, OutcomeLine]:
    """These outcomes, strands and topics, by id; unknown ids are left out. One query."""
    return {line.id: line for line in _lines(Outcome.objects.filter(id__in=ids))}


def outcomes_named(public_ids: Collection[UUID]) -> list[OutcomeLine]:
    """These outcomes, strands and topics; unknown ones are left out. One query."""
    return _lines(Outcome.objects.filter(public_id__in=public_ids))


def case_package(subject: Subject) -> dict[str, object]:
    """The outcome tree of a subject, all grades, as a CASE 1.0 CFPackage. One query."""
    document = str(subject.public_id)
    rows = list(Outcome.objects.filter(subject=subject).order_by("grade", "sequence", "id"))
    identifiers = {row.id: str(row.public_id) for row in rows}
    return {
        "CFDocument": {
            "identifier": document,
            "uri": f"urn:uuid:{document}",
            "title": f"{subject.name} · {subject.programme.title}",
            "creator": "Khuê",
            "language": "vi",
            "subject": [subject.name_en],
            "adoptionStatus": "Draft" if not all(row.verified for row in rows) else "Adopted",
        },
        "CFItems": [
            {
                "identifier": identifiers[row.id],
                "uri": row.uri or f"urn:uuid:{identifiers[row.id]}",
                "fullStatement": row.text,
                "humanCodingScheme": row.code,
                "CFItemType": row.kind,
                "educationLevel": [f"{row.grade:02}"],
                "language": "vi",
            }
            for row in rows
        ],
        "CFAssociations": [
            {
                "associationType": "isChildOf",
                "sequenceNumber": row.sequence,
                "originNodeURI": {"identifier": identifiers[row.id], "uri": f"urn:uuid:{identifiers[row.id]}"},
                "destinationNodeURI": _destination(identifiers.get(row.parent_id or 0, document)),
            }
            for row in rows
        ],
    }


def _destination(identifier: str) -> dict[str, str]:
    return {"identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def _nodes(children: dict[int | None, list[Outcome]], parent: int | None) -> list[OutcomeNode]:
    return [
        OutcomeNode(
            id=row.id,
            public_id=row.public_id,
            code=row.code,
            kind=row.kind,
            text=row.text,
            verified=row.verified,
            children=_nodes(children, row.id),
        )
        for row in children.get(parent, [])
    ]


def _lines(rows: QuerySet[Outcome]) -> list[OutcomeLine]:
    values = rows.values_list(
        "id", "public_id", "code", "text", "kind", "grade", "subject_id", "subject__name", "subject__hue"
    )
    return [OutcomeLine(*row) for row in values]


def _in_force(rows: QuerySet[Outcome], on: date) -> QuerySet[Outcome]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
