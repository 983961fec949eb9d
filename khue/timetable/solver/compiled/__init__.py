"""The part of the search that runs a million times a second: arrays of numbers and functions that Numba compiles.

Compiled code is kept under KHUE_VAR, in a folder named after the sources: Numba looks only at the file of the function
that is called, so that a change in one that it calls would go unseen. The first search after an update compiles.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import settings

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}


def _sources() -> str:
    found = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


FOLDER = Path(settings.VAR_DIR) / "numba" / _sources()
os.environ["NUMBA_CACHE_DIR"] = str(FOLDER)

from numba import njit  # noqa: E402 - reads the folder when it is imported


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function over arrays, once for each installation.

    It may make no array: nothing counts references in it, which else takes most of the time where some twenty arrays
    go from function to function. It runs without Python's lock.
    """
    made: Callable[Arguments, Result] = njit(**OPTIONS)(function)
    return made


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function into each that calls it: to hand some fifty arrays over on the stack takes longer than most
    of these functions do.

    One whose name begins with an underscore may be called by compiled functions alone, never by Python: to unpack
    fifty arrays for each takes as long to compile as all that they do.
    """
    is_ours = function.__name__.startswith("_")
    options = OPTIONS | {"cache": not is_ours, "forceinline": True, "no_cpython_wrapper": is_ours}
    made: Callable[Arguments, Result] = njit(**options)(function)
    return made


@contextmanager
def one_compiles() -> Iterator[None]:
    """Around what calls compiled functions for the first time in a process.

    Compiling takes half a minute of a processor. Of several processes that search at once after an update one does it,
    and the others wait for what it writes.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
