"""Processes of the product that need not load it: a test starts them where it would start Python with a program.

To load the product takes Python two seconds of a processor; stories that kill a worker five times spend
more on that than on what they are about. One process beside each that runs tests has loaded it and forks the others
from itself. In the fork the environment, the settings and the streams are those of the new process, and its program is
run as `python -m` would. A test that is about a start itself starts Python. docs/decisions/0291
"""

import ctypes
import importlib
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
CLONE_NEWNET = 0x40000000
#: Modules that read the environment when they are loaded.
READ_IT = ("khue.cli.database", "khue.cli.processes", "khue.foundation.postgres.__main__")
Stream = int | IO[bytes] | IO[str] | None

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.loaded"])


@dataclass(frozen=True)
class Program:
    """What to run, and in which surroundings.

    module   as after `python -m`; code as after `python -c`; the other is ""
    space    the network namespace to enter, "" to stay
    """

    environment: Mapping[str, str]
    module: str = ""
    code: str = ""
    arguments: tuple[str, ...] = ()
    space: str = ""


class Process:
    """As subprocess.Popen, as far as tests use it."""

    def __init__(self, program: Program, *, stdin: Stream = None, stdout: Stream = None, stderr: Stream = None) -> None:
        """The streams: a file, subprocess.PIPE or DEVNULL, or None for what this process has. Texts are UTF-8."""
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None
        ends = [self._end(number, given) for number, given in enumerate((stdin, stdout, stderr))]
        self._process = _context.Process(target=become, args=(program, ends))
        self._process.start()
        for end in ends:
            end.close()
        self.pid: int = self._process.pid or 0

    def _end(self, number: int, given: Stream) -> Connection:
        """The child's end of a stream."""
        if given == subprocess.PIPE:
            theirs, ours = os.pipe()
            if number == 0:
                self.stdin = open(ours, "w", encoding="utf-8")  # noqa: SIM115  closed by who uses it
                return Connection(theirs)
            self.stdout = open(theirs, encoding="utf-8")  # noqa: SIM115  closed by who uses it
            return Connection(ours)
        if given == subprocess.DEVNULL:
            return Connection(os.open(os.devnull, os.O_RDWR))
        if given is None:
            return Connection(os.dup(number))
        return Connection(os.dup(given if isinstance(given, int) else given.fileno()))

    @property
    def returncode(self) -> int | None:
        """None while it lives; the negative number of the signal that ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired([str(self._process.name)], timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """All that it writes."""
        assert self.stdout is not None
        said = self.stdout.read()
        self.wait(timeout)
        return said, None

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """As an operator stops it."""
        self.send_signal(signal.SIGTERM)


def run(program: Program, stderr: Stream = None) -> tuple[int, str]:
    """Run to the end: the exit code and all that was written."""
    process = Process(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)
    said, _none = process.communicate()
    return process.wait(), said


def become(program: Program, ends: Sequence[Connection]) -> None:
    """Be that program. Runs in the fork; who kills the group of a program kills all of it."""
    os.setsid()
    multiprocessing.set_start_method("fork", force=True)  # as in a process that was not made so
    for number, end in enumerate(ends):
        os.dup2(end.fileno(), number)
        end.close()
    # The streams of a program live as long as it does.
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(program.environment)
    os.chdir(ROOT)
    if program.space:
        _enter(program.space)
    _read_settings()
    sys.argv = [program.module or "-c", *program.arguments]
    if program.module:
        runpy.run_module(program.module, run_name="__main__", alter_sys=True)
    else:
        exec(program.code, {"__name__": "__main__"})


def _enter(space: str) -> None:
    """The network namespace of that name, for this process and its children."""
    with open(f"/run/netns/{space}", "rb") as place:
        if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {space}")


def _read_settings() -> None:
    """Read the environment again, as at a start: nothing was connected and nothing was asked before the fork."""
    from asgiref.local import Local
    from django.conf import Settings, settings
    from django.core.cache import caches
    from django.db import connections
    from django.utils.log import configure_logging

    importlib.reload(sys.modules["khue.settings"])
    settings._wrapped = Settings("khue.settings")
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    for handler in (connections, caches):
        handler._settings = None
        handler.__dict__.pop("settings", None)
        handler._connections = Local(handler.thread_critical)
    for name in READ_IT:
        sys.modules.pop(name, None)
        package, _dot, last = name.rpartition(".")
        vars(sys.modules[package]).pop(last, None)
