"""Records as files of the national specification: JSON and XML, written and read. Pure, without tables.

source  domain §1.8: names of fields and envelope as in the specification; the names of the elements around a record
        are not in what we have of it, and are ours (catalogue.ELEMENTS)
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from lxml import etree

from khue.exchange.catalogue import ELEMENTS, Kind, by_name
from khue.exchange.envelope import Envelope, Payload

#: Bytes of a file somebody brings.
MOST_BYTES = 64 * 1024 * 1024
_HEAD = ("IdBanGhi", "MaTruong", "SuKien", "PhienBan", "ThoiGianCapNhat", "NgayCapNhat")
_KINDS = {element: kind for kind, element in ELEMENTS.items()}
#: Characters that XML 1.0 cannot carry.
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Item of a list field, by field.
_ITEMS = {"diemmon": "mon"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class BrokenFile(Exception):
    """Not a file of the specification. The text says where, for people."""


def json_of(records: Sequence[Envelope]) -> bytes:
    """A JSON list of records: the envelope, and the fields beside it in the order of the specification."""
    return msgspec.json.format(msgspec.json.encode([_flat(record) for record in records]), indent=1)


def records_of_json(data: bytes) -> list[Envelope]:
    """The records of such a file. Raises BrokenFile."""
    _refuse_large(data)
    try:
        rows = msgspec.json.decode(data, type=list[dict[str, Any]])
        return [_envelope(row) for row in rows]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BrokenFile(str(error)) from error


def xml_of(records: Sequence[Envelope]) -> bytes:
    """The same as XML, UTF-8. What is not known has no element; a flag is 0 or 1."""
    root = etree.Element("DanhSach")
    for record in records:
        element = etree.SubElement(root, ELEMENTS[Kind(record.Loai)])
        for name in _HEAD:
            etree.SubElement(element, name).text = _text(getattr(record, name))
        for name, value in _in_order(Kind(record.Loai), record.DuLieu):
            _write(element, name, value)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def records_of_xml(data: bytes) -> list[Envelope]:
    """The records of such a file. No DTD, no entity, nothing from elsewhere is read. Raises BrokenFile."""
    _refuse_large(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(str(error)) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know few attributes
        raise BrokenFile("a document type is not allowed")
    return [_read(element) for element in root if isinstance(element.tag, str)]


def _flat(record: Envelope) -> dict[str, Any]:
    head = {name: getattr(record, name) for name in _HEAD}
    return {"Loai": record.Loai, **head, **dict(_in_order(Kind(record.Loai), record.DuLieu))}


def _in_order(kind: Kind, payload: Payload) -> Iterator[tuple[str, Any]]:
    for name in by_name(kind):
        if name in payload:
            yield name, payload[name]


def _envelope(row: dict[str, Any]) -> Envelope:
    head = {name: row.get(name) for name in (*_HEAD, "Loai")}
    fields = {name: value for name, value in row.items() if name not in head}
    try:
        return msgspec.convert({**head, "MaTruong": head["MaTruong"] or "", "DuLieu": fields}, Envelope)
    except msgspec.ValidationError as error:
        raise BrokenFile(f"{row.get('IdBanGhi', '?')}: {error}") from error


def _write(parent: "etree._Element", name: str, value: Any) -> None:
    element = etree.SubElement(parent, name)
    if isinstance(value, dict):
        for part, inner in value.items():
            if _NAME.fullmatch(part):
                _write(element, part, inner)
    elif isinstance(value, list):
        for item in value:
            _write(element, _ITEMS.get(name, "muc"), item)
    else:
        element.text = _text(value)


def _text(value: Any) -> str:
    return "" if value is None else _NO_XML.sub("", str(value))


def _read(element: "etree._Element") -> Envelope:
    kind = _KINDS.get(str(element.tag))
    if kind is None:
        raise BrokenFile(f"line {element.sourceline}: {element.tag}")
    said = {str(child.tag): child for child in element if isinstance(child.tag, str)}
    row: dict[str, Any] = {name: (said[name].text or "") if name in said else None for name in _HEAD}
    version = row["PhienBan"] or ""
    row["PhienBan"] = int(version) if version.isascii() and version.isdecimal() and len(version) < 11 else None
    types = {name: field.type for name, field in by_name(kind).items()}
    fields = {name: _value(child, types.get(name, "text")) for name, child in said.items() if name not in _HEAD}
    return _envelope({"Loai": kind.value, **row, **fields})


def _value(element: "etree._Element", kind: str) -> Any:
    if kind == "list":
        return [_value(item, "object") for item in element]
    if kind == "object":
        return {str(part.tag): _plain(part.text or "", str(part.tag)) for part in element}
    text = element.text or ""
    return _number(text) if kind in ("int", "number", "bool") else text


def _plain(text: str, name: str) -> Any:
    return _number(text) if name == "diem" else text


def _number(text: str) -> Any:
    """The number that is written there; other text stays as it is, for the rules to complain about."""
    try:
        return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else float(text)
    except ValueError:
        return text


def _refuse_large(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BrokenFile("too large")
