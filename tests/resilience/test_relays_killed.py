"""Five nodes, three of them real processes on sockets; those that carry a record are killed in the middle."""

import time
from collections.abc import Iterator

import httpx
import pytest

from khue.exchange import queries
from khue.exchange.models import Letter, Peer
from khue.exchange.tests.nodes import Node
from khue.moves import words
from khue.moves.models import Move
from khue.moves.tests.conftest import built_chain, five_nodes  # noqa: F401  fixtures
from khue.moves.tests.country import Chain
from khue.moves.tests.sealing import sealed_at
from khue.moves.tests.test_moving import accepted, released, states
from khue.moves.tests.test_packages import record
from khue.records.models import ReceivedPackage, ReceivedSheet
from khue.records.tests.conftest import ca  # noqa: F401  a fixture
from tests.resilience.test_move_killed import MAIL, WEB, free_port, killed_after, start, waiting

pytestmark = [pytest.mark.resilience, pytest.mark.usefixtures("press")]


@pytest.fixture
def served(five_nodes: Chain, ca, settings, tmp_path) -> Iterator[Chain]:  # noqa: F811
    """The Ministry's and both departments' nodes answer on ports of this machine."""
    sealed_at(five_nodes, ca, settings, tmp_path)
    above = [five_nodes.ministry, *(place.node for place in five_nodes.departments)]
    ports = {node.database: free_port() for node in above}
    webs = [start(node, WEB.format(port=ports[node.database])) for node in above]
    one, other = five_nodes.departments
    for place, node in (
        (one, five_nodes.ministry), (other, five_nodes.ministry), (five_nodes.old, one.node),
        (five_nodes.new, other.node),
    ):  # fmt: skip
        with place.node.inside():
            Peer.objects.filter(direction="above").update(address=f"http://127.0.0.1:{ports[node.database]}")
    for port in ports.values():
        answers(port)
    yield five_nodes
    for web in webs:
        web.kill()
        web.wait()


def answers(port: int) -> None:
    for _try in range(600):
        try:
            httpx.post(
                f"http://127.0.0.1:{port}/api/exchange/nonce", headers={"Authorization": "Bearer none"}, trust_env=False
            )
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nobody answers on {port}")


def mailed(node: Node) -> None:
    assert start(node, MAIL).communicate(timeout=120)[0].strip() == "True"


def to_new(served: Chain, node: Node) -> int:
    """How many letters for the receiving school's node wait at one."""
    with served.new.node.inside():
        reader = queries.this_node().node
    with node.inside():
        return Letter.objects.filter(to_node=reader).count()


def test_nodes_between_that_are_killed_carry_the_record_on_once_and_whole(served: Chain, monkeypatch) -> None:
    monkeypatch.setattr(words, "PIECE", 6 * 1024)
    one, other = served.departments
    accepted(served)
    served.turns(1)
    released(served)
    with served.old.node.inside():
        parts = Move.objects.get().release["package"]["pieces"] + 1
    assert parts >= 6
    mailed(served.old.node)
    assert waiting(one.node) == parts

    passed = [killed_after(one.node, served.ministry, 2) for _kill in range(2)]
    assert 0 < sum(passed) < parts
    mailed(one.node)
    assert (waiting(one.node), waiting(served.ministry)) == (0, parts)
    killed_after(other.node, other.node, 2)  # the other relay, while it fetches
    mailed(other.node)
    # A word the other way may lie there too.
    assert [to_new(served, node) for node in (served.ministry, other.node)] == [0, parts]
    killed_after(served.new.node, served.new.node, 2)
    mailed(served.new.node)
    served.turns(2)

    assert record(served) == ["taken", "taken"]
    assert states(served) == [("begun", "released"), ("released", "begun")]
    with served.new.node.inside():
        assert (ReceivedPackage.objects.count(), ReceivedSheet.objects.get().verdict) == (1, "valid")
