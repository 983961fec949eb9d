"""Work in a process of its own, forked from one that has its libraries loaded already.

For what is hostile or heavy: a file of a stranger may take all memory and all time, a form of a thousand pages must end
by itself, and libraries of 60 MB have no place in a web process. To start Python and load them takes half a second of a
processor; a fork takes milliseconds. The process that forks is started by the first work and ends a minute after the
last. docs/decisions/0322

A program is a file of ours with `prepare()`, which loads its libraries, and `work(asked: bytes) -> bytes`.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from khue.foundation.apart import frames
from khue.foundation.apart.frames import Means

ROOT = Path(__file__).resolve().parents[3]
#: How long loading the libraries may take on a machine that does much else.
PATIENCE = 120
#: The alarm of the process goes first; this is for one that cannot even hear that.
GRACE = 10


class Unable(Exception):
    """The machine lacks what the program needs; raised by the program, and again here. Its text says what."""


class Broken(RuntimeError):
    """The process raised, ended or took too long. Its text is the traceback where there is one."""


class Gone(Broken):
    """The process ended while it worked, most likely at the end of its memory."""


class TooSlow(Gone):
    """The process took all of its time."""


class Worker:
    """One process, for one piece of work after the other and one thread: `with workshop.worker(memory=GB) as it:`."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def ask(self, work: bytes, *, seconds: int) -> bytes:
        """What the program makes of it. Raises Unable, Broken; after Gone and TooSlow there is no process."""
        began = time.monotonic()
        try:
            self._end.settimeout(seconds + GRACE)
            frames.send(self._end, Means.ASKED, seconds.to_bytes(4) + work)
            means, body = frames.receive(self._end, began + seconds + GRACE)
        except (OSError, EOFError):
            self.close()
            raise (TooSlow if time.monotonic() - began >= seconds else Gone)("") from None
        if means is Means.DONE:
            return body
        said = body.decode(errors="replace")[-2000:]
        raise Unable(said) if means is Means.UNABLE else Broken(said)

    def close(self) -> None:
        """Let the process go."""
        self._end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Workshop:
    """Where the workers of one program come from. One for each program and process; threads may share it."""

    def __init__(self, program: str | Path) -> None:
        """program: the file, as `__file__` says it"""
        self._program = Path(program)
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def worker(self, *, memory: int) -> Worker:
        """A fresh process that may take so many bytes of addresses. Raises Broken where none can be had."""
        for _try in range(3):
            ours, theirs = socket.socketpair()
            with self._lock:
                control = self._running()
                with contextlib.suppress(OSError):
                    socket.send_fds(control, [memory.to_bytes(8)], [theirs.fileno()])
            theirs.close()
            try:
                frames.receive(ours, time.monotonic() + PATIENCE)
            except (OSError, EOFError):  # its minute was just over, or somebody ended it
                ours.close()
                with self._lock:
                    if self._control is control:
                        self._forget()
                continue
            return Worker(ours)
        raise Broken(f"{self._program.name}: no process to be had")

    def _running(self) -> socket.socket:
        """The socket of the process that forks; a new one where there is none, or where it is our parent's."""
        if self._owner != os.getpid() or self._server is None or self._server.poll() is not None:
            self._forget()
        if self._control is None:
            self._control, theirs = socket.socketpair()
            self._server = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", __name__, str(theirs.fileno()), str(self._program)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                cwd=ROOT, env={**os.environ, "PYTHONPATH": _path()},
            )  # fmt: skip
            self._owner = os.getpid()
            theirs.close()
        return self._control

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control = self._server = None

    def close(self) -> None:
        """Let the process that forks go; those at work finish."""
        with self._lock:
            server = self._server if self._owner == os.getpid() else None
            self._forget()
        if server is not None:
            server.wait()


def _path() -> str:
    return os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT))))
