"""`python -m khue.records.signing.process`: a file comes in, a judgement goes out; what is hostile breaks only this.

A process of its own, because a PDF may be made to take all memory and all time, and because the libraries that read it
are 60 MB that no web process shall keep.
"""

import base64
import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from khue.records import results
from khue.records.content import Content, Entry, Item, Manifest, Pupil, Remark, Result, School, Subject
from khue.records.signing.verdicts import Verdict

ROOT = Path(__file__).resolve().parents[3]
MEMORY = 1024**3
SECONDS = 60
#: What a page takes is smaller; a whole year that was handed in, tried by an operator, may take its time.
LARGE = 20 * 1024**2


def judged_apart(data: bytes, anchors: tuple[bytes, ...], lists: tuple[bytes, ...]) -> "dict[str, Any]":
    """The judgement of a file as plain values, made by a process of its own; CHANGED where that did not survive it."""
    seconds, memory = (60 * SECONDS, 4 * MEMORY) if len(data) > LARGE else (SECONDS, MEMORY)
    given = {
        "anchors": [_text(one) for one in anchors], "lists": [_text(one) for one in lists],
        "memory": memory, "seconds": seconds,
    }  # fmt: skip
    head = json.dumps(given).encode()
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", __spec__.name], input=len(head).to_bytes(4) + head + data, capture_output=True,
            timeout=seconds, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"verdict": Verdict.CHANGED}
    if done.returncode != 0:
        return {"verdict": Verdict.CHANGED}
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def main() -> int:
    """Judge standard input."""
    head = json.loads(sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4))))
    resource.setrlimit(resource.RLIMIT_AS, (head["memory"], head["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (head["seconds"], head["seconds"]))
    from khue.records.signing.certified import Trust
    from khue.records.signing.packages import judge

    trust = Trust(*(tuple(base64.b64decode(one) for one in head[name]) for name in ("anchors", "lists")))
    judgement = judge(sys.stdin.buffer.read(), trust)
    sys.stdout.write(json.dumps(asdict(judgement), default=_plain))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
