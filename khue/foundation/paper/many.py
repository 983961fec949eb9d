"""The press that stays open: one document after the other, or several at once - a school's transcripts."""

import base64
import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self

from khue.foundation.apart import Broken, Unable, Worker, Workshop
from khue.foundation.paper import press

#: After so many documents a fresh process takes over: the library keeps some of every font it has cut.
MOST_DOCUMENTS = 400
SECONDS = 60
workshop = Workshop(press.__file__)


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


def asked(document: str, variant: str, attached: Sequence[Attached] = (), *, counted: bool) -> bytes:
    """What the press is told: see press.work."""
    attachments = [
        {"name": one.name, "content": base64.b64encode(one.content).decode(), "relationship": one.relationship}
        for one in attached
    ]
    wanted = {"html": document, "variant": variant, "attachments": attachments, "counted": counted}
    return json.dumps(wanted).encode()


def printed(said: bytes) -> Printed:
    """What the press said."""
    return Printed(said[4:], int.from_bytes(said[:4]))


class Press:
    """A press that stays open: `with paper.Press("pdf/a-3b") as made: made.print(html)`. For one thread."""

    def __init__(self, variant: str = "") -> None:
        self._variant = variant
        self._worker: Worker | None = None
        self._count = 0

    def print(self, document: str, attached: Sequence[Attached] = ()) -> Printed:
        """The document as PDF, which says how many pages it has. Raises PressBroken; `paper.pdf` tells of Pango.

        cost  40 to 80 ms for a page or two, and a second more for the first of a minute
        """
        if self._count >= MOST_DOCUMENTS:
            self.close()
        if self._worker is None:
            self._worker = workshop.worker(memory=press.MEMORY)
        self._count += 1
        try:
            return printed(self._worker.ask(asked(document, self._variant, attached, counted=True), seconds=SECONDS))
        except (Broken, Unable) as broken:
            self.close()
            raise PressBroken(str(broken)) from None

    def close(self) -> None:
        """Let the process go."""
        worker, self._worker, self._count = self._worker, None, 0
        if worker is not None:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


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

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for each in self._presses:
            each.close()
