"""A form as a clerk writes it: one question a line, no JSON.

    Lý do xin học lại *
    Ngày bắt đầu nghỉ: ngày
    Số bản cần cấp * : số
    Nhận kết quả (tại trường / qua bưu điện) *
    Trình bày thêm: đoạn văn
    Cam kết thông tin đúng *: có không
    Ảnh đơn có chữ kí *: tệp
    Giấy tờ kèm theo: các tệp

A star makes an answer compulsory, a pair of parentheses with slashes makes it a choice, "các tệp" takes up to five.
"""

import re
from typing import Any

from khue.foundation.text import fold
from khue.procedures.sheets import MOST_FILES

MOST_LINES = 30
_CHOICES = re.compile(r"\(([^()]*?/[^()]*?)\)")
_KINDS: dict[str, dict[str, Any]] = {
    "ngay": {"type": "string", "format": "date"},
    "so": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
    "doan van": {"type": "string", "format": "paragraph", "maxLength": 2000},
    "co khong": {"type": "boolean"},
    "tep": {"type": "file"},
    "cac tep": {"type": "file", "maxItems": MOST_FILES},
    "email": {"type": "string", "format": "email", "maxLength": 120},
}


class UnclearQuestion(ValueError):
    """A line that is no question; says which, counted from 1."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(line)
        self.number, self.line = number, line


def form_of(text: str) -> dict[str, Any]:
    """The form these lines ask for: a JSON schema as `sheets` reads it. Raises UnclearQuestion."""
    properties: dict[str, Any] = {}
    required = []
    lines = [(n, line.strip()) for n, line in enumerate(text.replace("\x00", "").splitlines(), 1) if line.strip()]
    for count, (number, line) in enumerate(lines):
        if count >= MOST_LINES or len(line) > 300:
            raise UnclearQuestion(number, line[:80])
        title, schema, is_required = _question(number, line)
        name = _name(title, properties)
        properties[name] = {**schema, "title": title}
        if is_required:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required}


def _question(number: int, line: str) -> tuple[str, dict[str, Any], bool]:
    title, _colon, kind = line.partition(":")
    is_required = "*" in line
    chosen = _CHOICES.search(title)
    schema = _KINDS.get(fold(kind.replace("*", " ").replace("/", " ")).strip())
    if chosen:
        names = [part.strip() for part in chosen[1].split("/")]
        values = [_slug(name) for name in names]
        if not all(values) or len(set(values)) < len(values):
            raise UnclearQuestion(number, line[:80])
        title = title.replace(chosen[0], " ")
        schema = {"type": "string", "enum": values, "x-names": names}
    elif schema is None:
        if kind.replace("*", "").strip():
            raise UnclearQuestion(number, line[:80])
        schema = {"type": "string", "maxLength": 500}
    title = " ".join(title.replace("*", " ").split())
    if not title:
        raise UnclearQuestion(number, line[:80])
    return title, schema, is_required


def _name(title: str, taken: dict[str, Any]) -> str:
    first = _slug(title)[:40] or "cau"
    if first[0].isdigit() or first in ("and", "or", "not", "true", "false"):
        first = f"cau_{first}"
    name, number = first, 2
    while name in taken:
        name, number = f"{first}_{number}", number + 1
    return name


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")
