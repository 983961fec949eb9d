"""What lines are about: facts of other rooms, as far as this reader may see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from khue.foundation.actor import Actor
from khue.messaging.extensions import Fact, facts
from khue.messaging.models import Conversation
from khue.messaging.queries.conversations import Said


@dataclass(frozen=True, slots=True)
class Offered:
    """The facts of one kind that may be attached: value and fact each."""

    title: str
    facts: Sequence[tuple[str, Fact]]


def offered_facts(actor: Actor, conversation: Conversation) -> list[Offered]:
    """What a member may attach: the latest facts about the child that it sees itself. Three queries a kind at most."""
    found = []
    for kind, rules in facts.items():
        here = [(f"{kind}|{fact.key}", fact) for fact in rules.of(actor, conversation.child_id, None)]
        if here:
            found.append(Offered(str(rules.title), here))
    return found


def fact_named(actor: Actor, conversation: Conversation, value: str) -> Fact | None:
    """The fact behind a value; None where there is none or this reader may not see it. Three queries at most."""
    return facts_named(actor, conversation, [value]).get(value) if value else None


def facts_of(actor: Actor, conversation: Conversation, lines: Iterable[Said]) -> Mapping[str, Fact]:
    """The facts that these lines are about and the reader may see, by value. Three queries a kind at most."""
    return facts_named(actor, conversation, [each.words.fact for each in lines if each.words and each.words.fact])


def facts_named(actor: Actor, conversation: Conversation, values: Sequence[str]) -> dict[str, Fact]:
    """The facts behind these values, as far as the actor may see them. Three queries a kind at most."""
    keys: dict[str, list[UUID]] = defaultdict(list)
    for value in values:
        kind, _bar, key = value.partition("|")
        with suppress(ValueError):  # a form may carry anything
            keys[kind].append(UUID(key))
    found = {}
    for kind, wanted in keys.items():
        rules = facts.get(kind)
        if rules is not None:
            found.update({f"{kind}|{fact.key}": fact for fact in rules.of(actor, conversation.child_id, wanted)})
    return found
