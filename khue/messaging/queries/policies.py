"""What a school has decided about conversations, and who answers for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.messaging import access, quiet
from khue.messaging.access import Permission
from khue.messaging.extensions import relations
from khue.messaging.models import ConversationPolicy, Delegation


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts on a day. As it stands here where the school has decided nothing.

    retention_months  None: nothing is deleted
    """

    pupils_may_write: bool = False
    families_may_begin: bool = True
    retention_months: int | None = None
    quiet_from: time = quiet.QUIET_FROM
    quiet_to: time = quiet.QUIET_TO


_COLUMNS = ("pupils_may_write", "families_may_begin", "retention_months", "quiet_from", "quiet_to")
_Row = tuple[bool, bool, int | None, time, time]


def policy_of(organisation_id: int, on: date) -> Policy:
    """What counts at a school on that day. One query."""
    found = _policies(organisation_id, on)
    return Policy(*found[0]) if found else Policy()


@compiled
def _policies(organisation_id: int, on: date) -> QuerySet[ConversationPolicy, _Row]:
    rows = ConversationPolicy.objects.filter(organisation_id=organisation_id, valid_from__lte=on)
    return rows.order_by("-valid_from").values_list(*_COLUMNS)[:1]


def policies_of(actor: Actor, organisation_id: int) -> Sequence[ConversationPolicy]:
    """All a school has decided, the latest first, for whoever may decide it; nothing for others. One query."""
    if not actor.may(Permission.TALK_RULES, organisation_id):
        return []
    return list(ConversationPolicy.objects.filter(organisation_id=organisation_id).order_by("-valid_from"))


def retention_by_school(on: date) -> dict[int, int]:
    """Months by organisation, where a school has decided to delete. For the clock; one query."""
    rows = ConversationPolicy.objects.filter(valid_from__lte=on).order_by("organisation_id", "-valid_from")
    newest = rows.distinct("organisation_id").values_list("organisation_id", "retention_months")
    return {organisation: months for organisation, months in newest if months is not None}


def delegation_for(organisation_id: int, teacher_id: int, on: date) -> Delegation | None:
    """Who answers for the teacher on that day, with the name. One query."""
    found = _delegations(organisation_id, teacher_id, on)
    return found[0] if found else None


@compiled
def _delegations(organisation_id: int, teacher_id: int, on: date) -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(access.stands_in(on), organisation_id=organisation_id, teacher_id=teacher_id)
    return rows.select_related("substitute").order_by("-id")[:1]


def visible_delegations(actor: Actor) -> QuerySet[Delegation]:
    """Those from or to the actor, and all of the school for its office; the latest first. Page before use."""
    places = actor.organisations(Permission.TALK_DELEGATE)
    own = access.own_delegations(actor)
    seen = own if places is not None and not places else own | access.at_schools(places)
    return Delegation.objects.filter(seen).select_related("teacher", "substitute").order_by("-first_on", "-id")


def may_delegate(actor: Actor) -> bool:
    """Whether the actor may have somebody answer. No query."""
    return actor.may(Permission.TALK_AS_STAFF) or actor.may(Permission.TALK_DELEGATE)


def substitutes_for(actor: Actor, organisation_id: int, on: date) -> list[tuple[int, str]]:
    """Who may answer for the actor at a school: person id and name. What the slot `relations` costs."""
    return list(relations.filling.colleagues(actor.person_id or 0, organisation_id, on))


def place_of_rules(actor: Actor) -> int | None:
    """The school whose rules about conversations the actor decides. No query."""
    return _first_place(actor, Permission.TALK_RULES)


def place_of_staff(actor: Actor) -> int | None:
    """The school where the actor talks with families as a teacher. No query."""
    return _first_place(actor, Permission.TALK_AS_STAFF) if actor.person_id else None


def _first_place(actor: Actor, permission: Permission) -> int | None:
    return min((held.organisation for held in actor.held if actor.may(permission, held.organisation)), default=None)
