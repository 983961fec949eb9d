"""Letters that wait, and the schools on other nodes that one may write to."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from khue.exchange.letter_answers import Sealed
from khue.exchange.models import FarSchool, Letter, Peer, ThisNode
from khue.exchange.queries.ways import ways_from_here
from khue.exchange.routes import Ways
from khue.foundation.text import fold

#: Bytes of letters handed out at once, beyond the first.
MOST_AT_ONCE = 4 * 1024 * 1024
#: Words of what somebody wrote that are looked for.
MOST_WORDS = 12
#: A letter that was not read or not taken so often is not tried again, until its writer sends it anew.
MOST_TRIES = 5


def letters_for(peer: Peer, after: int) -> list[Sealed]:
    """Letters kept for a node below or for one behind it, in order, after a number. Four queries.

    What it brought itself does not go back to it.
    """
    ways = ways_from_here()
    readers = ways.through(peer.node) if ways else set()
    rows = Letter.objects.filter(to_node__in=readers, id__gt=after).exclude(via=peer.node).order_by("id")
    found: list[Sealed] = []
    size = 0
    for row in rows.iterator(chunk_size=4):
        size += len(row.content)
        if found and size > MOST_AT_ONCE:
            break
        found.append(Sealed(id=row.id, writer=str(row.from_node), content=bytes(row.content)))
    return found


def letters_to_hand_over(ways: Ways, without: Collection[int] = (), limit: int = 20) -> list[Letter]:
    """Letters that the node above is to pass on: for nobody below, and not fetched from it. One query.

    without  letters that were tried already this time; those tried before come behind the others
    """
    is_from_above = Q(via=ways.above) if ways.above else Q(id=None)
    rows = Letter.objects.exclude(to_node__in=[ways.this, *ways.below]).exclude(is_from_above)
    rows = rows.filter(tries__lt=MOST_TRIES).exclude(id__in=list(without))
    return list(rows.order_by("tries", "id")[:limit])


def letters_to_read(this: ThisNode, limit: int = 50) -> list[Letter]:
    """Letters that arrived for us and were not read, those that were tried already behind the others. One query."""
    return list(Letter.objects.filter(to_node=this.node, tries__lt=MOST_TRIES).order_by("tries", "id")[:limit])


def parts_waiting(thread: UUID, reader: UUID) -> set[int]:
    """Which parts of a thread still wait here to go to that node, and have not been tried in vain. One query."""
    rows = Letter.objects.filter(thread=thread, to_node=reader, tries__lt=MOST_TRIES)
    return set(rows.values_list("part", flat=True))


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
