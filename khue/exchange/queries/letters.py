"""Letters that wait, and the schools on other nodes that one may write to."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, F, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from khue.exchange.letter_answers import Known, Listing, School, Sealed
from khue.exchange.models import FarSchool, Letter, Peer, ReportedRecord, ThisNode
from khue.exchange.queries.rules import own_card
from khue.exchange.queries.schools import own_schools
from khue.foundation.actor import SYSTEM
from khue.foundation.text import fold

#: Bytes of letters handed out at once, beyond the first; schools told of at once.
MOST_AT_ONCE = 4 * 1024 * 1024
SCHOOLS_AT_ONCE = 2000
#: Words of what somebody wrote that are looked for.
MOST_WORDS = 12
#: A letter that could not be read so often is not tried again, until its writer sends it anew.
MOST_TRIES = 5


def letters_for(peer: Peer, after: int) -> list[Sealed]:
    """Letters kept for a node, in order, after a number. One query."""
    rows = Letter.objects.filter(to_node=peer.node, id__gt=after).order_by("id")
    found: list[Sealed] = []
    size = 0
    for row in rows.iterator(chunk_size=4):
        size += len(row.content)
        if found and size > MOST_AT_ONCE:
            break
        found.append(Sealed(id=row.id, writer=str(row.from_node), content=bytes(row.content)))
    return found


def letters_to_hand_over(this: ThisNode, limit: int = 20) -> list[Letter]:
    """Letters written here for nodes that are not below us: the node above passes them on. Two queries."""
    below = Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).values_list("node", flat=True)
    rows = Letter.objects.filter(from_node=this.node).exclude(to_node__in=[*below])
    return list(rows.order_by("id")[:limit])


def letters_to_read(this: ThisNode, limit: int = 50) -> list[Letter]:
    """Letters that arrived for us and were not read, those that were tried already behind the others. One query."""
    return list(Letter.objects.filter(to_node=this.node, tries__lt=MOST_TRIES).order_by("tries", "id")[:limit])


def parts_waiting(thread: UUID, reader: UUID) -> set[int]:
    """Which parts of a thread still wait here for that node. One query."""
    return set(Letter.objects.filter(thread=thread, to_node=reader).values_list("part", flat=True))


def far_school(code: str) -> FarSchool | None:
    """The school of another node with this code, with its node. One query."""
    return FarSchool.objects.select_related("node").filter(code=code).first()


def far_schools(text: str, limit: int = 50) -> list[FarSchool]:
    """Schools of other nodes whose names share words with what somebody wrote, or whose code it is; the best first.

    The first of all by name where nothing was written. One query, which reads the name of every school: for a page
    that is opened once a transfer.
    """
    rows = FarSchool.objects.select_related("node")
    words = sorted(set(fold(text).replace(",", " ").split()))[:MOST_WORDS]
    if not words:
        return list(rows.order_by("folded_name", "code")[:limit])
    padded = rows.annotate(padded=Concat(Value(" "), F("folded_name"), Value(" "), output_field=TextField()))
    score: Combinable = Case(When(code__in=words, then=MOST_WORDS), default=0)
    for word in words:
        score += Case(When(padded__contains=f" {word} ", then=1), default=0)
    found = padded.annotate(score=score).filter(score__gt=0)
    return list(found.order_by("-score", "folded_name", "code")[:limit])


def listing_for(peer: Peer, after: str) -> Listing:
    """The schools a node below may write to by way of us: those of this node, and of the other nodes below.

    after  the code behind which to go on
    cost   four queries
    """
    own = own_card()
    known = [Known(node=own.node, name=own.name, keys=own.keys)]
    others = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).exclude(id=peer.id))
    known += [Known(node=str(one.node), name=one.name, keys=one.keys) for one in others]
    own_ones = [each for each in own_schools(SYSTEM) if each.code and each.code > after]
    found = [School(code=each.code or "", name=each.name, node=own.node) for each in own_ones]
    found += schools_below(others, after, SCHOOLS_AT_ONCE + 1)
    rows = sorted(found, key=lambda each: each.code)
    return Listing(nodes=known, schools=rows[:SCHOOLS_AT_ONCE], more=len(rows) > SCHOOLS_AT_ONCE)


def schools_below(peers: Sequence[Peer], after: str = "", limit: int | None = None) -> list[School]:
    """The schools that these nodes reported as theirs, by code, behind one. One query."""
    nodes = {peer.id: str(peer.node) for peer in peers}
    rows = ReportedRecord.objects.filter(kind="school", peer__in=list(nodes), school_code__gt=after)
    rows = rows.exclude(event="CANCEL").order_by("school_code")
    return [
        School(code=code, name=str(payload.get("tentruong", "")), node=nodes[peer])
        for peer, code, payload in rows.values_list("peer_id", "school_code", "payload")[:limit]
    ]
