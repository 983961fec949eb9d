"""The search of every page's header: people, and what the desk holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khue.foundation.actor import Actor
from khue.registry import queries as registry
from khue.registry.queries import PersonRow
from khue.workspace import queries as workspace
from khue.workspace.queries import Found

#: Of each kind on one page; the rooms' own pages show all.
MOST_PEOPLE, MOST_OF_THE_DESK = 8, 5


@dataclass(frozen=True, slots=True)
class Everything:
    """What one search found of each kind, only what the actor may see."""

    people: Sequence[PersonRow]
    desk: Found
    duties: Mapping[int, str]

    @property
    def is_nothing(self) -> bool:
        return not self.people and self.desk.is_nothing


def may_search(actor: Actor) -> bool:
    """Whether there is anything for this actor to search for. No query."""
    return registry.may_search(actor)


def found(actor: Actor, text: str) -> Everything:
    """People and all that the desk holds, without tone marks. Nothing for no words. At most twelve queries."""
    people = registry.people_named(actor, text=text).rows[:MOST_PEOPLE] if text else []
    desk = workspace.search(actor, text, most=MOST_OF_THE_DESK)
    return Everything(people, desk, registry.duties_of(actor, people))
