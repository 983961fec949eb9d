"""`python -m khue.foundation.apart FD PROGRAM`: loads a program and forks a process for every socket it is sent."""

import contextlib
import gc
import os
import resource
import runpy
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from khue.foundation.apart import Unable, frames
from khue.foundation.apart.frames import Means

#: So long after the last work the libraries' memory is given back.
IDLE = 60
Work = Callable[[bytes], bytes]


def main(descriptor: int, program: str) -> None:
    """Serve until who started this closed its end, or nobody asked for a minute."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the forks
    control = socket.socket(fileno=descriptor)
    loaded = runpy.run_path(program)
    # What is missing is told by the work itself.
    with contextlib.suppress(OSError, ImportError, Unable):
        loaded["prepare"]()
    gc.collect()
    gc.freeze()
    while select.select([control], [], [], IDLE)[0]:
        memory, descriptors, _flags, _address = socket.recv_fds(control, 8, 1)
        if not memory:
            return
        if os.fork() == 0:
            control.close()
            _serve(socket.socket(fileno=descriptors[0]), int.from_bytes(memory), loaded["work"])
        os.close(descriptors[0])


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
