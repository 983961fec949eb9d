"""Records as a sheet with the Vietnamese headings of the sector database, and back. Pure.

A part of a field is a column of its own: "Địa chỉ: maxa". A list is not on the sheet.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from khue.exchange.catalogue import Field, Kind, fields_of
from khue.exchange.envelope import Payload

#: The parts of fields that have parts, by field.
PARTS = {
    "address": ("detail", "maxa", "matinh"),
    "hieutruong": ("hovaten", "sdt", "email"),
    "noisinh": ("detail", "maxa", "matinh", "quocgia"),
    "noicutru": ("detail", "maxa", "matinh"),
    "cha": ("hovaten", "sodinhdanh", "nghenghiep", "namsinh"),
    "me": ("hovaten", "sodinhdanh", "nghenghiep", "namsinh"),
    "nguoigiamho": ("hovaten", "sodinhdanh", "nghenghiep", "namsinh"),
}
_PART_LABELS = {
    "detail": "chi tiết", "maxa": "mã xã", "matinh": "mã tỉnh", "quocgia": "quốc gia", "hovaten": "họ và tên",
    "sdt": "số điện thoại", "email": "thư điện tử", "sodinhdanh": "số định danh", "nghenghiep": "nghề nghiệp",
    "namsinh": "năm sinh",
}  # fmt: skip


def headings(kind: Kind, allowed: frozenset[str]) -> list[tuple[str, int]]:
    """Columns (title, width): the fields this reader may see, in the order of the specification, * where required."""
    return [(title, 14 + min(len(title), 26) // 2) for title, _field, _part in _columns(kind, allowed)]


def lines(kind: Kind, allowed: frozenset[str], payloads: Sequence[Payload]) -> Iterator[list[str | int | float | None]]:
    """A line a record."""
    columns = list(_columns(kind, allowed))
    for payload in payloads:
        yield [_cell(payload, field.name, part) for _title, field, part in columns]


def payloads_of(kind: Kind, rows: Sequence[Sequence[Any]]) -> list[Payload]:
    """The records of a sheet with such headings in its first line; columns nobody knows are left out."""
    if not rows:
        return []
    everything = frozenset(field.name for field in fields_of(kind))
    known = {title.rstrip(" *").casefold(): (field, part) for title, field, part in _columns(kind, everything)}
    columns = [known.get(str(cell or "").rstrip(" *").casefold()) for cell in rows[0]]
    return [payload for row in rows[1:] if (payload := _payload(columns, row))]


def part_label(part: str) -> str:
    """What a part of a field is called on a sheet."""
    return _PART_LABELS[part]


def _columns(kind: Kind, allowed: frozenset[str]) -> Iterator[tuple[str, Field, str]]:
    for field in fields_of(kind):
        if field.name not in allowed or field.type == "list":
            continue
        star = " *" if field.is_required else ""
        if field.type == "object":
            for part in PARTS[field.name]:
                yield f"{field.label}: {_PART_LABELS[part]}{star}", field, part
        else:
            yield f"{field.label}{star}", field, ""


def _cell(payload: Payload, name: str, part: str) -> str | int | float | None:
    value = payload.get(name)
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str | int | float) else None


def _payload(columns: Sequence[tuple[Field, str] | None], row: Sequence[Any]) -> Payload:
    payload: Payload = {}
    for column, cell in zip(columns, row, strict=False):
        if column is None or cell is None or not str(cell).strip():
            continue
        field, part = column
        value = _typed(field, cell) if not part else str(cell).strip()
        if part:
            payload.setdefault(field.name, {})[part] = value
        else:
            payload[field.name] = value
    return payload


def _typed(field: Field, cell: Any) -> Any:
    """As the specification wants it: Excel makes numbers of codes, and decimals of whole numbers."""
    if field.type in ("int", "number", "bool"):
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
            return int(cell)
        return cell if isinstance(cell, int | float) else str(cell).strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell).strip()
