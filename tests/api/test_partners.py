"""A partner's program that may ask, asks anything: signed requests with every kind of body, right, odd and broken."""

import json

import pytest
from hypothesis import strategies as st

from khue.exchange import actions, queries
from khue.exchange.client import NONCE, REQUEST
from khue.exchange.models import Batch, Peer, ReportedRecord
from khue.exchange.signatures import RequestClaims, digest_of
from khue.exchange.tests.conftest import NodeBelow, _Signer, below, named  # noqa: F401  fixtures
from khue.foundation.actor import SYSTEM
from khue.registry.models import Person
from tests.api import asking
from tests.world import NOON, World

pytestmark = pytest.mark.django_db

SECRET = "Khuất Kín"
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
place = st.text("0123456789abcdef", max_size=4) | st.text(max_size=4)
count = st.integers(-(2**70), 2**70) | st.integers(0, 50)
node = st.fixed_dictionaries(
    {
        "node": st.uuids().map(str) | st.text(max_size=8), "name": st.text(max_size=8),
        "keys": st.lists(st.dictionaries(st.text(max_size=4), st.text(max_size=6), max_size=3), max_size=2),
        "schools": st.lists(st.text(max_size=40), max_size=3),
    }
)  # fmt: skip


@pytest.fixture
def partner(named: World, below: NodeBelow) -> NodeBelow:  # noqa: F811
    """A school's own node; the other school's records lie here too, under a name that it must not read."""
    place = named.here.organisation
    Person.objects.filter(organisation=place).update(full_name=SECRET)
    actions.collect_school(actor=SYSTEM, school=place, at=NOON)
    assert ReportedRecord.objects.filter(organisation=place).exists()
    below.accept(below.batch(below.record("a"), below.record("b")))
    return below


def bodies(path: str) -> st.SearchStrategy[bytes]:
    """Bodies of the right form, of another, and of none."""
    known = list(ReportedRecord.objects.values_list("kind", "key"))  # of every school
    right = {
        "/digests": st.lists(place, max_size=4), "/leaves": st.lists(place, max_size=4),
        "/copies": st.lists(st.sampled_from(known) | st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=9),
        "/held": count, "/schools": st.text(max_size=12), "/schools/changed": count,
        "/nodes": st.lists(node, max_size=3), "/letters/waiting": count,
        "/letters/passed": st.lists(st.tuples(count, st.text(max_size=9)), max_size=3),
    }.get(path, anything)  # fmt: skip
    said = right | right | anything
    return said.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")) | st.binary(max_size=60)


def signed(partner: NodeBelow, path: str, body: bytes, nonce: str) -> str:
    claims = RequestClaims(
        typ=REQUEST, iss=str(partner.peer.node), aud=str(queries.this_node().node), path=path, nonce=nonce,
        body=digest_of(body),
    )  # fmt: skip
    return _Signer(str(partner.peer.node), partner.key).sign(claims)


def fresh_nonce() -> str:
    asked = asking.document()["/api/exchange/nonce"]["POST"].Case()
    return asked.call(headers={"Authorization": "Bearer none"}).headers[NONCE.lower()][0]


def test_whatever_a_partner_asks_the_answer_is_one_that_the_document_names_and_only_of_its_own(
    partner: NodeBelow,
) -> None:
    nonce = fresh_nonce()
    batches, told = Batch.objects.count(), set(ReportedRecord.objects.values_list("key", "version"))
    seen: dict[str, set[int]] = {}
    for operation in asking.operations("/api/exchange/"):
        path = operation.path.removeprefix("/api/exchange")
        if path == "/nonce":
            continue

        def check(body: bytes, operation=operation, path=path) -> None:
            case = operation.Case(body=body, media_type="application/octet-stream")
            answer = case.call(headers={"Authorization": f"Bearer {signed(partner, path, body, nonce)}"})
            case.validate_response(answer, checks=asking.FORESEEN)
            assert SECRET not in answer.text
            seen.setdefault(path, set()).add(answer.status_code)

        asking.every(bodies(path), 25, check)
    assert {path for path, statuses in seen.items() if statuses == {200}} == {"/standing"}
    assert {path for path, statuses in seen.items() if statuses == {422}} == {"/batches", "/handed-back", "/letters"}
    assert {status for statuses in seen.values() for status in statuses} == {200, 422}
    assert (Batch.objects.count(), set(ReportedRecord.objects.values_list("key", "version"))) == (batches, told)
    assert not Peer.objects.exclude(handed_back_at=None).exists()


def test_real_batches_and_their_repetition_are_answered_in_the_shape_that_the_document_says(
    partner: NodeBelow,
) -> None:
    nonce = fresh_nonce()
    data = partner.batch(partner.record("c"), partner.record("a", version=2, event="UPdate"), number=2)
    for is_repeated in (False, True):
        case = asking.document()["/api/exchange/batches"]["POST"].Case(body=data, media_type="application/octet-stream")
        answer = case.call(headers={"Authorization": f"Bearer {signed(partner, '/batches', data, nonce)}"})
        case.validate_response(answer, checks=asking.FORESEEN)
        assert (answer.json()["taken"], answer.json()["repeated"]) == (2, is_repeated)
    assert ReportedRecord.objects.get(key="a").version == 2
