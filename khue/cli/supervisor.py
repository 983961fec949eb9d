"""Keeps a few processes alive and ends them all together. Knows nothing of what they do."""

import ctypes
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import IO, Self

#: Seconds a process may take to end before it is killed, and the longest pause before a dying one is tried again.
GRACE = 8.0
LONGEST_PAUSE = 10.0
PR_SET_PDEATHSIG = 1


@dataclass
class Kept:
    """A process that lives as long as the supervisor does."""

    name: str
    begin: Callable[[], int]
    pid: int = 0
    pidfd: int = -1
    begun_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0
    is_ours: bool = True


@dataclass
class Supervisor:
    """A context: on leaving it, for whatever reason, every process is ended and `stop_last` is called.

    stop_last   ends what is not a child of ours, when all children are gone
    """

    stop_last: Callable[[], None]
    is_stopping: bool = False
    kept: list[Kept] = field(default_factory=list)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __enter__(self) -> Self:
        # A signal interrupts the wait by writing into a pipe; the handler itself does as good as nothing.
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        self.selector.register(reader, selectors.EVENT_READ)
        signal.set_wakeup_fd(writer)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup khue serve` outlives its terminal; an ignored SIGINT only means that a script started us.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._told_to_stop)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.is_stopping = True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._end_children()
        self.stop_last()

    def keep(self, name: str, work: Callable[[], int | None], *, closing: IO[str] | None = None) -> None:
        """Fork a process that does `work`, again and again whenever it ends. `closing` is a file it must not hold."""
        kept = Kept(name, lambda: _fork(work, closing))
        self.kept.append(kept)
        self._begin(kept)

    def watch(self, name: str, pid: Callable[[], int | None], begin: Callable[[], None]) -> None:
        """Call `begin` whenever the process that `pid` names has ended. It is nobody's child, or may be."""

        def again() -> int:
            found = pid()
            if found is None:
                begin()
                found = pid()
            return found or 0

        kept = Kept(name, again, is_ours=False)
        self.kept.append(kept)
        self._begin(kept)

    def finish(self, work: Callable[[], int], *, closing: IO[str]) -> int:
        """Fork a process that does `work` once and wait for its end. Its exit code; told to stop, we stop it too."""
        kept = Kept("", lambda: _fork(work, closing))
        kept.pid = kept.begin()
        while True:
            ended, status = os.waitpid(kept.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            self.turn(0.02)
            if self.is_stopping:
                self.kept.append(kept)
                raise KeyboardInterrupt

    def run(self) -> None:
        """Watch until told to stop."""
        while not self.is_stopping:
            self.turn(60.0)

    def turn(self, longest: float) -> None:
        """Wait for one thing to happen, `longest` seconds at most, and answer it."""
        waiting = [kept.due_at for kept in self.kept if not kept.pid]
        now = time.monotonic()
        for key, _events in self.selector.select(max(0.0, min([longest, *(due - now for due in waiting)]))):
            if isinstance(key.data, Kept):
                self._ended(key.data)
            else:
                os.read(key.fd, 4096)
        if self.is_stopping:
            return
        for kept in self.kept:
            if not kept.pid and kept.due_at <= time.monotonic():
                self._begin(kept)

    def _begin(self, kept: Kept) -> None:
        try:
            kept.pid = kept.begin()
            kept.pidfd = os.pidfd_open(kept.pid)
        except (OSError, RuntimeError) as error:
            print(f"{kept.name} does not start: {error}", file=sys.stderr, flush=True)
            kept.pid = 0
            self._pause(kept)
            return
        kept.begun_at = time.monotonic()
        self.selector.register(kept.pidfd, selectors.EVENT_READ, kept)

    def _ended(self, kept: Kept) -> None:
        self.selector.unregister(kept.pidfd)
        os.close(kept.pidfd)
        gave_way = False
        if kept.is_ours:
            gave_way = os.waitstatus_to_exitcode(os.waitpid(kept.pid, 0)[1]) == 0
            # What it had started itself goes with it: a half-dead server would keep its port.
            with suppress(ProcessLookupError):
                os.killpg(kept.pid, signal.SIGKILL)
        else:
            with suppress(ChildProcessError):
                os.waitpid(kept.pid, os.WNOHANG)
        lived = time.monotonic() - kept.begun_at
        said = "has given way to a new one" if gave_way else "ended and is started again"
        print(f"{kept.name} {said}.", file=sys.stderr, flush=True)
        kept.pid = 0
        if lived > LONGEST_PAUSE:
            kept.pause = 0.0
            kept.due_at = time.monotonic()
        else:
            self._pause(kept)

    def _pause(self, kept: Kept) -> None:
        kept.due_at = time.monotonic() + kept.pause
        kept.pause = min(LONGEST_PAUSE, max(0.25, kept.pause * 2))

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_stopping:  # told twice: no more patience
            for kept in self._children():
                with suppress(ProcessLookupError):
                    os.killpg(kept.pid, signal.SIGKILL)
        self.is_stopping = True

    def _children(self) -> list[Kept]:
        return [kept for kept in self.kept if kept.is_ours and kept.pid]

    def _end_children(self) -> None:
        for kept in self._children():
            with suppress(ProcessLookupError):
                os.kill(kept.pid, signal.SIGTERM)
        end = time.monotonic() + GRACE
        for kept in self._children():
            while time.monotonic() < end and os.waitpid(kept.pid, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
            with suppress(ProcessLookupError):
                os.killpg(kept.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(kept.pid, 0)
            kept.pid = 0


def _fork(work: Callable[[], int | None], closing: IO[str] | None) -> int:
    """A child in a session of its own, so that the terminal's Ctrl-C reaches the supervisor alone."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        die_with_parent(signal.SIGTERM)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if closing is not None:
            closing.close()
        code = work() or 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # the outermost door of this process: say it and end with an error
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def die_with_parent(number: int) -> None:
    """Have Linux send this process a signal when its parent dies, even by `kill -9`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
