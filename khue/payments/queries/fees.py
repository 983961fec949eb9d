"""Where a school collects, what for, and who pays less."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.payments import access
from khue.payments.models import BankHook, CollectionAccount, FeeItem, Relief, Statement

#: Fees and reliefs on the page that shows all.
LATEST = 100


def visible_accounts(actor: Actor) -> QuerySet[CollectionAccount]:
    """Accounts of the schools whose money the actor reads. One query."""
    return CollectionAccount.objects.filter(access.of_office(actor)).select_related("organisation").order_by("id")


def shown_accounts(actor: Actor) -> list[CollectionAccount]:
    """All of `visible_accounts`. One query."""
    return _accounts(actor)


@compiled
def _accounts(actor: Actor) -> QuerySet[CollectionAccount]:
    return visible_accounts(actor)


def account_of(actor: Actor, public_id: UUID) -> CollectionAccount:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_accounts(actor), public_id=public_id)


def visible_fees(actor: Actor) -> QuerySet[FeeItem]:
    """Fees of the schools whose money the actor reads, old ones too, by name and day. One query."""
    return (
        FeeItem.objects.filter(access.of_office(actor)).select_related("account").order_by("name", "-valid_from", "id")
    )


def latest_fees(actor: Actor) -> list[FeeItem]:
    """The first hundred of `visible_fees`. One query."""
    return _fees(actor)


@compiled
def _fees(actor: Actor) -> QuerySet[FeeItem]:
    return visible_fees(actor)[:LATEST]


def fee_of(actor: Actor, public_id: UUID) -> FeeItem:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_fees(actor), public_id=public_id)


def fees_on(actor: Actor, organisation_id: int, on: date) -> list[FeeItem]:
    """What a school may collect on that day, by name. One query."""
    in_force = Q(valid_to=None) | Q(valid_to__gt=on)
    return list(visible_fees(actor).filter(in_force, organisation_id=organisation_id, valid_from__lte=on))


def visible_reliefs(actor: Actor) -> QuerySet[Relief]:
    """Reliefs of the schools whose money the actor reads, the latest first. Page before use."""
    return Relief.objects.filter(access.of_office(actor)).select_related("item", "child").order_by("-id")


def latest_reliefs(actor: Actor) -> list[Relief]:
    """The first hundred of `visible_reliefs`. One query."""
    return _reliefs(actor)


@compiled
def _reliefs(actor: Actor) -> QuerySet[Relief]:
    return visible_reliefs(actor)[:LATEST]


def relief_of(actor: Actor, public_id: UUID) -> Relief:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_reliefs(actor), public_id=public_id)


def open_hooks(actor: Actor) -> dict[int, BankHook]:
    """The open address of each account that has one, by account id. One query."""
    return {hook.account_id: hook for hook in _hooks(actor)}


@compiled
def _hooks(actor: Actor) -> QuerySet[BankHook]:
    return BankHook.objects.filter(access.of_office(actor), closed_at=None).select_related("account")


def hook_called(public_id: UUID) -> BankHook:
    """The open address at which a bank calls, whoever calls: its signature is checked next. Raises NotFound."""
    return one(BankHook.objects.filter(closed_at=None).select_related("account"), public_id=public_id)


def visible_statements(actor: Actor) -> QuerySet[Statement]:
    """Files of banks, the latest first. Page before use."""
    return Statement.objects.filter(access.of_office(actor)).select_related("account", "file").order_by("-id")


def statement_of(actor: Actor, public_id: UUID) -> Statement:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_statements(actor), public_id=public_id)
