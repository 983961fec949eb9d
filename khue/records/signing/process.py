"""The program that judges: a file comes in, a judgement goes out. It runs apart (foundation/apart).

A process of its own, because a PDF may be made to take all memory and all time, and because the libraries that read it
are 60 MB that no web process shall keep.
"""

import base64
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from khue.foundation.apart import Broken, Workshop
from khue.records import results
from khue.records.content import Content, Entry, Item, Manifest, Pupil, Remark, Result, School, Subject
from khue.records.signing.verdicts import Verdict

MEMORY = 1024**3
SECONDS = 60
#: What a page takes is smaller; a whole year that was handed in, tried by an operator, may take its time.
LARGE = 20 * 1024**2
_workshop = Workshop(__file__)


def judged_apart(data: bytes, anchors: tuple[bytes, ...], lists: tuple[bytes, ...]) -> "dict[str, Any]":
    """The judgement of a file as plain values, made by a process of its own; CHANGED where that did not survive it."""
    seconds, memory = (60 * SECONDS, 4 * MEMORY) if len(data) > LARGE else (SECONDS, MEMORY)
    given = {"anchors": [_text(one) for one in anchors], "lists": [_text(one) for one in lists]}
    head = json.dumps(given).encode()
    try:
        with _workshop.worker(memory=memory) as worker:
            said: dict[str, Any] = json.loads(worker.ask(len(head).to_bytes(4) + head + data, seconds=seconds))
    except Broken:
        return {"verdict": Verdict.CHANGED}
    return said


def prepare() -> None:
    """Load what reads PDF, XML and certificates."""
    from khue.records.signing import packages  # noqa: F401


def work(asked: bytes) -> bytes:
    """Judge a file. asked: four bytes of length, the trust as JSON, the file; returns the judgement as JSON."""
    from khue.records.signing.certified import Trust
    from khue.records.signing.packages import judge

    size = 4 + int.from_bytes(asked[:4])
    given = json.loads(asked[4:size])
    trust = Trust(*(tuple(base64.b64decode(one) for one in given[name]) for name in ("anchors", "lists")))
    return json.dumps(asdict(judge(asked[size:], trust)), default=_plain).encode()


def content_from(said: "dict[str, Any] | None") -> Content | None:
    """A content again from its plain values."""
    if said is None:
        return None
    made = {
        "school": School(**said["school"]), "pupil": Pupil(**said["pupil"]), "result": Result(**said["result"]),
        "subjects": tuple(Subject(**one) for one in said["subjects"]),
        "items": tuple(Item(**one) for one in said["items"]),
        "remarks": tuple(Remark(**one) for one in said["remarks"]),
    }  # fmt: skip
    return Content(**{**said, **made})


def manifest_from(said: "dict[str, Any] | None") -> Manifest | None:
    """A manifest again from its plain values."""
    return None if said is None else Manifest(**{**said, "files": tuple(Entry(**one) for one in said["files"])})


def result_from(said: "dict[str, Any] | None") -> results.Result | None:
    """A result again from its plain values."""
    return None if said is None else results.from_json(said)


def _plain(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
