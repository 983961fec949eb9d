"""What a group of processes has cost: processor time and memory, read from /proc."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Group:
    """The processes under some roots, whoever they are at the moment of asking.

    roots   gives the process ids of the roots: a restarted server has another one
    """

    roots: Callable[[], Iterable[int]]

    def seconds(self) -> float:
        """Processor time so far, user and system, of all that live and of all that they have seen end."""
        return sum(map(_seconds, self.ids()))

    def memory(self) -> int:
        """Bytes: proportional set size, in which a page shared by n processes counts for one n-th in each."""
        return sum(map(_pss, self.ids()))

    def ids(self) -> set[int]:
        """Process ids of the roots and everything below them."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := _stat(int(entry.name))):
                children.setdefault(int(fields[1]), []).append(int(entry.name))
        found: set[int] = set()
        waiting = list(self.roots())
        while waiting:
            process = waiting.pop()
            if process not in found:
                found.add(process)
                waiting.extend(children.get(process, []))
        return found


def _stat(process: int) -> list[str]:
    """The fields of /proc/N/stat after the name; empty when it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _seconds(process: int) -> float:
    fields = _stat(process)  # utime, stime, and those of children that were waited for
    return sum(int(field) for field in fields[11:15]) * TICK if fields else 0.0


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
