"""Writing down what nodes below are told of schools, each change with its place in the order. docs/decisions/0253"""

from datetime import datetime

from django.db import transaction

from khue.exchange.access import Permission
from khue.exchange.models import ListedSchool, Peer, ThisNode
from khue.exchange.queries.listing import Told, listed_position, schools_to_tell
from khue.foundation import audit
from khue.foundation.actor import Actor, require

UPDATED = ["name", "node", "via", "digest", "position", "is_gone"]


@transaction.atomic
def write_listing(*, actor: Actor, at: datetime) -> int:
    """Write down what is told of schools where it is another than before. Returns how many schools that was.

    A node with nobody below it tells nothing. One writer at a time: who reads up to a place has all before it.
    cost  eleven queries over all schools, and one statement a thousand changed ones
    """
    require(actor, Permission.NODE_MANAGE, within=None)

    this = ThisNode.objects.select_for_update().first()
    if this is None or not Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).exists():
        return 0
    told = schools_to_tell()
    stands = {row.code: row for row in ListedSchool.objects.all()}
    changed = [_row(code, one) for code, one in sorted(told.items()) if _differs(stands.get(code), one)]
    for code, row in sorted(stands.items()):
        if code not in told and not row.is_gone:
            row.is_gone = True
            changed.append(row)
    # Of this clock, so that a restored node goes on above what it told before it lost its memory.
    first = max(listed_position() + 1, int(at.timestamp() * 1_000_000))
    for place, row in enumerate(changed, first):
        row.position = place
    ListedSchool.objects.bulk_create(
        changed, batch_size=1000, update_conflicts=True, unique_fields=["code"], update_fields=UPDATED
    )
    if changed:
        audit.record(actor, "school_list.written", this, schools=len(changed), position=first)
    return len(changed)


def _row(code: str, one: Told) -> ListedSchool:
    return ListedSchool(code=code, name=one.name, node=one.node, via=one.via, digest=one.digest, position=0)


def _differs(row: ListedSchool | None, one: Told) -> bool:
    return row is None or row.is_gone or (row.digest, row.via) != (one.digest, one.via)
