"""What follows what in one version of a procedure, and where a case stands in it: numbers, no workflow engine.

SpiffWorkflow reads the drawing once, when a version is published, and walks every way through it; what it found is kept
as a map. A running case is one number in that map. docs/decisions/0190
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from khue.procedures import conditions

#: A number of a state, or {"if": condition, "then": way, "else": way}.
Way = Any


@dataclass(frozen=True, slots=True)
class Place:
    """One state: the tasks that wait to be done, and which ends were reached by now. No task waits: it is over."""

    tasks: tuple[str, ...]
    ends: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        return not self.tasks


@dataclass(frozen=True, slots=True)
class Move:
    """Where a case comes to, and which tasks begin there."""

    state: int
    opened: tuple[str, ...]
    place: Place


class StepMap:
    """The map of one version, as a definition keeps it: {"start": way, "places": [{"tasks", "ends", "after"}]}."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._start: Way = kept["start"]
        self._places: list[Mapping[str, Any]] = kept["places"]

    def begin(self, data: Mapping[str, object]) -> Move:
        """Where a case begins."""
        state = _followed(self._start, data)
        place = self.place(state)
        return Move(state, place.tasks, place)

    def place(self, state: int) -> Place:
        """What waits in a state."""
        kept = self._places[state]
        return Place(tuple(kept["tasks"]), tuple(kept["ends"]))

    def tasks(self) -> list[str]:
        """Every task, in the order in which cases come to them; of several ways the one named first goes before."""
        found: dict[str, None] = {}
        seen, waiting = set[int](), _states(self._start)
        while waiting:
            state = waiting.pop(0)
            if state not in seen:
                seen.add(state)
                kept = self._places[state]
                found.update(dict.fromkeys(kept["tasks"]))
                waiting += [each for task in kept["tasks"] for each in _states(kept["after"][task])]
        return list(found)

    def after(self, state: int, task: str, data: Mapping[str, object]) -> Move:
        """Where a case comes to once a task is done.

        data    everything filled in, with what this task brought
        raises  KeyError where the task does not wait in this state
        """
        kept = self._places[state]
        reached = _followed(kept["after"][task], data)
        place = self.place(reached)
        waited = set(kept["tasks"]) - {task}
        return Move(reached, tuple(each for each in place.tasks if each not in waited), place)


def _states(way: Way) -> list[int]:
    """Where a way may lead, whatever its conditions answer."""
    return [way] if isinstance(way, int) else [*_states(way["then"]), *_states(way["else"])]


def _followed(way: Way, data: Mapping[str, object]) -> int:
    while not isinstance(way, int):
        way = way["then" if conditions.holds(conditions.read(way["if"]), data) else "else"]
    return way
