"""A school, its department and the Ministry, each with a node: who keeps the school's rows goes over and comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from khue.exchange import actions, queries
from khue.exchange.actions import carrying, conversing
from khue.exchange.client import Caller
from khue.exchange.envelope import bucket_of, hash_of
from khue.exchange.models import Peer, ReportedRecord
from khue.exchange.signatures import Signer
from khue.exchange.tests.nodes import Line, Node, Pair, frozen, introduce, node, thawed
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.registry.models import Organisation, Person
from tests import world as builders

CODE, OVER = "82300011", "2020-2021"


@dataclass
class Country:
    """A school's new node, the department that reported for it until now, the Ministry; each below the next."""

    low: Pair
    high: Pair
    body: Organisation

    @property
    def nodes(self) -> tuple[Node, Node, Node]:
        return self.low.school, self.low.department, self.high.department

    def send(self) -> None:
        """The school to the department, the department to the Ministry."""
        self.low.send()
        self.high.send()

    def live(self, node: Node, *fields: str) -> list[tuple]:
        """What stands of the school there, its figures and years that are over among it."""
        with node.inside():
            rows = ReportedRecord.objects.filter(school_code=CODE).exclude(event="CANCEL").order_by("kind", "key")
            return list(rows.values_list(*(fields or ("kind", "key", "version"))))

    def peer(self) -> Peer:
        """The school's node as the department, whose database is open, knows it."""
        return Peer.objects.select_related("organisation").get(direction="below")

    def hand_over(self) -> int:
        with self.low.department.inside():
            return self.hand_over_here()

    def hand_over_here(self) -> int:
        """The same in a transaction that is open at the department."""
        return actions.hand_over_school(actor=SYSTEM, peer=self.peer(), at=clock.now())

    def take_up(self) -> actions.TakenUp:
        """As `khue exchange take-up --yes`."""
        with self.low.school.at():
            with scope.of(SYSTEM):
                peer, this = queries.peer_above(), queries.this_node()
            signer = Signer(str(this.node), this.key_generation)
            with Caller(signer, str(peer.node), peer.address, peer.keys, self.low.line) as caller:
                moment, handed = conversing.handed_over(caller)
            with scope.of(SYSTEM):
                return actions.take_up_school(
                    actor=SYSTEM, peer=peer, handed=handed, handed_over_at=moment, at=clock.now()
                )

    def take_up_from(self, data: bytes) -> actions.TakenUp:
        """As `khue exchange take-up FILE --yes`."""
        with self.low.school.at():
            with scope.of(SYSTEM):
                peer = queries.peer_above()
            moment, handed = carrying.opened_handing(SYSTEM, peer, data)
            with scope.of(SYSTEM):
                return actions.take_up_school(
                    actor=SYSTEM, peer=peer, handed=handed, handed_over_at=moment, at=clock.now()
                )

    def handing(self) -> bytes:
        """As `khue exchange handing FILE --body CODE`."""
        with self.low.department.at():
            with scope.of(SYSTEM):
                peer = self.peer()
            return carrying.packed_handing(SYSTEM, peer)[0]

    def hand_back(self) -> None:
        with self.low.school.inside():
            actions.hand_back_school(actor=SYSTEM, peer=queries.peer_above(), at=clock.now())

    def take_back(self) -> actions.TakenBack:
        with self.low.department.inside():
            return actions.take_back_school(actor=SYSTEM, peer=self.peer(), at=clock.now())

    def export(self) -> bytes:
        """As `khue exchange export FILE` at the school."""
        with self.low.school.at():
            with scope.of(SYSTEM):
                peer = queries.peer_above()
            return carrying.packed(SYSTEM, peer)[0]

    def bring(self, data: bytes) -> bytes:
        """As `khue exchange import FILE` at the department. The answer for the way back."""
        with self.low.department.at():
            return carrying.unpacked(SYSTEM, data)[0]


def made_school(root: Organisation | None) -> Organisation:
    place = builders.school("THCS Mỹ An", root, builders.maths_subject(), pupils=3).organisation
    Organisation.objects.filter(id=place.id).update(code=CODE, level_groups="03")
    place.refresh_from_db()
    return place


@pytest.fixture(scope="session")
def built(django_db_setup, django_db_blocker) -> Iterator[bytes]:
    with django_db_blocker.unblock(), _made() as found:
        yield frozen(found)


@pytest.fixture
def country(built, django_db_blocker) -> Iterator[Country]:
    with django_db_blocker.unblock(), thawed(built) as found:
        yield found


@contextmanager
def _made() -> Iterator[Country]:
    """The department has reported the school to the Ministry; the school's node was admitted and has collected."""
    with node("school") as school, node("department") as department, node("ministry") as ministry:
        with ministry.inside():
            top = builders.organisation("ministry", "Bộ GD&ĐT")
            office = builders.organisation("department", "Sở GD&ĐT Đồng Tháp", top)
            actions.load_reference(actor=SYSTEM)
            actions.name_node(actor=SYSTEM, organisation=top)
        with department.inside():
            actions.load_reference(actor=SYSTEM)
            root = builders.organisation("department", "Sở GD&ĐT Đồng Tháp")
            body = made_school(root)
            actions.name_node(actor=SYSTEM, organisation=root)
        introduce(department, ministry, office, root)
        with department.inside():
            actions.collect_school(actor=SYSTEM, school=body, at=clock.now())
            figure = actions.Figure(code="A5", year="2026-2027", definition=1, numerator=1, denominator=4, unknown=0)
            actions.report_figures(actor=SYSTEM, school=body, figures=[figure], at=clock.now())
            a_year_that_is_over(body)
            person = Person.objects.get(full_name="Nguyễn Văn A")
        with school.inside():
            actions.load_reference(actor=SYSTEM)
            place = made_school(None)
            # Loaded from the department's files: the school and one pupil are known by the same keys.
            Organisation.objects.filter(id=place.id).update(public_id=body.public_id)
            Person.objects.filter(full_name="Nguyễn Văn A").update(public_id=person.public_id, birth_day=5)
            place.refresh_from_db()
            actions.name_node(actor=SYSTEM, organisation=place)
        introduce(school, department, body, place)
        low, high = Pair(school, department, Line(department), place), Pair(department, ministry, Line(ministry), root)
        high.send()
        low.change(lambda: None)
        yield Country(low, high, body)


def a_year_that_is_over(body: Organisation) -> None:
    """A class of long ago, as it was collected then."""
    row = ReportedRecord.objects.get(kind="class_secondary")
    fields = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in ("id", "key")}
    key = "class.of-long-ago"
    said = hash_of(row.kind, key, "NEW", row.payload)
    fields |= {"content_hash": said, "sent_hash": said, "bucket": bucket_of(row.kind, key), "period": OVER}
    ReportedRecord.objects.create(**fields, key=key)
