"""What families answered to voluntary fees, and what they are still asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.payments.models import Answer, FeeItem
from khue.registry import queries as registry
from khue.registry.models import Person


@dataclass(frozen=True, slots=True)
class Offer:
    """A voluntary fee that may be had for a child. says_yes: the answer that holds, None before the first."""

    item: FeeItem
    child: Person
    says_yes: bool | None


def agreed_to(item_ids: Collection[int]) -> set[tuple[int, int]]:
    """(fee, child) wherever the latest answer is yes. One query, none without a fee."""
    return {pair for pair, says_yes in latest_answers(item_ids).items() if says_yes}


def latest_answers(item_ids: Collection[int], children: Collection[int] | None = None) -> dict[tuple[int, int], bool]:
    """The answer that holds by (fee, child); those of some children alone where they are given."""
    if not item_ids:
        return {}
    rows = Answer.objects.filter(item_id__in=item_ids).order_by("item_id", "child_id", "-id")
    if children is not None:
        rows = rows.filter(child_id__in=children)
    latest = rows.distinct("item_id", "child_id").values_list("item_id", "child_id", "says_yes")
    return {(item, child): says_yes for item, child, says_yes in latest}


def may_answer(actor: Actor, child_id: int) -> bool:
    """Whether the actor is a guardian who decides for the child, barred by nobody. One query."""
    if child_id not in actor.wards:
        return False
    rights = registry.guardians_of([child_id]).get(child_id, [])
    return any(right.guardian_id == actor.person_id and right.may_decide for right in rights)


def offers_to(actor: Actor) -> list[Offer]:
    """Voluntary fees of the schools of the actor's wards, unanswered ones first. Three queries, none without wards."""
    if not actor.wards:
        return []
    today = clock.today()
    pupils = registry.pupils_by_school(actor.wards, today)
    items = list(_voluntary_on(today, pupils))
    answers = latest_answers([item.id for item in items], actor.wards)
    found = [
        Offer(item, child, answers.get((item.id, child.id))) for item in items for child in pupils[item.organisation_id]
    ]
    return sorted(found, key=lambda offer: (offer.says_yes is not None, offer.item.name, offer.child.id))


def _voluntary_on(today: date, schools: Collection[int]) -> Collection[FeeItem]:
    return FeeItem.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today), organisation_id__in=schools, is_voluntary=True, valid_from__lte=today
    )


def offer_of(actor: Actor, item_id: str, child_id: str) -> Offer | None:
    """One of `offers_to` by the addresses of its fee and child."""
    for offer in offers_to(actor):
        if (str(offer.item.public_id), str(offer.child.public_id)) == (item_id, child_id):
            return offer
    return None


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """What was answered for one child of the school. says_yes: None where nobody answered."""

    child: Person
    says_yes: bool | None


def answers_to(item: FeeItem, text: str = "") -> list[FamilyAnswer]:
    """Answers to a fee that `fee_of` gave: of children named so, without a name of all who answered. Two queries."""
    answers = latest_answers([item.id])
    if text:
        people = registry.pupils_named(item.organisation_id, text, clock.today())
    else:
        people = registry.pupils_by_school({child for _item, child in answers}, clock.today()).get(
            item.organisation_id, []
        )
    return [FamilyAnswer(child, answers.get((item.id, child.id))) for child in people]
