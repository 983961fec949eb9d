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


@dataclass(frozen=True, slots=True)
class Form:
    """How the result of a procedure reads. facts: null where the case does not hold what the paper would state."""

    heading: str
    sentence: str
    facts: Callable[[Mapping[str, Any], date], Facts | None]


#: By the key of the procedure: those whose result the school seals. The wording is no circular's: none prescribes one.
FORMS: Mapping[str, Form] = {
    "study-confirmation": Form("Giấy xác nhận", "Nhà trường xác nhận học sinh sau đây đang học tại trường:", _studying)
}
