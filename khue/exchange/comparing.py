"""Two lists of records that differ: what to send again, and what to fetch. Pure."""

from collections.abc import Sequence

from khue.exchange.answers import Listed
from khue.exchange.queries.tree import Leaf


def differences(ours: Sequence[Leaf], theirs: Sequence[Listed]) -> tuple[list[tuple[Leaf, int]], list[Listed]]:
    """What to send again, with the version the receiver has, and what to fetch because the receiver's is newer."""
    there = {(one.kind, one.key): one for one in theirs}
    here = {(leaf.kind, leaf.key): leaf for leaf in ours}
    send, fetch = [], []
    for key, leaf in here.items():
        one = there.get(key)
        if one is None:
            send.append((leaf, 0))
        elif one.version > leaf.version:
            fetch.append(one)
        elif one.version < leaf.version or one.hash != leaf.hash.hex():
            send.append((leaf, one.version))
    fetch += [one for key, one in there.items() if key not in here]
    return send, fetch
