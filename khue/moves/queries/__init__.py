"""Public reads of moves: the move of a case, what is owed to other nodes, which schools can be asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from khue.exchange import queries as exchange
from khue.moves.models import Move, Piece
from khue.moves.protocol import Side, State

#: A word that was not heard is said again after this; a settled move is asked after once a day for a month, so that a
#: side restored from a backup learns what it has forgotten.
UNHEARD, SETTLED, LASTS = timedelta(minutes=10), timedelta(days=1), timedelta(days=30)


def move_of_case(case_id: int) -> Move | None:
    """The move that a case belongs to. One query."""
    return Move.objects.select_related("organisation").filter(case_id=case_id).first()


def move_with(move_id: int) -> Move | None:
    """A move by its key, with case and person. One query."""
    return Move.objects.select_related("case", "person").filter(id=move_id).first()


def move_in(thread: UUID) -> Move | None:
    """The move of a thread. One query."""
    return Move.objects.filter(thread=thread).first()


def owed_moves(at: datetime, limit: int = 200) -> QuerySet[Move]:
    """Moves of which the other side must hear, or be asked, now. One query."""
    unheard = Q(heard__lt=F("version")) | Q(side=Side.GIVING, state=State.RELEASED, record=Move.Transcript.COMING)
    due = Q(posted_at=None) | (unheard & Q(posted_at__lt=at - UNHEARD)) | Q(posted_at__lt=at - SETTLED)
    lasts = unheard | Q(changed_at__gt=at - LASTS)
    return Move.objects.filter(due, lasts).order_by("id")[:limit]


def taken_back_cases() -> QuerySet[Move]:
    """Moves that still ask though their case is over: the family took its request back. One query."""
    return Move.objects.filter(side=Side.RECEIVING, state=State.ASKING, case__finished_on__isnull=False).order_by("id")


def unfinished_moves(school_id: int) -> QuerySet[Move]:
    """Moves of a school that wait for a word, a release or a record, on either side. One query."""
    unheard = Q(heard__lt=F("version")) | Q(record=Move.Transcript.COMING)
    waits = Q(state__in=[State.ASKING, State.OPEN]) | Q(state=State.RELEASED, their_state=State.ASKING)
    return Move.objects.filter(unheard | waits, organisation_id=school_id)


def whole_moves() -> list[Move]:
    """Moves of which every piece of the package has arrived. Two queries."""
    rows = Move.objects.filter(side=Side.RECEIVING, state=State.BEGUN, record=Move.Transcript.COMING)
    moves = list(rows.select_related("organisation", "person").order_by("id")[:50])
    had = pieces_of(moves)
    return [move for move in moves if len(had.get(move.id, ())) >= pieces_wanted(move) > 0]


def pieces_wanted(move: Move) -> int:
    """In how many pieces the package of a move comes; 0 where none does."""
    package = move.release.get("package") if move.release else None
    return int(package["pieces"]) if package else 0


def pieces_of(moves: Sequence[Move]) -> Mapping[int, list[int]]:
    """The numbers of the pieces that arrived, by move. One query."""
    found: dict[int, list[int]] = {}
    rows = Piece.objects.filter(move__in=[move.id for move in moves]).order_by("move_id", "number")
    for key, number in rows.values_list("move_id", "number"):
        found.setdefault(key, []).append(number)
    return found


def schools_to_ask(text: str) -> list[tuple[str, str]]:
    """Schools of other nodes by words of the name, or by code; the best first: (code, what one reads). One query."""
    return [(each.code, f"{each.name} · {each.code} · {each.node.name}") for each in exchange.far_schools(text)]
