"""What two ends of a socket say to each other: eight bytes of length, one of meaning, the body."""

import socket
import time
from enum import IntEnum

HEAD = 9
#: Nothing that is printed or judged is larger.
LARGEST = 4 * 1024**3


class Means(IntEnum):
    """What a frame is."""

    READY = 0
    """The process was forked; its body is empty."""
    ASKED = 1
    """Four bytes of seconds, then the work."""
    DONE = 2
    UNABLE = 3
    """The machine lacks what the work needs; its body says what, UTF-8."""
    FAILED = 4
    """The work raised; its body is the traceback, UTF-8."""


def send(end: socket.socket, means: Means, body: bytes = b"") -> None:
    """Write one frame. Raises OSError where nobody reads."""
    end.sendall(len(body).to_bytes(8) + bytes((means,)))
    end.sendall(body)


def receive(end: socket.socket, until: float = 0.0) -> tuple[Means, bytes]:
    """Read one frame. until: by time.monotonic(), 0 for as long as it takes.

    Raises EOFError where the other end closed, TimeoutError when it is too late.
    """
    head = _exactly(end, HEAD, until)
    size = int.from_bytes(head[:8])
    if size > LARGEST:
        raise EOFError
    return Means(head[8]), _exactly(end, size, until)


def _exactly(end: socket.socket, size: int, until: float) -> bytes:
    read = bytearray(size)
    view, count = memoryview(read), 0
    while count < size:
        if until:
            end.settimeout(max(0.001, until - time.monotonic()))
        got = end.recv_into(view[count:])
        if not got:
            raise EOFError
        count += got
    return bytes(read)
