"""What stands in for an argument while Django writes a compiled query, and how its value is found at every call."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, TypeGuard

from django.db.models import Expression

from khue.foundation.actor import Actor, Held
from khue.foundation.arrays import array

#: Ids that no table has. They pass through Django's checks as ids do, and are found again among the parameters.
_NO_SUCH_ID = -7_265_000_000_000_000_000
_GAP = re.compile(r"%s|%%")
_LIST = re.compile(r" IN \(((?:%s|ANY\(%s\))(?:, (?:%s|ANY\(%s\)))*)\)")


@dataclass(frozen=True)
class Gap:
    """One parameter of a statement.

    read     its value, from the arguments of a call
    is_many  the value is a list of ids
    """

    read: Callable[[Sequence[Any]], Any]
    is_many: bool = False


class Placeholder(Expression):
    """Stands in for an argument, for a list, or for a list of one, which is compared as one."""

    def __init__(self, position: int, value: object) -> None:
        super().__init__()
        self.position = position
        self.text = "%s" if not is_many(value) else "(%s)" if len(value) == 1 else "ANY(%s)"

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """A gap, and itself as what goes into it."""
        return self.text, [self]


class _HeldByAnybody(Held):
    """A role while a query is written: where it reaches is not known yet, only that it will be compared."""

    def reaches(self, organisation_id: int | None) -> bool:  # noqa: ARG002  as Held's
        """Refused: the answer of the first who asks would stand in the statement for all."""
        raise TypeError("a compiled query cannot ask where a role reaches: give it the places as an argument")


class StandIns:
    """The stand-ins for the arguments of one call; `given` is what to call the function with."""

    def __init__(self, values: Sequence[object]) -> None:
        self._ids: dict[int, Gap] = {}
        self._known: dict[tuple[int, Hashable], int] = {}
        self._numbers = count(_NO_SUCH_ID)
        self.given = [self._standing_for(position, value) for position, value in enumerate(values)]

    def _standing_for(self, position: int, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Actor):
            return self._actor(position, value)
        return Placeholder(position, value)

    def _actor(self, position: int, actor: Actor) -> Actor:
        """An actor with the same roles, whose ids stand in: rules of visibility work with it as with any other."""
        return replace(
            actor,
            name="",
            session_id=None,
            account_id=actor.account_id and self._id(lambda values: values[position].account_id),
            person_id=actor.person_id and self._id(lambda values: values[position].person_id),
            held=tuple(self._held(position, place, held) for place, held in enumerate(actor.held)),
            wards=frozenset({self._wards(actor.wards, lambda values: values[position].wards)} if actor.wards else ()),
        )

    def _held(self, position: int, place: int, held: Held) -> Held:
        organisation = self._place(
            position, held.organisation, lambda values: values[position].held[place].organisation
        )
        if held.covers is None:
            return replace(held, organisation=organisation)
        covered = self._places(position, held.covers, lambda values: values[position].held[place].covers)
        return _HeldByAnybody(held.role, organisation, frozenset(covered))

    def _places(self, position: int, ids: frozenset[int], read: Callable[[Sequence[Any]], Any]) -> list[int]:
        """For one place its id, for several a list."""
        if len(ids) <= 1:
            return [self._place(position, each, lambda values: next(iter(read(values)))) for each in ids]
        if (position, ids) not in self._known:
            self._known[position, ids] = self._id(lambda values: array(read(values)), is_many=True)
        return [self._known[position, ids]]

    def _place(self, position: int, number: int, read: Callable[[Sequence[Any]], Any]) -> int:
        """The same for all roles of one place, so that it is asked for once; `shape_of` tells which those are."""
        if (position, number) not in self._known:
            self._known[position, number] = self._id(read)
        return self._known[position, number]

    def _wards(self, ids: frozenset[int], read: Callable[[Sequence[Any]], Any]) -> int:
        if len(ids) == 1:
            return self._id(lambda values: next(iter(read(values))))
        return self._id(lambda values: array(read(values)), is_many=True)

    def _id(self, read: Callable[[Sequence[Any]], Any], *, is_many: bool = False) -> int:
        number = next(self._numbers)
        self._ids[number] = Gap(read, is_many)
        return number

    def statement(self, sql: str, parameters: Sequence[object]) -> tuple[str, tuple[object, ...]]:
        """The text and its gaps: for each either a Gap or a value that stays."""
        gaps = tuple(map(self._gap, parameters))
        if any(isinstance(gap, date) for gap in gaps):
            raise TypeError("a compiled query is given its day as an argument; asking the clock would stop it")
        if any(isinstance(gap, int) and gap < _NO_SUCH_ID + 10_000 for gap in gaps):
            raise TypeError("a compiled query compares the ids of an actor as they are")
        waiting = iter(gaps)
        marked = _GAP.sub(lambda found: found[0] if found[0] == "%%" else _marked(next(waiting)), sql)
        return _LIST.sub(_as_array, marked.replace(" IN ANY(%s)", " = ANY(%s)")), gaps

    def _gap(self, parameter: object) -> object:
        if isinstance(parameter, Placeholder):
            position = parameter.position
            return Gap(lambda values: values[position])
        return self._ids.get(parameter, parameter) if isinstance(parameter, int) else parameter


def _marked(gap: object) -> str:
    return "ANY(%s)" if isinstance(gap, Gap) and gap.is_many else "%s"


def _as_array(found: re.Match[str]) -> str:
    """Compare with one array where the query wrote a list, whose length changes from call to call."""
    parts = found[1].split(", ")
    if "ANY(%s)" not in parts:
        return found[0]
    arrays = ("%s::bigint[]" if part == "ANY(%s)" else "ARRAY[%s]::bigint[]" for part in parts)
    return f" = ANY({' || '.join(arrays)})"


def shape_of(value: object) -> object:
    """What of an argument the text may depend on: None, booleans, and whether a list has but one.

    Of an actor which roles it holds, and which of their places are the same one, or the same several.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Actor):
        met: dict[Hashable, int] = {}
        held = tuple(_shape_of_role(each, met) for each in value.held)
        return held, value.is_system, value.account_id is None, value.person_id is None, min(len(value.wards), 2)
    return ("one" if len(value) == 1 else "many") if is_many(value) else ""


def _shape_of_role(held: Held, met: dict[Hashable, int]) -> tuple[object, ...]:
    """`met` numbers every place, and every set of several, as it is met."""
    place = met.setdefault(held.organisation, len(met))
    if held.covers is None:
        return held.role, place
    only = next(iter(held.covers)) if len(held.covers) == 1 else held.covers
    return held.role, place, len(held.covers) > 1, met.setdefault(only, len(met)) if held.covers else None


def is_many(value: object) -> TypeGuard[Collection[object]]:
    """Whether an argument is a list of values."""
    return isinstance(value, list | tuple | set | frozenset)
