"""Working on a case beyond one's own office: the public files, a partner takes part, the clock apologises."""

from collections.abc import Iterator
from contextlib import contextmanager

from khue.foundation import scope
from khue.foundation.actor import Actor


@contextmanager
def reaching(actor: Actor, *organisations: int | None) -> Iterator[list[int]]:
    """The actor's scope, with these organisations where it lacks them. Gives those that it lacked, for the trail."""
    reach = actor.reach
    lacking = sorted({each for each in organisations if each is not None and reach is not None and each not in reach})
    if not lacking:
        yield []
        return
    with scope.widened(actor, lacking):
        yield lacking
