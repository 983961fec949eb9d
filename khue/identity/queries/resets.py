"""Requests to take a lost second factor away, as those who look after the accounts see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.identity.access import Permission, permission_over
from khue.identity.models import Account, FactorReset, Grant
from khue.identity.queries.actors import has_second_factor, in_force


@dataclass(frozen=True, slots=True)
class ResetRow:
    """One request that waits, with what the actor may do about it."""

    reset: FactorReset
    may_decide: bool


@dataclass(frozen=True, slots=True)
class FactorState:
    """Whether an account has a second factor, and the request that waits for it."""

    has_factor: bool
    waiting: ResetRow | None


def waiting_resets(actor: Actor, *, on: date) -> list[ResetRow]:
    """Requests nobody has decided where the actor looks after accounts, the oldest first. Two queries."""
    return _rows(actor, list(_visible(actor)[:100]), on)


def reset_of(actor: Actor, public_id: UUID) -> FactorReset:
    """A request that waits. Raises NotFound, also when it is another organisation's."""
    return one(_visible(actor), public_id=public_id)


def factor_state(actor: Actor, account: Account, *, on: date) -> FactorState:
    """What the page of an account that account_of let through says of its second factor. Five queries at most."""
    with scope.raised(actor):
        has_factor = has_second_factor(account.id)
    rows = _rows(actor, list(_visible(actor).filter(account=account)), on)
    return FactorState(has_factor, rows[0] if rows else None)


def _visible(actor: Actor) -> QuerySet[FactorReset]:
    rows = FactorReset.objects.filter(decided_at=None).select_related("account", "organisation")
    places = actor.organisations(Permission.ACCOUNT_READ)
    return (rows if places is None else rows.filter(organisation_id__in=places)).order_by("asked_at", "id")


def _rows(actor: Actor, resets: Sequence[FactorReset], on: date) -> list[ResetRow]:
    if not resets:
        return []
    held: dict[int, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(in_force(on), account_id__in=[reset.account_id for reset in resets]):
        held[grant.account_id].append(grant)
    return [ResetRow(reset, _may_decide(actor, reset, held[reset.account_id])) for reset in resets]


def _may_decide(actor: Actor, reset: FactorReset, grants: Sequence[Grant]) -> bool:
    is_second = actor.account_id not in (reset.asked_by_id, reset.account_id)
    return is_second and all(actor.may(permission_over(grant), within=grant) for grant in grants)
