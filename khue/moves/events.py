"""What happened to moves between nodes, for the tasks of this room and the rooms above."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class MoveHeard(Event):
    """The other school let the pupil go, did not know it, or took its request back: state is what this side is in."""

    name: ClassVar[str] = "moves.move_heard"
    move_id: int
    state: str


@dataclass(frozen=True)
class MoveRebuilt(Event):
    """This node was restored from before it asked for a pupil, and has the move and a case of it again."""

    name: ClassVar[str] = "moves.move_rebuilt"
    move_id: int


@dataclass(frozen=True)
class RecordArrived(Event):
    """The whole record of a pupil came and was judged: record is "taken" or "bad"."""

    name: ClassVar[str] = "moves.record_arrived"
    move_id: int
    record: str
