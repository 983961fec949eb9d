"""Public reads of identity."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.identity import sessions
from khue.identity.access import GUARDED_ROLES
from khue.identity.models import Account, AuthenticatorApp, Grant, Passkey, Password, Role


def actor_of(account_id: int, *, on: date, door: str = "job") -> Actor:
    """An account as an actor, for work on its behalf: its roles in force that day, its wards. One query.

    raises   NotFound when there is no such account or it is closed
    """
    actor = sessions.actor_of_account(account_id, on, door)
    if actor is None:
        raise NotFound
    return actor


def actor_of_token(token: str, *, at: datetime, on: date, door: str) -> Actor | None:
    """The bearer of a session cookie, for doors without Django's middleware; None when it may not act. One query.

    The transaction it runs in is in the actor's scope afterwards.
    """
    found = sessions.resolve(token, at, on, door)
    if found is None or found[0].pending:
        return None
    return found[1]


def in_force(on: date) -> Q:
    """Grants that count on that day."""
    return Q(revoked_at=None, valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def accounts_of(person_ids: Collection[int]) -> dict[int, int]:
    """Person id to account id, for those who have an open account. One query."""
    found = Account.objects.filter(person_id__in=person_ids, is_active=True)
    return {person: account for person, account in found.values_list("person_id", "id") if person is not None}


def people_with_accounts(person_ids: Collection[int]) -> set[int]:
    """Those of these people who have an account, open or closed, within the scope. One query."""
    found = Account.objects.filter(person_id__in=person_ids).values_list("person_id", flat=True)
    return {person for person in found if person is not None}


def count_named(user_names: Collection[str]) -> int:
    """How many of these user names are somebody's on this node. One query."""
    return Account.objects.filter(user_name__in=user_names).count()


def holders(role: Role, organisation_ids: Collection[int], *, on: date) -> QuerySet[Account]:
    """Open accounts with this role on one of these organisations that day, within the scope."""
    grants = Grant.objects.filter(in_force(on), role=role, organisation_id__in=organisation_ids)
    return Account.objects.filter(is_active=True, id__in=grants.values("account_id")).order_by("id")


def people_holding(roles: Collection[Role], organisation_ids: Collection[int], *, on: date) -> dict[int, list[int]]:
    """People with an open account and one of these roles that day, by organisation, within the scope. One query."""
    grants = Grant.objects.filter(
        in_force(on), role__in=roles, organisation_id__in=organisation_ids, account__is_active=True,
        account__person_id__isnull=False,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    rows = grants.order_by("organisation_id", "account__person_id").values_list("organisation_id", "account__person_id")
    for place, person in rows.distinct():
        found.setdefault(place, []).append(person)
    return found


def is_guarded(account_id: int, *, on: date) -> bool:
    """Whether the account reaches more than one school, and therefore needs a second factor. One query."""
    actor = sessions.actor_of_account(account_id, on, "page")
    return actor is not None and not actor.roles.isdisjoint(GUARDED_ROLES)


def has_second_factor(account_id: int) -> bool:
    """Whether a factor counts: a confirmed code generator or a passkey. For the account itself; two queries."""
    apps = AuthenticatorApp.objects.filter(account_id=account_id).exclude(confirmed_at=None)
    return apps.exists() or Passkey.objects.filter(account_id=account_id).exists()


def with_password(account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that have been activated; only in the scope of the whole node. One query."""
    return set(Password.objects.filter(account_id__in=account_ids).values_list("account_id", flat=True))
