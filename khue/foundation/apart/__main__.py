"""`python -m khue.foundation.apart FD PROGRAM`: loads a program and forks a process for every socket it is sent."""

import contextlib
import gc
import mmap
import os
import resource
import runpy
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from khue.foundation.apart import Unable, frames
from khue.foundation.apart.frames import Means

#: So long after the last work the libraries' memory is given back.
IDLE = 60
#: So often those at work are looked at.
LOOK = 0.2
Work = Callable[[bytes], bytes]


def main(descriptor: int, program: str) -> None:
    """Serve until who started this closed its end, or nobody worked for a minute."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the forks
    control = socket.socket(fileno=descriptor)
    loaded = runpy.run_path(program)
    # What is missing is told by the work itself.
    with contextlib.suppress(OSError, ImportError, Unable):
        loaded["prepare"]()
    gc.collect()
    gc.freeze()
    at_work: dict[int, tuple[int, int]] = {}
    while (asked := select.select([control], [], [], LOOK if at_work else IDLE)[0]) or at_work:
        if asked:
            memory, descriptors, _flags, _address = socket.recv_fds(control, 8, 1)
            if not memory:
                return
            if (fork := os.fork()) == 0:
                control.close()
                _serve(socket.socket(fileno=descriptors[0]), int.from_bytes(memory), loaded["work"])
            os.close(descriptors[0])
            with contextlib.suppress(ProcessLookupError):
                at_work[fork] = os.pidfd_open(fork), int.from_bytes(memory)
        _end_the_full(at_work)


def _end_the_full(at_work: dict[int, tuple[int, int]]) -> None:
    """End who has come to the wall of its memory, and forget who ended.

    A process at the wall need not end by itself: a library that is refused memory over and over, and catches that, goes
    on for minutes a step at a time.

    at_work: for each process its pidfd and the bytes of addresses it may take
    """
    for fork, (handle, memory) in list(at_work.items()):
        try:
            pages = int(Path(f"/proc/{fork}/statm").read_text().split()[0])
            if pages * mmap.PAGESIZE > memory * 15 // 16:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        except (OSError, IndexError):  # it ended
            os.close(handle)
            del at_work[fork]


def _serve(end: socket.socket, memory: int, work: Work) -> None:
    """Work for who holds the other end, in the fork, to its own end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # A library's complaints about a stranger's file are not for the node's log; what is raised is told to who asked.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError, EOFError):
        frames.send(end, Means.READY)
        while True:
            _means, asked = frames.receive(end)
            # Unheard, it ends the process, wherever in a library that is.
            signal.alarm(int.from_bytes(asked[:4]))
            said = _answer(work, asked[4:])
            signal.alarm(0)
            frames.send(end, *said)
    os._exit(0)


def _answer(work: Work, asked: bytes) -> tuple[Means, bytes]:
    try:
        return Means.DONE, work(asked)
    except Unable as missing:
        return Means.UNABLE, str(missing).encode()
    except BaseException:  # what stops a library for good is no exception to it, and is told as well
        return Means.FAILED, traceback.format_exc().encode()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
