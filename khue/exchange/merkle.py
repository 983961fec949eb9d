"""A tree of hashes over all records, by which two nodes find what differs without sending what does not.

4096 leaves ("buckets"), by the hash of a record's key; above them three levels of sixteen. A node names a place in the
tree by one to three hexadecimal digits; "" is the root. Who compares asks for the sixteen digests under each place
that differs, and at a leaf for what the records are.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

DEPTH = 3
DIGITS = "0123456789abcdef"
#: Of a bucket without records, and of a place without buckets.
NOTHING = b""


def buckets_under(place: str) -> range:
    """The buckets below a place."""
    width = 16 ** (DEPTH - len(place))
    first = int(place or "0", 16) * width
    return range(first, first + width)


def place_of(bucket: int) -> str:
    """The leaf of a bucket."""
    return f"{bucket:03x}"


def digests_under(place: str, leaves: Mapping[int, bytes]) -> list[str]:
    """The sixteen digests one level below a place, "" where nothing is. leaves: digest of each bucket that has any."""
    return [_digest(place + digit, leaves).hex() for digit in DIGITS]


def leaf_of(records: Iterable[tuple[str, str, int, bytes]]) -> bytes:
    """The digest of a bucket: (kind, key, version, hash) of its records, in the order of kind and key.

    PostgreSQL computes the same: queries.tree.
    """
    digest, any_record = hashlib.sha256(), False
    for kind, key, version, content in records:
        digest.update(f"{kind}\0{key}\0{version}\0".encode() + content)
        any_record = True
    return digest.digest() if any_record else NOTHING


def differing(ask: Callable[[Sequence[str]], Sequence[Sequence[str]]], leaves: Mapping[int, bytes]) -> list[str]:
    """The leaves that differ from another node's.

    ask  the other node's digests under each of these places
    """
    places, depth = [""], 0
    while places and depth < DEPTH:
        theirs = ask(places)
        places = [
            place + digit
            for place, digests in zip(places, theirs, strict=True)
            for digit, ours, their in zip(DIGITS, digests_under(place, leaves), digests, strict=True)
            if ours != their
        ]
        depth += 1
    return places


def _digest(place: str, leaves: Mapping[int, bytes]) -> bytes:
    if len(place) == DEPTH:
        return leaves.get(int(place, 16), NOTHING)
    below = [_digest(place + digit, leaves) for digit in DIGITS]
    if not any(below):
        return NOTHING
    return hashlib.sha256(b"".join(part or bytes(32) for part in below)).digest()
