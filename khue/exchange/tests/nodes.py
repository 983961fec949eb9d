"""Two whole nodes in one process, each with a database and a secret of its own, and a line between them that fails."""

import io
import itertools
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import connections
from django.test import Client, override_settings

from khue.exchange import actions, queries, tasks
from khue.exchange.actions import conversing
from khue.exchange.actions.conversing import Told
from khue.exchange.client import Caller
from khue.exchange.models import Peer, ReportedRecord
from khue.exchange.signatures import Signer
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.registry.models import Organisation
from tests import databases

_numbers = itertools.count(1)


class Node:
    """One node: its database, its secret, what it is called."""

    def __init__(self, database: str, secret: str = "") -> None:
        self.database = database
        self.secret = secret or f"secret-of-{database}"
        self._connection = self._connect(database)

    def _connect(self, database: str):
        made = connections.create_connection("default")
        made.settings_dict = {**made.settings_dict, "NAME": database}
        return made

    @contextmanager
    def at(self) -> Iterator[None]:
        """Be this node: its database and its secret."""
        before = connections["default"]
        connections["default"] = self._connection
        try:
            with override_settings(SECRET_KEY=self.secret):
                yield
        finally:
            connections["default"] = before

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be this node, in a transaction in the scope of the whole node."""
        with self.at(), scope.of(SYSTEM):
            yield

    def call(self, function: Callable[[], object]) -> object:
        """What a function returns in such a transaction."""
        with self.inside():
            return function()

    def back_up(self) -> str:
        """A copy of the database as it is now. Its name."""
        self._connection.close()
        name = f"{self.database}_backup_{next(_numbers)}"
        with databases.as_owner(databases.administration()) as owner:
            owner.execute(databases.copying(name, self.database))
        return name

    def restore(self, name: str) -> None:
        """Go on from an older copy, as after `khue restore`."""
        self._connection.close()
        databases.drop(self.database)
        with databases.as_owner(databases.administration()) as owner:
            owner.execute(f'ALTER DATABASE "{name}" RENAME TO "{self.database}"')

    def close(self) -> None:
        self._connection.close()


class Line(httpx.BaseTransport):
    """The line to a node: cut, or losing an answer on its way back, after so many requests."""

    def __init__(self, to: Node) -> None:
        self.to = to
        self.is_cut = False
        self.lose_answers = 0
        self.requests: list[tuple[str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        if self.is_cut:
            raise httpx.ConnectError("cut")
        with self.to.at():
            answer = Client().generic(
                "POST", request.url.path, body, content_type="application/octet-stream",
                headers={"authorization": request.headers["authorization"]},
            )  # fmt: skip
        self.requests.append((request.url.path.rpartition("/")[2], len(body)))
        if self.lose_answers and request.url.path.endswith("/batches"):
            self.lose_answers -= 1
            raise httpx.ReadError("lost")
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


@dataclass
class Pair:
    """A school's node and the department's, introduced to each other, with a line between them."""

    school: Node
    department: Node
    line: Line
    place: Organisation

    def change(self, function: Callable[[], object]) -> None:
        """Something happens at the school, and its records are collected."""
        with self.school.inside():
            function()
            actions.collect_school(actor=SYSTEM, school=self.place, at=clock.now())

    def send(self, *, compares: bool = False) -> Told:
        """One conversation of the school with the department."""
        with self.school.at():
            with scope.of(SYSTEM):
                peer, this = queries.peer_above(), queries.this_node()
            signer = Signer(str(this.node), this.key_generation)
            with Caller(signer, str(peer.node), peer.address, peer.keys, self.line) as caller:
                if compares:
                    peer = conversing.compare(SYSTEM, peer, caller, Told())
                told = conversing.send_everything(SYSTEM, peer, caller)
                conversing.take_lines(SYSTEM, peer, caller)
                return told

    def told(self) -> list[tuple]:
        """What the school reports: kind, key, version, hash."""
        return self.school.call(lambda: _rows(ReportedRecord.objects.filter(errors=0), "sent_hash"))

    def heard(self) -> list[tuple]:
        """What the department has of it."""
        return self.department.call(lambda: _rows(ReportedRecord.objects.exclude(peer=None), "content_hash"))


def _rows(records, content: str) -> list[tuple]:
    rows = records.order_by("kind", "key").values_list("kind", "key", "version", content)
    return [(kind, key, version, bytes(digest)) for kind, key, version, digest in rows]


@contextmanager
def node(name: str, like: tuple[str, str] = ("", "")) -> Iterator[Node]:
    """A fresh node, or one that goes on from another's database with its secret."""
    origin, secret = like
    database = f"khue_{name}_{os.getpid()}_{next(_numbers)}"  # no other process makes one of that name
    with databases.copied(database, origin):
        made = Node(database, secret)
        yield made
        made.close()


def frozen(made: object) -> bytes:
    """Whatever refers to nodes, as it is now. Nobody works on their databases after that: copies are made of them."""
    packed = io.BytesIO()
    pickler = _Freezer(packed)
    pickler.dump(made)
    databases.point_at(databases.standing_in[""])
    return packed.getvalue()


@contextmanager
def thawed(made: bytes) -> Iterator[Any]:
    """What was frozen, on copies of its databases."""
    with ExitStack() as copies:
        yield _Thawer(made, copies).load()


class _Freezer(pickle.Pickler):
    def persistent_id(self, one: object) -> tuple[str, str] | None:
        if not isinstance(one, Node):
            return None
        one.close()
        return one.database, one.secret


class _Thawer(pickle.Unpickler):
    def __init__(self, made: bytes, copies: ExitStack) -> None:
        super().__init__(io.BytesIO(made))
        self._copies, self._nodes = copies, dict[tuple[str, str], Node]()

    def persistent_load(self, like: tuple[str, str]) -> Node:
        if like not in self._nodes:
            self._nodes[like] = self._copies.enter_context(node("again", like))
        return self._nodes[like]


def introduce(lower: Node, upper: Node, body_above: Organisation, root_below: Organisation) -> None:
    """Each gets the other's card."""
    cards = []
    for one in (lower, upper):
        with one.inside():
            cards.append(queries.own_card("http://node.example"))
    with upper.inside():
        actions.admit_peer(actor=SYSTEM, card=cards[0], organisation=body_above, at=clock.now())
    with lower.inside():
        actions.admit_peer(actor=SYSTEM, card=cards[1], organisation=root_below, at=clock.now())


__all__ = ["Line", "Node", "Pair", "Peer", "introduce", "node", "tasks"]
