"""Batches in any order, any number of times, with losses that are sent again: a receiver ends where order would end."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.exchange.models import HeldRecord, Passage, ReportedRecord
from khue.exchange.tests.conftest import NodeBelow

pytestmark = pytest.mark.django_db

#: What happens to one of three records: changed well, changed badly, cancelled.
happenings = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["good", "bad", "cancel"])), min_size=1, max_size=9
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def batches_of(node: NodeBelow, history: list[tuple[str, str]], cuts: list[int]) -> list[bytes]:
    """The history as batches: a record has a version more each time; a batch has each record once."""
    versions: dict[str, int] = {}
    parts: list[dict] = [{}]
    for place, (key, what) in enumerate(history):
        versions[key] = versions.get(key, 0) + 1
        if place in cuts or key in parts[-1]:
            parts.append({})
        fields = {"tenlop": f"v{versions[key]}"} | ({"makhoi": "99"} if what == "bad" else {})
        event = "CANCEL" if what == "cancel" else "UPdate"
        parts[-1][key] = node.record(key, versions[key], event, **fields)
    node.digests.clear()
    return [node.batch(*part.values(), number=number) for number, part in enumerate(parts, start=1)]


def outcome(node: NodeBelow) -> tuple:
    """Everything a receiver holds in the end."""
    node.peer.refresh_from_db()
    records = ReportedRecord.objects.order_by("key").values_list("key", "version", "event", "payload", "warnings")
    held = HeldRecord.objects.filter(mended_at=None).order_by("key", "rule").values_list("key", "version", "rule")
    return list(records), list(held), node.peer.number


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=happenings, cuts=st.lists(st.integers(0, 8), max_size=4), data=st.data())
def test_any_order_loss_and_duplication_converges(below: NodeBelow, history, cuts, data):
    batches = batches_of(below, history, cuts)
    with undone():
        for batch in batches:
            below.accept(batch)
        expected = outcome(below)
    arrives = data.draw(st.lists(st.sampled_from(range(len(batches))), max_size=12))
    lost = [place for place in range(len(batches)) if place not in arrives]

    with undone():
        below.peer.refresh_from_db()
        for place in [*arrives, *data.draw(st.permutations(lost))]:
            below.accept(batches[place])

        assert outcome(below) == expected
        assert Passage.objects.filter(deed="received").count() == len(batches)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=happenings, cuts=st.lists(st.integers(0, 8), max_size=4), data=st.data())
def test_a_version_never_goes_back(below: NodeBelow, history, cuts, data):
    batches = batches_of(below, history, cuts)

    with undone():
        below.peer.refresh_from_db()
        seen: dict[str, int] = {}
        for place in data.draw(st.permutations(range(len(batches)))):
            below.accept(batches[place])
            now = dict(ReportedRecord.objects.values_list("key", "version"))
            assert all(now[key] >= version for key, version in seen.items())
            seen = now
