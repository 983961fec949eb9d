"""Many documents by one process: a school's transcripts. Loading the library and the letters is paid for once."""

import base64
import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Self

from khue.foundation.paper import press

#: After so many documents a fresh process takes over: the library keeps some of every font it has cut.
MOST_DOCUMENTS = 400
SECONDS = 60


class PressBroken(RuntimeError):
    """The process ended or was too slow; the document before it printed well."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF. relationship: as PDF/A-3 wants it ("Source", "Data")."""

    name: str
    content: bytes
    relationship: str = "Source"


@dataclass(frozen=True, slots=True)
class Printed:
    """A document on paper."""

    pdf: bytes
    pages: int


class Press:
    """A press that stays open: `with paper.Press("pdf/a-3b") as made: made.print(html)`. For one thread."""

    def __init__(self, variant: str = "") -> None:
        self._variant = variant
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with the press
        self._count = 0

    def print(self, document: str, attached: Sequence[Attached] = ()) -> Printed:
        """The document as PDF. Raises PressBroken; `paper.PressMissing` is asked for by `paper.pdf`.

        cost  40 to 80 ms for a page or two, and a second for the first
        """
        process = self._running()
        asked = {
            "html": document,
            "attachments": [
                {"name": one.name, "content": base64.b64encode(one.content).decode(), "relationship": one.relationship}
                for one in attached
            ],
        }
        body = json.dumps(asked).encode()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(len(body).to_bytes(4) + body)
            process.stdin.flush()
        except BrokenPipeError:
            raise self._broken() from None
        until = time.monotonic() + SECONDS
        pages, size = (int.from_bytes(self._read(process.stdout, 4, until)) for _ in range(2))
        self._count += 1
        return Printed(self._read(process.stdout, size, until), pages)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._count >= MOST_DOCUMENTS:
            self.close()
        if self._process is None:
            self._count = 0
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, press.__file__, press.MANY, self._variant],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
            )  # fmt: skip
        return self._process

    def _read(self, stream: IO[bytes], size: int, until: float) -> bytes:
        found = b""
        while len(found) < size:
            ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
            piece = stream.read1(size - len(found)) if ready else b""  # type: ignore[attr-defined]  # buffered
            if not piece:
                raise self._broken()
            found += piece
        return found

    def _broken(self) -> PressBroken:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._said.seek(0)
        return PressBroken(self._said.read()[-2000:].decode(errors="replace"))

    def close(self) -> None:
        """Let the process go."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._said.close()


class Presses:
    """Several presses at once, one a core: `with paper.Presses("pdf/a-3b", 2) as made: made.send(html).result()`."""

    def __init__(self, variant: str, at_once: int) -> None:
        self._presses = [Press(variant) for _each in range(at_once)]
        self._free: SimpleQueue[Press] = SimpleQueue()
        for press_ in self._presses:
            self._free.put(press_)
        self._pool = ThreadPoolExecutor(at_once)

    def send(self, document: str, attached: Sequence[Attached] = ()) -> "Future[Printed]":
        """The document as PDF, once a press is free. The future raises as Press.print does."""
        return self._pool.submit(self._print, document, attached)

    def _print(self, document: str, attached: Sequence[Attached]) -> Printed:
        free = self._free.get()
        try:
            return free.print(document, attached)
        finally:
            self._free.put(free)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        for each in self._presses:
            each.__exit__(kind, error, trace)
