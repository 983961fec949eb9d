"""Python's collector of cycles, at rest while something builds many rows and no cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Do not look for cycles inside: each look would walk over every row that is being built. Memory is freed as ever.

    For work of a second or two. Another thread's cycles wait as long.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
