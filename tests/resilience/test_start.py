"""`khue serve` as an operator meets it: started, started again, killed in every way, stopped."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from khue.foundation.postgres import server
from khue.foundation.tests.conftest import _url, wait_until
from tests.resilience.node import ROOT, ServedNode
from tests.world import world

pytestmark = pytest.mark.resilience

#: Of processor time, until the first page: on an idle machine no more than these pass on the clock either.
SECOND_START_SECONDS = 8


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNode]:
    node = ServedNode(tmp_path_factory.mktemp("node") / "var")
    yield node
    node.clear_away()


@pytest.fixture
def served(node: ServedNode) -> ServedNode:
    """The node, answering."""
    if node.process is None or node.process.poll() is not None:
        node.start(made=True)
    return node


def share_of(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.NoSuchProcess:  # the server of a connection that was just given back
        return 0


def test_the_whole_idle_node_fits_into_300_megabytes(served):
    assert sum(map(share_of, served.processes())) < 300 * 1024 * 1024


def test_the_pages_are_behind_a_socket_that_only_the_nodes_user_may_come_to(served):
    place = served.var_dir / "web.sock"

    assert place.is_socket()
    assert place.stat().st_mode & 0o777 == 0o600


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
    killed = served.kill(which)

    wait_until(lambda: served.family_of(which) and served.answers())

    assert served.process.poll() is None
    assert not {p.pid for p in served.processes()} & set(killed)
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


def test_a_server_of_ones_own_is_used_and_left_running(committed_db, tmp_path):
    world()
    urls = {"DATABASE_URL": _url("default", committed_db), "DATABASE_OWNER_URL": _url("owner", committed_db)}
    node = ServedNode(tmp_path / "var", **urls)
    try:
        node.start(made=True)
        wait_until(lambda: "Ctrl-C stops everything." in node.log.read_text())
        with urllib.request.urlopen(f"{node.url}/directory/") as page:
            assert "THCS Mỹ An" in page.read().decode()  # of this database
        assert f"Khuê is at http://localhost:{node.port}" in node.log.read_text()
        assert node.interrupt() == 0
    finally:
        node.clear_away()

    assert not {"pg", "postgres.home", "postgres.urls", "postgres.passwords"} & {
        each.name for each in node.var_dir.iterdir()
    }
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_terminating_leaves_no_process(served):
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(30)

    assert served.processes() == []
