"""`khue serve` as an operator meets it: started, started again, killed in every way, stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from khue.foundation.postgres import server

pytestmark = pytest.mark.resilience

ROOT = Path(__file__).resolve().parents[2]
#: Of processor time, until the first page: on an idle machine no more than these pass on the clock either.
SECOND_START_SECONDS = 8


class Node:
    """One `khue serve` with a folder and a port of its own."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.log = var_dir.with_suffix(".log")

    def start(self) -> float:
        """Start and wait for the first page. Returns the seconds of processor time that all processes took."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("KHUE_", "DATABASE_", "PYTEST"))}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "khue.cli", "serve", "--empty", "--port", str(self.port)],
                env={**environment, "KHUE_VAR": str(self.var_dir)}, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        self.wait_for_page()
        return sum(sum(p.cpu_times()[:4]) for p in self.processes())

    def wait_for_page(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not self.answers():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether a page comes back, from the web by way of the front."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5) as response:
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

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def kill_everything(self) -> None:
        for process in self.processes():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait(10)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = Node(tmp_path_factory.mktemp("node") / "var")
    yield node
    if node.process is not None and node.process.poll() is None:
        node.kill_everything()
    server.stop(node.var_dir)
    written = node.var_dir / "postgres.home"
    if written.exists():
        shutil.rmtree(written.read_text().strip())


@pytest.fixture
def served(node: Node) -> Node:
    """The node, answering."""
    if node.process is None or node.process.poll() is not None:
        node.start()
    return node


def test_the_whole_idle_node_fits_into_300_megabytes(served):
    shares = sum(process.memory_full_info().pss for process in served.processes())

    assert shares < 300 * 1024 * 1024


def test_interrupting_leaves_no_process(served):
    assert len(served.processes()) > 5

    code = served.interrupt()

    assert code == 0
    assert served.processes() == []


def test_a_second_start_is_quick(node):
    if node.process is not None and node.process.poll() is None:
        node.interrupt()

    assert node.start() < SECOND_START_SECONDS


def test_a_second_node_on_the_same_data_is_refused(served):
    done = subprocess.run(
        [sys.executable, "-m", "khue.cli", "serve", "--empty", "--port", str(served.port)],
        env={**os.environ, "KHUE_VAR": str(served.var_dir)}, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert "already being served" in done.stderr
    assert served.answers()


@pytest.mark.parametrize("which", ["postgres", "web", "front", "worker"])
def test_whoever_is_killed_comes_back(served, which):
    if which == "postgres":
        victim = psutil.Process(server.postmaster(served.var_dir))
    else:
        children = sorted(psutil.Process(served.process.pid).children(), key=lambda p: p.create_time())
        ours = [p for p in children if "serve" in p.cmdline()]
        victim = ours[["web", "front", "worker"].index(which)]
    victim.kill()
    time.sleep(0.3)

    served.wait_for_page(30)

    assert served.process.poll() is None
    assert victim.pid not in {p.pid for p in served.processes()}
    if which == "postgres":
        assert server.is_running(served.var_dir)


def test_after_everything_was_killed_a_start_is_as_quick(served):
    served.kill_everything()
    assert served.processes() == []

    assert served.start() < SECOND_START_SECONDS


def test_when_only_the_supervisor_is_killed_its_children_leave_and_the_port_is_free(served):
    served.process.kill()
    served.process.wait(10)

    assert served.start() < SECOND_START_SECONDS


def test_terminating_leaves_no_process(served):
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(30)

    assert served.processes() == []
