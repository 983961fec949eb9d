"""One `khue serve` with a folder and a port of its own: started, looked into, killed."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psutil
from django.conf import settings

from khue.foundation.postgres import server

ROOT = Path(__file__).resolve().parents[2]


#: What a first start makes of the tree, whatever the database: ten seconds of compressing, five of compiling.
MADE = ("static", "templates")


@contextmanager
def made_of_the_tree(var_dir: Path) -> Iterator[None]:
    """A node that starts meanwhile finds it made, or makes it for those after it, which wait until it has.

    What is of an older tree the node makes anew by itself.
    """
    shelf = Path(settings.VAR_DIR) / "made"
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = (shelf / "whole").exists()
        for each in MADE if there else ():
            shutil.copytree(shelf / each, var_dir / each)
        if not there:
            yield
            for each in MADE:
                shutil.copytree(var_dir / each, shelf / each, dirs_exist_ok=True)
            (shelf / "whole").touch()
    if there:
        yield


class ServedNode:
    """The whole node as an operator has it."""

    def __init__(self, var_dir: Path, **environment: str) -> None:
        self.var_dir = var_dir
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = var_dir.with_suffix(".log")
        self._environment = environment

    def start(self, *, made: bool = False) -> float:
        """Start and wait for the first page. Returns the seconds of processor time that all processes took.

        made    what a first start makes of the tree may be another node's
        """
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("KHUE_", "DATABASE_", "PYTEST"))}
        environment |= {"KHUE_NIGHT": "", **self._environment, "KHUE_VAR": str(self.var_dir)}
        with made_of_the_tree(self.var_dir) if made else nullcontext(), self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "khue.cli", "serve", "--empty", "--port", str(self.port)],
                env=environment, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
            self.wait_for_page()
        return sum(sum(p.cpu_times()[:4]) for p in self.processes())

    def wait_for_page(self, seconds: float = 400) -> None:
        """Until a page comes back: the first time after every migration, which takes a busy machine minutes."""
        end = time.monotonic() + seconds
        while not self.answers():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether a page comes back, from the web by way of the front."""
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def processes(self) -> list[psutil.Process]:
        """Every process of the node, PostgreSQL's included."""
        found = []
        for process in psutil.process_iter():
            try:
                command, variables = process.cmdline(), {}
                if command[1:4] == ["-m", "khue.cli", "serve"]:
                    variables = process.environ()
                if variables.get("KHUE_VAR") == str(self.var_dir) or str(server._home(self.var_dir) / "pg") in command:
                    found += [process, *process.children(recursive=True)]
            except psutil.Error:
                continue
        return list({p.pid: p for p in found if p.is_running() and p.status() != psutil.STATUS_ZOMBIE}.values())

    def family_of(self, which: str) -> list[psutil.Process]:
        """The process of "web", "front", "worker" or "postgres" with all its children; empty while it is away."""
        try:
            if which == "postgres":
                postmaster = server.postmaster(self.var_dir)
                heads = [psutil.Process(postmaster)] if postmaster else []
            else:
                heads = [child for child in self._children() if self._part_of(child) == which]
            return [process for head in heads for process in [head, *head.children(recursive=True)]]
        except psutil.NoSuchProcess:  # it is ending while we look
            return []

    def kill(self, *parts: str) -> list[int]:
        """kill -9 to parts of the node with their children, all at once. Returns who it was."""
        families = {which: self.family_of(which) for which in parts}
        assert all(families.values()), f"not there: {[which for which, family in families.items() if not family]}"
        killed = [process for family in families.values() for process in family]
        for process in killed:
            try:
                process.kill()
            except psutil.NoSuchProcess:  # went with its parent
                continue
        return [process.pid for process in killed]

    def kill_everything(self) -> None:
        """kill -9 to the supervisor and all its processes, and to what they began meanwhile."""
        while living := self.processes():
            for process in living:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
            psutil.wait_procs(living, timeout=1)
        assert self.process is not None
        self.process.wait(10)

    def interrupt(self) -> int:
        """Ctrl-C. Returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def clear_away(self) -> None:
        """Leave nothing running and nothing on disk."""
        if self.process is not None and self.process.poll() is None:
            self.kill_everything()
        server.stop(self.var_dir)
        written = self.var_dir / "postgres.home"
        if written.exists():
            shutil.rmtree(written.read_text().strip())

    def _children(self) -> list[psutil.Process]:
        assert self.process is not None
        found = psutil.Process(self.process.pid).children()
        living = [child for child in found if child.status() != psutil.STATUS_ZOMBIE]
        return [child for child in living if "serve" in child.cmdline()]

    def _part_of(self, child: psutil.Process) -> str:
        """By what it listens on: the front on the node's port, the web on the node's socket, the worker on none."""
        ports, sockets = set(), set()
        for process in [child, *child.children(recursive=True)]:
            try:
                ports |= {c.laddr.port for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
                sockets |= {c.laddr for c in process.net_connections("unix")}
            except psutil.NoSuchProcess:
                continue
        return "front" if self.port in ports else "web" if str(self.var_dir / "web.sock") in sockets else "worker"
