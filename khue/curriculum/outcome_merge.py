"""What a file of outcomes would change in the tree of a subject."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from khue.curriculum.models import Outcome
from khue.curriculum.outcome_nodes import Node, RowError


@dataclass(frozen=True, slots=True)
class Merged:
    """Counts of an import, before or after it was applied."""

    created: int
    changed: int
    unchanged: int


class Known:
    """The outcomes a subject has, found by the identifier or address of their framework, or by code."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self.by_identifier: dict[str, Outcome] = {}
        self.by_uri: dict[str, Outcome] = {}
        self.by_code: dict[str, Outcome] = {}
        self.by_id: dict[int, Outcome] = {}
        for outcome in outcomes:
            self.by_identifier[str(outcome.public_id)] = outcome
            self.by_code[outcome.code] = outcome
            self.by_id[outcome.id] = outcome
            if outcome.uri:
                self.by_uri[outcome.uri] = outcome

    def match(self, node: Node) -> Outcome | None:
        """The outcome that this node of a file is."""
        return (
            self.by_identifier.get(str(node.identifier))
            or (self.by_uri.get(node.uri) if node.uri else None)
            or self.by_code.get(node.code)
        )


def clashes(known: Known, nodes: Sequence[Node], elsewhere: Collection[str]) -> list[RowError]:
    """Nodes that cannot be written beside what the subject has.

    elsewhere  identifiers of the file that outcomes of other subjects have
    """
    found = []
    matched: dict[int, Node] = {}
    for node in nodes:
        outcome = known.match(node)
        holder = known.by_code.get(node.code)
        if outcome is not None and outcome.id in matched:
            found.append(RowError(node.line, "twice", {"code": node.code, "other": matched[outcome.id].line}))
        elif holder is not None and holder is not outcome:
            found.append(RowError(node.line, "code_taken", {"code": node.code}))
        elif outcome is None and str(node.identifier) in elsewhere:
            found.append(RowError(node.line, "elsewhere"))
        if outcome is not None:
            matched[outcome.id] = node
    return found


def differs(outcome: Outcome, node: Node, *, parent_id: int | None, sequence: int) -> bool:
    """Whether the node says something else than the outcome."""
    there = (outcome.kind, outcome.grade, outcome.code, outcome.text, outcome.uri, outcome.parent_id, outcome.sequence)
    return there != (node.kind, node.grade, node.code, node.text, node.uri, parent_id, sequence)


def sequences(nodes: Sequence[Node]) -> list[int]:
    """Each node's place: ten apart, so that a later file may put something between."""
    return [10 * place for place in range(1, len(nodes) + 1)]


def preview(known: Known, nodes: Sequence[Node]) -> Merged:
    """How many nodes are new, changed or the same."""
    created = changed = 0
    ids: dict[str, int | None] = {"": None}
    for node, sequence in zip(nodes, sequences(nodes), strict=True):
        outcome = known.match(node)
        ids[node.key] = outcome.id if outcome else -1
        if outcome is None:
            created += 1
        elif differs(outcome, node, parent_id=ids[node.parent], sequence=sequence):
            changed += 1
    return Merged(created, changed, len(nodes) - created - changed)
