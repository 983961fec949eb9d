"""Noting who read what of the records: another node's comparison, a person's file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from khue.exchange.access import Permission
from khue.exchange.actions.passages import log
from khue.exchange.models import Passage, Peer
from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden


@transaction.atomic
def log_reading(
    *, actor: Actor, deed: str, kinds: Sequence[str], organisation_id: int, peer: Peer | None, at: datetime
) -> Passage:
    """Note that records of these kinds, one entry each, were read: by a peer through the API, by a person as a file.

    deed    "compared", "fetched" or "exported"
    source  Luật 91/2025/QH15: reading is logged like sending
    """
    if not any(actor.may(right, organisation_id) for right in (Permission.RECORD_ACCEPT, Permission.RECORD_READ)):
        raise Forbidden

    passage = log(actor, deed, kinds, at=at, organisation_id=organisation_id, peer=peer)
    audit.record(actor, "records.read", passage, deed=deed, records=passage.records)
    return passage
