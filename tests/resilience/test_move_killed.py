"""Real processes that speak over a real socket, killed in the middle of a child's record: it arrives once and whole."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

from khue.exchange.models import Letter, Peer
from khue.exchange.tests.nodes import Node
from khue.foundation.tests.conftest import _url
from khue.moves import words
from khue.moves.models import Move
from khue.moves.tests.conftest import built_country, sealed, sealed_country  # noqa: F401  fixtures
from khue.moves.tests.country import Country
from khue.moves.tests.test_moving import accepted, released, states
from khue.moves.tests.test_packages import record
from khue.records.models import ReceivedPackage, ReceivedSheet
from khue.records.tests.conftest import ca  # noqa: F401  a fixture
from tests import warm

pytestmark = [pytest.mark.resilience, pytest.mark.usefixtures("press")]
WEB = """
from granian.constants import Interfaces
from khue.cli import processes
processes.preload()
processes._serve("khue.wsgi:application", interface=Interfaces.WSGI, address="127.0.0.1", port={port}, workers=1,
                 blocking_threads=2, backpressure=16)
"""
MAIL = "import django; django.setup(); from khue.exchange import tasks; print(tasks.mail())"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start(node: Node, code: str) -> warm.Process:
    """A process of that node: its database, its secret."""
    environment = {
        **os.environ, "DATABASE_URL": _url("default", node.database),
        "DATABASE_OWNER_URL": _url("owner", node.database),
        "KHUE_SECRET": node.secret, "DJANGO_SETTINGS_MODULE": "khue.settings", "KHUE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    return warm.Process(warm.Program(environment, code=code), stdout=subprocess.PIPE)


@pytest.fixture
def served(sealed: Country) -> Iterator[Country]:  # noqa: F811
    """The Ministry's node answers on a port of this machine, and the others know it there."""
    port = free_port()
    web = start(sealed.ministry, WEB.format(port=port))
    address = f"http://127.0.0.1:{port}"
    for place in (sealed.old, sealed.new):
        with place.node.inside():
            Peer.objects.update(address=address)
    for _try in range(150):
        try:
            httpx.post(f"{address}/api/exchange/nonce", headers={"Authorization": "Bearer none"}, trust_env=False)
            break
        except httpx.HTTPError:
            time.sleep(0.2)
    yield sealed
    web.send_signal(signal.SIGTERM)
    web.wait(20)


def waiting(node: Node) -> int:
    with node.inside():
        return Letter.objects.count()


def killed_after(node: Node, seen: Node, letters: int) -> int:
    """Start a turn of the mail, and kill it outright once so many letters more are at that node. How many are."""
    before, turn = waiting(seen), start(node, MAIL)
    while waiting(seen) < before + letters and turn.poll() is None:
        time.sleep(0.005)
    turn.kill()
    turn.wait()
    return waiting(seen) - before


def test_a_worker_killed_in_the_middle_of_the_record_hands_it_over_once_and_whole(served: Country, monkeypatch) -> None:
    monkeypatch.setattr(words, "PIECE", 6 * 1024)
    accepted(served)
    served.turns(1)
    released(served)
    with served.old.node.inside():
        pieces = Move.objects.get().release["package"]["pieces"]
    assert pieces >= 6

    arrived = [killed_after(served.old.node, served.ministry, 2) for _kill in range(2)]
    assert 0 < sum(arrived) < pieces + 1  # it was killed before the end
    finished = start(served.old.node, MAIL)
    assert finished.communicate(timeout=60)[0].strip() == "True"
    assert (waiting(served.old.node), waiting(served.ministry)) == (0, pieces + 1)

    # The reader is killed too, while it fetches.
    killed_after(served.new.node, served.new.node, 2)
    fetched = start(served.new.node, MAIL)
    assert fetched.communicate(timeout=60)[0].strip() == "True"
    served.turns(3)

    assert record(served) == ["taken", "taken"]
    assert states(served) == [("begun", "released"), ("released", "begun")]
    with served.new.node.inside():
        assert (ReceivedPackage.objects.count(), ReceivedSheet.objects.get().verdict) == (1, "valid")
