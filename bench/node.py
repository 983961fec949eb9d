"""A whole node for benchmarks over real HTTP: `khue serve` with the demonstration province, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Group
from khue.foundation.postgres import server
from khue.foundation.tests.processes import ROOT, free_port

#: Kept from one benchmark to the next, for the demonstration province takes a minute to load.
VAR = Path(os.environ.get("KHUE_VAR", ROOT / "var")) / "bench" / "node"
READY = "Ctrl-C stops everything."


@dataclass(frozen=True)
class Node:
    """A node that serves.

    address          host:port
    seconds_to_start from the command to its greeting
    processes        supervisor, web, front, worker and the database's
    database         the database's alone, which processes counts too
    """

    address: str
    seconds_to_start: float
    processes: Group
    database: Group


def rest(at: Node, longest: float = 300) -> None:
    """Wait until the worker has done what earlier work left it to do, so that no page is charged with it.

    A node at rest takes a hundredth of a processor.
    """
    end = time.monotonic() + longest
    while time.monotonic() < end:
        before = at.processes.seconds()
        time.sleep(3)
        if at.processes.seconds() - before < 0.1:
            return
    raise RuntimeError(f"the node did not come to rest within {longest} s")


@contextmanager
def serving(var: Path = VAR, **more: str) -> Iterator[Node]:
    """Start `khue serve`, wait for its greeting, stop it as Ctrl-C does.

    var    the node's folder; a new one is a cold start, with the demonstration province to load
    more   stands in the node's environment besides: KHUE_SMTP="smtp://127.0.0.1:2525"
    """
    var.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "khue.cli", "serve", "--port", str(port)]
    # Its own database even where the benchmark itself was given one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    begun = time.monotonic()
    with (
        open(var / "serve.log", "w") as errors,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={"KHUE_NIGHT": "", **environment, **more, "KHUE_VAR": str(var)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            if not any(READY in line for line in process.stdout):
                raise RuntimeError(f"khue serve ended: {(var / 'serve.log').read_text()[-2000:]}")
            took = time.monotonic() - begun
            database = Group(lambda: filter(None, [server.postmaster(var)]))
            everything = Group(lambda: [process.pid, *database.roots()])
            yield Node(f"127.0.0.1:{port}", took, everything, database)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
