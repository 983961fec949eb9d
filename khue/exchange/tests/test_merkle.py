"""The tree of hashes finds exactly what differs, whatever differs, and PostgreSQL computes the same leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.exchange import merkle, queries
from khue.exchange.answers import Listed
from khue.exchange.comparing import differences
from khue.exchange.envelope import bucket_of
from khue.exchange.queries import Leaf
from khue.exchange.tests.conftest import NodeBelow

records = st.dictionaries(
    st.tuples(st.sampled_from(["school", "pupil"]), st.text("abcé0", min_size=1, max_size=6)),
    st.tuples(st.integers(1, 5), st.binary(min_size=16, max_size=16)),
    max_size=40,
)


def leaves(held) -> dict[int, bytes]:
    buckets: dict[int, list] = {}
    for (kind, key), (version, content) in sorted(held.items()):
        buckets.setdefault(bucket_of(kind, key), []).append((kind, key, version, content))
    return {bucket: merkle.leaf_of(rows) for bucket, rows in buckets.items()}


@given(records, records)
def test_exactly_the_leaves_with_a_difference_are_found(ours, theirs):
    here, there = leaves(ours), leaves(theirs)

    found = merkle.differing(lambda places: [merkle.digests_under(place, there) for place in places], here)

    expected = {bucket for bucket in here.keys() | there.keys() if here.get(bucket) != there.get(bucket)}
    assert sorted(int(place, 16) for place in found) == sorted(expected)


@given(records, records)
def test_after_what_differs_has_moved_both_hold_the_newest_of_each(ours, theirs):
    here = [Leaf(*key, *value) for key, value in ours.items()]
    there = [Listed(*key, value[0], value[1].hex()) for key, value in theirs.items()]

    again, wanted = differences(here, there)

    moved = {(leaf.kind, leaf.key) for leaf, _version in again} | {(one.kind, one.key) for one in wanted}
    for key in ours.keys() | theirs.keys():
        assert (key in moved) == (ours.get(key) != theirs.get(key))
    assert all(version <= leaf.version for leaf, version in again)
    assert all(one.version > ours.get((one.kind, one.key), (0,))[0] for one in wanted)


@pytest.mark.django_db
def test_the_database_computes_the_same_leaves(below: NodeBelow):
    names = ["a", "b", "Ế", "z" * 150, "á", "B"]
    below.accept(below.batch(*(below.record(name, version) for version, name in enumerate(names, start=1))))

    found = queries.leaves_told(below.peer)

    listed = queries.records_in(below.peer, range(4096))
    by_hand = {(leaf.kind, leaf.key): (leaf.version, leaf.hash) for leaf in listed}
    assert dict(found) == leaves(by_hand)
    assert len(by_hand) == len(names)


@pytest.mark.django_db
def test_a_record_that_is_held_back_counts_as_heard(below: NodeBelow):
    """Otherwise it would be sent again with every comparison."""
    below.accept(below.batch(below.record("a", 1), number=1))
    below.accept(below.batch(below.record("a", 2, makhoi="99"), number=2))

    (leaf,) = queries.records_in(below.peer, range(4096))

    assert leaf.version == 2
