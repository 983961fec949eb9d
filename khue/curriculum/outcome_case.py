"""Outcome files as CASE JSON (1EdTech Competencies and Academic Standards Exchange 1.0 and 1.1): a CFPackage.

CFItems are the nodes, associations of type isChildOf make the tree, the CFDocument is its top.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from khue.curriculum.outcome_csv import KINDS
from khue.curriculum.outcome_nodes import (
    LONGEST_CODE,
    LONGEST_TEXT,
    MOST_NODES,
    OUTCOME,
    STRAND,
    TOPIC,
    Node,
    Parsed,
    RowError,
    as_tree,
)
from khue.curriculum.refusals import NotCase, TooManyRows, UnreadableFile
from khue.foundation.text import fold, nfc


def parse_case(text: str, *, grade: int) -> Parsed:
    """Read a CFPackage.

    grade    of items that name no education level
    refuses  UnreadableFile, NotCase, TooManyRows; what is wrong with single items stands in the answer
    """
    package = _package(text)
    items = package["CFItems"]
    if len(items) > MOST_NODES or len(package["CFAssociations"]) > 2 * MOST_NODES:
        raise TooManyRows(count=len(items), most=MOST_NODES)
    parents, places, errors = _associations(package)
    document = str(package["CFDocument"].get("identifier", "")).lower()
    with_children = set(parents.values())
    nodes: list[tuple[tuple[int, int], Node]] = []
    for line, item in enumerate(items, start=1):
        wrong = _wrong(item)
        if wrong is not None:
            errors.append(RowError(line, wrong))
            continue
        key = item["identifier"].lower()
        parent = parents.get(key, "")
        parent = "" if parent == document else parent
        node = _node(line, key, parent, item, grade=grade, has_children=key in with_children)
        nodes.append(((places.get(key, line), line), node))
    return as_tree([node for _, node in sorted(nodes, key=lambda pair: pair[0])], errors)


def _package(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(detail=type(error).__name__) from error
    if isinstance(found, dict) and isinstance(found.get("CFPackage"), dict):
        found = found["CFPackage"]
    if not isinstance(found, dict) or not isinstance(found.get("CFDocument"), dict):
        raise NotCase(missing="CFDocument")
    if not isinstance(found.get("CFItems"), list):
        raise NotCase(missing="CFItems")
    if not isinstance(found.setdefault("CFAssociations", []), list):
        raise NotCase(missing="CFAssociations")
    return found


def _associations(package: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, int], list[RowError]]:
    """Each item's parent and its place among its siblings."""
    parents: dict[str, str] = {}
    places: dict[str, int] = {}
    errors: list[RowError] = []
    lines = {
        str(item.get("identifier", "")).lower(): line
        for line, item in enumerate(package["CFItems"], start=1)
        if isinstance(item, dict)
    }
    for association in package["CFAssociations"]:
        if not isinstance(association, dict) or association.get("associationType") != "isChildOf":
            continue
        child, parent = (_end(association.get(name)) for name in ("originNodeURI", "destinationNodeURI"))
        line = lines.get(child)
        if line is None:
            continue  # about something that is not in this package
        if parents.setdefault(child, parent) != parent:
            errors.append(RowError(line, "two_parents"))
        place = association.get("sequenceNumber")
        if isinstance(place, int) and abs(place) < 10**9:
            places[child] = place
    return parents, places, errors


def _end(node: object) -> str:
    """The identifier at one end of an association: an object in CASE, a bare address in older exports."""
    if isinstance(node, dict):
        node = node.get("identifier") or node.get("uri") or ""
    return str(node).rstrip("/").rsplit("/", 1)[-1].lower()


def _wrong(item: object) -> str | None:
    if not isinstance(item, dict) or _identifier(item) is None:
        return "no_item"
    statement = item.get("fullStatement")
    code = item.get("humanCodingScheme") or ""
    if not isinstance(statement, str) or not statement.strip():
        return "no_text"
    if len(statement) > LONGEST_TEXT:
        return "long_text"
    if not isinstance(code, str) or len(code) > LONGEST_CODE:
        return "long_code"
    if not all(_can_be_stored(text) for text in (statement, code, item.get("uri") or "")):
        return "bad_text"
    return None


def _can_be_stored(text: object) -> bool:
    """PostgreSQL keeps neither the zero character nor half a surrogate pair."""
    return isinstance(text, str) and "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _identifier(item: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(str(item.get("identifier", "")))
    except ValueError:
        return None


def _node(line: int, key: str, parent: str, item: Mapping[str, Any], *, grade: int, has_children: bool) -> Node:
    return Node(
        line=line,
        key=key,
        parent=parent,
        kind=_kind(item.get("CFItemType"), is_top=not parent, has_children=has_children),
        grade=_grade(item.get("educationLevel")) or grade,
        code=nfc(item.get("humanCodingScheme") or "") or key,
        text=nfc(item["fullStatement"]),
        uri=_address(item.get("uri") or ""),
        identifier=_identifier(item),
    )


def _address(uri: str) -> str:
    """Where the item lives; a bare identifier, as our own export writes it, is no address."""
    return "" if uri.startswith("urn:uuid:") else uri[:LONGEST_TEXT]


def _kind(written: object, *, is_top: bool, has_children: bool) -> str:
    """The kind an item calls itself; otherwise a leaf is an outcome, and the rest strands with topics below."""
    name = fold(written) if isinstance(written, str) else ""
    known = next((kind for kind, names in KINDS.items() if name in names), None)
    if known is not None:
        return known
    if not has_children:
        return OUTCOME
    return STRAND if is_top else TOPIC


def _grade(levels: object) -> int | None:
    """The first of CEDS' "01" to "12"."""
    first = levels[0] if isinstance(levels, list) and levels else levels
    text = str(first)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 12 else None
