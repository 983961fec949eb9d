"""The log of what goes out, comes in and is read: one row each time, never changed. Used by this room's actions."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from khue.exchange.models import Passage, Peer
from khue.foundation.actor import Actor


def log(
    actor: Actor,
    deed: str,
    kinds: Iterable[str],
    *,
    at: datetime,
    organisation_id: int,
    peer: Peer | None = None,
    batch: str = "",
) -> Passage:
    """Note that records of these kinds passed: one kind for each record."""
    counted = Counter(kinds)
    return Passage.objects.create(
        organisation_id=organisation_id,
        peer=peer,
        account_id=actor.account_id,
        actor_name=actor.name,
        deed=deed,
        kinds=dict(counted),
        records=counted.total(),
        batch=batch,
        at=at,
    )
