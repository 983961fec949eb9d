"""Every compiled query can be written for whoever asks: it compares its arguments and asks no role where it reaches."""

import inspect
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

from khue.foundation import permissions
from khue.foundation.actor import ANONYMOUS, Actor, Held
from khue.foundation.compiled import _Compiled, _written
from tests.architecture.source import imported, modules

pytestmark = pytest.mark.django_db

#: By what an annotation says, the first that fits: a value of that type.
VALUES: dict[str, Any] = {
    "datetime": datetime(2026, 11, 23, 5, tzinfo=UTC), "date": date(2026, 11, 23), "Sequence": [1, 2],
    "Collection": [1, 2], "bool": True, "UUID": UUID(int=1), "str": "a", "int": 1,
}  # fmt: skip


def _everybody() -> Iterator[Actor]:
    """Nobody, and somebody with every role there is: at one school with one ward, and at several with several."""
    yield ANONYMOUS
    roles = sorted({role for holding in permissions.table().values() for role in holding})
    for several in (frozenset({5}), frozenset({5, 6})):
        held = tuple(Held(role, 5, several) for role in roles)
        yield Actor(account_id=1, person_id=2, held=held, wards=several)


def _value(annotation: object) -> Any:
    return next(value for word, value in VALUES.items() if word in str(annotation))


def _compiled() -> Iterator[_Compiled[Any, Any]]:
    for module in modules():
        if "khue.foundation.compiled.compiled" in imported(module.tree).values():
            name = module.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found = vars(import_module(name)).values()
            yield from (each for each in found if isinstance(each, _Compiled) and each.__module__ == name)


def test_every_compiled_query_can_be_written_for_whoever_asks() -> None:
    written = 0
    for query in _compiled():
        asked = [str(each.annotation) for each in inspect.signature(query._function).parameters.values()]
        for actor in _everybody() if any("Actor" in each for each in asked) else (ANONYMOUS,):
            _written(query._function, [actor if "Actor" in each else _value(each) for each in asked])
        written += 1

    assert written > 200
