"""Outcome files as CSV: code, kind, parent, text; headings in Vietnamese or English, any usual separator."""

import csv
import io

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
from khue.curriculum.refusals import ColumnMissing, TooManyRows, UnreadableFile
from khue.foundation.text import fold, nfc

HEADINGS = {
    "code": ("code", "ma", "ma yeu cau"),
    "kind": ("kind", "loai", "cap"),
    "parent": ("parent", "ma cha", "thuoc"),
    "text": ("text", "noi dung", "ten", "yeu cau can dat"),
    "grade": ("grade", "lop"),
    "uri": ("uri", "dia chi"),
}
KINDS = {
    STRAND: ("strand", "mach", "mach noi dung"),
    TOPIC: ("topic", "chu de", "noi dung"),
    OUTCOME: ("outcome", "yeu cau", "yeu cau can dat", "ycc", "yccd"),
}


def parse_csv(text: str, *, grade: int) -> Parsed:
    """Read an outcome table.

    grade    of rows that name none
    refuses  UnreadableFile, ColumnMissing, TooManyRows; what is wrong with single rows stands in the answer
    """
    rows = _rows(text)
    columns = _columns(rows[0] if rows else [])
    nodes: list[Node] = []
    errors: list[RowError] = []
    for line, row in enumerate(rows[1:], start=2):
        values = {name: nfc(row[at]) if at < len(row) else "" for name, at in columns.items()}
        if not any(values.values()):
            continue
        wrong = _wrong(values)
        if wrong is not None:
            errors.append(RowError(line, wrong, {"kind": values["kind"], "grade": values.get("grade", "")}))
            continue
        nodes.append(
            Node(
                line=line,
                key=values["code"],
                parent=values["parent"],
                kind=_kind(values["kind"]) or OUTCOME,
                grade=int(values.get("grade") or grade),
                code=values["code"],
                text=values["text"],
                uri=values.get("uri", ""),
            )
        )
    return as_tree(nodes, errors)


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableFile(detail=str(error)) from error
    if len(rows) > MOST_NODES:
        raise TooManyRows(count=len(rows), most=MOST_NODES)
    return rows


def _columns(headings: list[str]) -> dict[str, int]:
    known = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        name = known.get(fold(nfc(heading)))
        if name:
            found.setdefault(name, at)
    missing = [name for name in ("code", "kind", "parent", "text") if name not in found]
    if missing:
        raise ColumnMissing(columns=", ".join(missing))
    return found


def _wrong(values: dict[str, str]) -> str | None:
    if not values["code"]:
        return "no_code"
    if len(values["code"]) > LONGEST_CODE:
        return "long_code"
    if not values["text"]:
        return "no_text"
    if len(values["text"]) > LONGEST_TEXT:
        return "long_text"
    if any("\x00" in value for value in values.values()):
        return "bad_text"
    if _kind(values["kind"]) is None:
        return "kind"
    grade = values.get("grade", "")
    if grade and not (grade.isascii() and grade.isdecimal() and len(grade) <= 2 and 1 <= int(grade) <= 12):
        return "grade"
    return None


def _kind(text: str) -> str | None:
    written = fold(text)
    return next((kind for kind, names in KINDS.items() if written in names), None)
