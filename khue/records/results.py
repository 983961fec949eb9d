"""What the document of a result says: from a case that was granted to the facts on paper. Pure.

Carried inside the PDF as `ket-qua.json`, so that whoever verifies the file reads what was sealed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

#: The name under which it lies in the PDF.
NAME = "ket-qua.json"
MOST_FACTS, LONGEST = 40, 2000
Facts = tuple[tuple[str, str], ...]


class NotAResult(ValueError):
    """No content that this program would have written."""


@dataclass(frozen=True, slots=True)
class Result:
    """One document. The texts are Vietnamese whatever language pages are in: the paper is official.

    heading        of the paper; sentence: what it states of the facts below it
    number         of the result slip, "12/2026"; code: of the dossier
    on             the day it was granted, "26/11/2026"
    facts          (name, value) in order
    """

    superior: str
    office: str
    heading: str
    sentence: str
    number: str
    code: str
    on: str
    facts: Facts


def as_json(result: Result) -> dict[str, Any]:
    """As it may stand in a row."""
    return asdict(result)


def written(result: Result) -> bytes:
    """The bytes that go into the PDF: the same result is the same bytes."""
    return json.dumps(as_json(result), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(said: Any) -> Result:
    """A result again. Raises NotAResult for anything else, whatever it is."""
    names = set(Result.__dataclass_fields__)
    if not isinstance(said, dict) or said.keys() != names:
        raise NotAResult
    facts = said["facts"]
    if not isinstance(facts, list | tuple) or not all(isinstance(one, list | tuple) and len(one) == 2 for one in facts):
        raise NotAResult
    texts = [said[name] for name in names - {"facts"}] + [text for one in facts for text in one]
    if len(facts) > MOST_FACTS or not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        raise NotAResult
    return Result(**{**said, "facts": tuple((name, value) for name, value in facts)})


def read(data: bytes) -> Result:
    """What the bytes inside a PDF say. Raises NotAResult."""
    try:
        return from_json(json.loads(data))
    except (ValueError, RecursionError):
        raise NotAResult from None


def _studying(data: Mapping[str, Any], born_on: date) -> Facts | None:
    found = data.get("studying")
    if not isinstance(found, Mapping):
        return None
    return (
        ("Họ và tên", found["full_name"]),
        ("Ngày sinh", f"{born_on:%d/%m/%Y}"),
        ("Lớp", found["class"]),
        ("Năm học", found["school_year"]),
        ("Dùng để", str(data.get("why", ""))),
    )


def _in_register(data: Mapping[str, Any]) -> Facts | None:
    line = data.get("register_line")
    if not isinstance(line, Mapping):
        return None
    return (
        ("Văn bằng, chứng chỉ", line["title"]),
        ("Họ và tên", line["name"]),
        ("Ngày sinh", line["birth"]),
        ("Số hiệu", line["serial"]),
        ("Số vào sổ gốc", line["number"]),
        ("Ngày cấp", line["issued_on"]),
        ("Cơ quan cấp", line["issuer"]),
    )


def _copied(data: Mapping[str, Any], _born_on: date) -> Facts | None:
    line = _in_register(data)
    return None if line is None else (*line, ("Ghi chú trong sổ", str(data["register_line"].get("notes", ""))))


def _corrected(data: Mapping[str, Any], _born_on: date) -> Facts | None:
    line = _in_register(data)
    if line is None:
        return None
    said = (("Nội dung đang ghi", "wrong"), ("Nay sửa thành", "right"), ("Căn cứ", "proof"))
    return (*line, *((name, str(data.get(key, ""))) for name, key in said))


@dataclass(frozen=True, slots=True)
class Form:
    """How the result of a procedure reads. facts: null where the case does not hold what the paper would state."""

    heading: str
    sentence: str
    facts: Callable[[Mapping[str, Any], date], Facts | None]


#: By the key of the procedure: those whose result its office seals. The wording is no circular's: none is known.
FORMS: Mapping[str, Form] = {
    "study-confirmation": Form("Giấy xác nhận", "Nhà trường xác nhận học sinh sau đây đang học tại trường:", _studying),
    "diploma-copy": Form("Bản sao từ sổ gốc", "Sổ gốc cấp văn bằng, chứng chỉ ghi như sau:", _copied),
    "diploma-correction": Form(
        "Quyết định chỉnh sửa văn bằng, chứng chỉ",
        "Nội dung sau đây được chỉnh sửa và ghi chú vào sổ gốc; văn bằng, chứng chỉ không cấp lại:", _corrected,
    ),
}  # fmt: skip
