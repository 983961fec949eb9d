"""Nodes of an outcome file, and the one check that every format goes through: do they make a tree?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STRAND, TOPIC, OUTCOME = "strand", "topic", "outcome"
RANK = {STRAND: 0, TOPIC: 1, OUTCOME: 2}

LONGEST_CODE = 60
LONGEST_TEXT = 2000
MOST_NODES = 20_000
DEEPEST = 12

MESSAGES: dict[str, str | Promise] = {
    "no_code": _("Thiếu mã."),
    "long_code": _("Mã dài hơn 60 kí tự."),
    "twice": _("Mã “%(code)s” đã có ở dòng %(other)s."),
    "no_text": _("Thiếu nội dung."),
    "long_text": _("Nội dung dài hơn 2000 kí tự."),
    "bad_text": _("Có kí tự không thể lưu được."),
    "kind": _("Không hiểu loại “%(kind)s”. Hãy ghi mạch, chủ đề hoặc yêu cầu."),
    "grade": _("Không hiểu lớp “%(grade)s”. Hãy ghi số từ 1 đến 12."),
    "no_parent": _("Không tìm thấy mã cha “%(parent)s” trong tệp, hoặc dòng ấy có lỗi."),
    "order": _("Một %(kind)s không thể nằm dưới một %(parent_kind)s."),
    "circle": _("Dòng này nằm trong một vòng: đi lên mãi không tới gốc."),
    "too_deep": _("Cây có nhiều hơn 12 bậc ở dòng này."),
    "two_parents": _("Mục này có hai mục cha."),
    "no_item": _("Không phải là một mục hợp lệ."),
    "code_taken": _("Mã “%(code)s” đang thuộc về một mục khác của môn này."),
    "elsewhere": _("Mục này đang thuộc về một môn khác."),
}
KIND_NAMES: dict[str, str | Promise] = {STRAND: _("mạch nội dung"), TOPIC: _("chủ đề"), OUTCOME: _("yêu cầu cần đạt")}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row of a file.

    line  line of a CSV file, or position in the list of a JSON file, counted from 1
    code  stable, a key of MESSAGES
    """

    line: int
    code: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        values = {k: str(KIND_NAMES.get(str(v), v)) if "kind" in k else v for k, v in self.values.items()}
        return str(MESSAGES[self.code]) % values if values else str(MESSAGES[self.code])


@dataclass(frozen=True, slots=True)
class Node:
    """One strand, topic or outcome of a file.

    key         how other rows of the file point at it
    parent      the key of its parent, "" at the top
    identifier  of the framework it came from, kept as public_id
    """

    line: int
    key: str
    parent: str
    kind: str
    grade: int
    code: str
    text: str
    uri: str = ""
    identifier: UUID | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """Nodes in tree order, parents first; and everything that is wrong, by line."""

    nodes: Sequence[Node]
    errors: Sequence[RowError]


def as_tree(nodes: Sequence[Node], errors: Sequence[RowError]) -> Parsed:
    """Put nodes in tree order and tell which do not fit: twice the same code, no parent, a circle, a wrong level."""
    found = list(errors)
    by_key: dict[str, Node] = {}
    codes: dict[str, Node] = {}
    for node in nodes:
        other = by_key.get(node.key) or codes.get(node.code)
        if other is not None:
            found.append(RowError(node.line, "twice", {"code": node.code, "other": other.line}))
            continue
        by_key[node.key] = codes[node.code] = node
    children: dict[str, list[Node]] = defaultdict(list)
    for node in by_key.values():
        parent = by_key.get(node.parent)
        if node.parent and parent is None:
            found.append(RowError(node.line, "no_parent", {"parent": node.parent}))
        elif parent and RANK[parent.kind] > RANK[node.kind]:
            found.append(RowError(node.line, "order", {"kind": node.kind, "parent_kind": parent.kind}))
        else:
            children[node.parent].append(node)
    ordered, deep = _walk(children)
    found += [RowError(node.line, "too_deep") for node in deep]
    reached = {node.key for node in ordered}
    blamed = {error.line for error in found}
    for node in by_key.values():
        if node.key not in reached and node.line not in blamed:
            found.append(_unreached(node, by_key))
    return Parsed(ordered, sorted(found, key=lambda error: (error.line, error.code)))


def _walk(children: dict[str, list[Node]]) -> tuple[list[Node], list[Node]]:
    """All nodes that hang on the top, parents before children, in the order of the file; and those too deep."""
    ordered: list[Node] = []
    deep: list[Node] = []
    waiting = [(node, 1) for node in reversed(children.get("", []))]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            deep.append(node)
            continue
        ordered.append(node)
        waiting.extend((child, depth + 1) for child in reversed(children.get(node.key, [])))
    return ordered, deep


def _unreached(node: Node, by_key: dict[str, Node]) -> RowError:
    seen: set[str] = set()
    above: Node | None = node
    while above is not None and above.key not in seen:
        seen.add(above.key)
        above = by_key.get(above.parent)
    if above is not None:
        return RowError(node.line, "circle")
    return RowError(node.line, "no_parent", {"parent": node.parent})
