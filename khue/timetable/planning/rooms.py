"""Which special room each lesson has, once the times are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """A lesson that needs a room of a kind at a campus, from one time to another (not included)."""

    key: int
    kind: str
    campus: int | None
    start: int
    end: int


def rooms_for(needs: Sequence[Needs], rooms: Mapping[tuple[str, int | None], Sequence[int]]) -> dict[int, int]:
    """Room by key of the lesson; the first that is free, in the order given. Where all are taken, none.

    Lessons of one length in the order of the week: whoever finds no room would find none in any other order.
    """
    free_from: dict[int, int] = {}
    found: dict[int, int] = {}
    for need in sorted(needs, key=lambda each: (each.start, each.key)):
        for room in rooms.get((need.kind, need.campus), ()):
            if free_from.get(room, 0) <= need.start:
                free_from[room] = need.end
                found[need.key] = room
                break
    return found
