"""A node below that we stand in for: it has keys, makes batches, and we accept them."""

import itertools
import uuid

import pytest
from joserfc.jwk import OKPKey

from khue.exchange import actions, batches, keys, signatures
from khue.exchange.answers import Answer
from khue.exchange.batches import Place
from khue.exchange.envelope import Envelope
from khue.exchange.models import Peer
from khue.exchange.signatures import digest_of
from khue.foundation.actor import SYSTEM
from tests.world import NOON, World

SENT = "2026-11-23T12:00:00"


class NodeBelow:
    """A school's own node, as the department sees it: it signs, and numbers its batches."""

    def __init__(self, peer: Peer, key: OKPKey, school_code: str, receiver: str) -> None:
        self.peer, self.key, self.school, self.receiver = peer, key, school_code, receiver
        self.digests: dict[tuple[int, int], str] = {}

    def record(self, key: str = "class.1", version: int = 1, event: str = "NEW", kind: str = "class_secondary",
               school: str | None = None, **fields: object) -> Envelope:  # fmt: skip
        payload = {"matruong": self.school, "malop": "6A", "tenlop": "6A", "makhoi": "06", "manhomcaphoc": "03"}
        return Envelope(
            IdBanGhi=key, Loai=kind, MaTruong=self.school if school is None else school, SuKien=event,
            PhienBan=version, ThoiGianCapNhat=SENT, NgayCapNhat=SENT,
            DuLieu={} if event == "CANCEL" else {**(payload if kind == "class_secondary" else {}), **fields},
        )  # fmt: skip

    def batch(self, *records: Envelope, number: int = 1, epoch: int = 1, level: str = "department",
              receiver: str = "", previous: str | None = None) -> bytes:  # fmt: skip
        before = self.digests.get((epoch, number - 1), "") if previous is None else previous
        signer = _Signer(str(self.peer.node), self.key)
        data = batches.written(signer, receiver or self.receiver, level, Place(epoch, number, before), records)
        self.digests[epoch, number] = digest_of(data)
        return data

    def accept(self, data: bytes) -> Answer:
        from khue.exchange import queries
        from khue.foundation import scope

        actor = queries.actor_of(self.peer)
        with scope.of(actor):
            return actions.accept_batch(actor=actor, peer=self.peer, data=data, at=NOON)


class _Signer:
    """As signatures.Signer, with a key that is not this node's."""

    def __init__(self, node: str, key: OKPKey) -> None:
        self.node, self._key = node, key

    def sign(self, claims: signatures.Signed) -> str:
        import msgspec
        from joserfc import jws

        header = {"alg": keys.ALGORITHM, "kid": self._key.thumbprint()}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self._key, algorithms=[keys.ALGORITHM])


_ports = itertools.count(1)


def card_of(key: OKPKey, level: str, name: str, code: str) -> actions.Card:
    public = {**key.as_dict(private=False), "use": "sig"}
    return actions.Card(str(uuid.uuid4()), name, level, code, f"http://node{next(_ports)}.example", [public])


@pytest.fixture
def named(world: World) -> World:
    """The world on a department's node with rules and rights."""
    actions.load_reference(actor=SYSTEM)
    actions.name_node(actor=SYSTEM, organisation=world.department)
    return world


@pytest.fixture
def below(named: World) -> NodeBelow:
    """A school of this department that has a node of its own."""
    from khue.exchange import queries

    key, school = OKPKey.generate_key("Ed25519"), named.elsewhere.organisation
    card = card_of(key, "school", school.name, school.code)
    peer = actions.admit_peer(actor=SYSTEM, card=card, organisation=school, at=NOON)
    return NodeBelow(peer, key, school.code, str(queries.this_node().node))
