"""Accounts and their roles, as whoever gives roles sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.lists import Listing, Page
from khue.foundation.record import one
from khue.identity.access import Permission, fits, permission_over, permission_to_grant
from khue.identity.models import Account, Grant, Password, Role
from khue.identity.queries.actors import in_force, with_password
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person
from khue.registry.queries.places import places_of_staff


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list of accounts.

    roles         keys of the roles in force, within the actor's scope
    is_activated  whether the person has set a password
    """

    public_id: UUID
    user_name: str
    name: str
    roles: tuple[str, ...]
    is_activated: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of an account, with what the actor may do with it."""

    grant: Grant
    organisation: str
    may_revoke: bool


def visible_accounts(actor: Actor, *, on: date, role: str = "") -> QuerySet[Account]:
    """Accounts with a role in an organisation whose accounts the actor may read. One query; page it before use.

    role  only those who hold this one there
    """
    places = actor.organisations(Permission.ACCOUNT_READ)
    grants = Grant.objects.filter(in_force(on))
    if role in Role.values:
        grants = grants.filter(role=role)
    if places is not None:
        grants = grants.filter(organisation_id__in=places)
    return Account.objects.filter(id__in=grants.values("account_id")).order_by("user_name")


def account_page(actor: Actor, listing: Listing[Account], given: Mapping[str, str], *, on: date) -> Page[Account]:
    """One page of visible_accounts. One query.

    It runs in a raised scope: visible_accounts has chosen the rows already, and the policy of the table would look up
    roles and belonging once more for each of thousands. What it shows is not wider by a row.
    """
    rows = visible_accounts(actor, on=on, role=given.get("role", ""))
    with scope.raised(actor):
        return listing.page(rows, given)


def in_state(state: str) -> Q:
    """Accounts "yes" in use, "waiting" for their holder to activate them, "no" closed; of anything else all.

    Who has a password, only a raised scope sees.
    """
    activated = Q(Exists(Password.objects.filter(account=OuterRef("id"))))
    if state == "no":
        return Q(is_active=False)
    return {"yes": Q(is_active=True) & activated, "waiting": Q(is_active=True) & ~activated}.get(state, Q())


def account_of(actor: Actor, public_id: UUID, *, on: date) -> Account:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_accounts(actor, on=on), public_id=public_id)


def account_of_person(person: Person) -> Account | None:
    """The account of a person whom person_of let through, wherever it was opened. One query."""
    return Account.objects.filter(person=person).first()


def account_rows(actor: Actor, accounts: Sequence[Account], *, on: date) -> list[AccountRow]:
    """What the list shows of these accounts. Two queries, and a raised scope to see who has a password."""
    ids = [account.id for account in accounts]
    held: dict[int, set[str]] = {id: set() for id in ids}
    for account_id, role in Grant.objects.filter(in_force(on), account_id__in=ids).values_list("account_id", "role"):
        held[account_id].add(role)
    with scope.raised(actor):
        activated = with_password(ids)
    order = list(Role.values)
    return [
        AccountRow(
            public_id=account.public_id,
            user_name=account.user_name,
            name=account.display_name or account.user_name,
            roles=tuple(sorted(held[account.id], key=order.index)),
            is_activated=account.id in activated,
            is_active=account.is_active,
        )
        for account in accounts
    ]


def roles_of(actor: Actor, account: Account, *, on: date) -> list[HeldRole]:
    """The roles of an account now and to come, within the actor's scope. One query."""
    grants = Grant.objects.filter(account=account, revoked_at=None).exclude(valid_to__lt=on)
    return [
        HeldRole(
            grant=grant,
            organisation=grant.organisation.name,
            may_revoke=grant.account_id != actor.account_id and actor.may(permission_over(grant), within=grant),
        )
        for grant in grants.select_related("organisation").order_by("organisation__lineage", "id")
    ]


def grant_of(actor: Actor, account: Account, grant_id: int) -> Grant:
    """One role of that account which the actor may take away. Raises NotFound."""
    grant = Grant.objects.filter(id=grant_id, account=account, revoked_at=None).first()
    if grant is None or not actor.may(permission_over(grant), within=grant):
        raise NotFound
    return grant


def places_to_grant(actor: Actor, account: Account) -> list[tuple[Organisation, list[Role]]]:
    """Where the actor may give this account a role, and which: where either has one already. Two queries."""
    own = {held.organisation for held in actor.held}
    theirs = set(Grant.objects.filter(account=account, revoked_at=None).values_list("organisation_id", flat=True))
    places = registry.visible_organisations(actor).filter(id__in=own | theirs)
    offered = [(place, _givable(actor, place)) for place in places]
    return [(place, roles) for place, roles in offered if roles]


def may_give(actor: Actor, role: Role, organisation: Organisation) -> bool:
    """Whether the actor gives people there this role, and so opens their accounts. No query."""
    return fits(role, organisation) and actor.may(permission_to_grant(role, organisation), within=organisation)


def _givable(actor: Actor, place: Organisation) -> list[Role]:
    return [role for role in Role if may_give(actor, role, place)]


def places_to_open(actor: Actor) -> list[tuple[Organisation, list[Role]]]:
    """Where the actor opens accounts, and for which roles. One query."""
    places = registry.working_places(actor, Permission.ACCOUNT_OPEN)
    return [(place, _givable(actor, place)) for place in places]


def places_to_open_for(actor: Actor, person: Person) -> list[tuple[Organisation, list[Role]]]:
    """Where the actor opens an account for this person: also in a body below where the person is staff. Two queries.

    So the head of a new school and the officer of a commune come to theirs.
    """
    places = places_to_open(actor)
    known = {place.id for place, _roles in places}
    below = [(place, _givable(actor, place)) for place in places_of_staff(person) if place.id not in known]
    return places + [(place, roles) for place, roles in below if roles]


@dataclass(frozen=True, slots=True)
class Opened:
    """How many have an account with a role somewhere, and how many of them have chosen a password."""

    accounts: int = 0
    activated: int = 0


def opened_at(actor: Actor, organisation: Organisation, *, on: date) -> dict[str, Opened]:
    """Accounts by role at one place; none for who opens none there. One query, in a raised scope for passwords."""
    if not actor.may(Permission.ACCOUNT_OPEN, within=organisation):
        return {}
    with scope.widened(actor):
        return {role: Opened(accounts, activated) for role, accounts, activated in _opened(organisation.id, on)}


@compiled
def _opened(organisation_id: int, on: date) -> "QuerySet[Grant, tuple[str, int, int]]":
    grants = Grant.objects.filter(in_force(on), organisation_id=organisation_id, account__is_active=True)
    activated = Count("id", filter=Exists(Password.objects.filter(account=OuterRef("account_id"))))
    by_role = grants.order_by().values("role").annotate(accounts=Count("id"), activated=activated)
    return by_role.values_list("role", "accounts", "activated")


def without_account(organisation: Organisation, role: Role, *, on: date) -> list[int]:
    """Ids of the people who belong to a school as what the role says, pupil or guardian, and may not sign in as that.

    cost  two queries, a row a person: for the page that opens the rest at once
    """
    having = Grant.objects.filter(in_force(on), role=role, organisation=organisation)
    have = set(having.values_list("account__person_id", flat=True))
    return [key for key in registry.everyone(role.value)(organisation.id, "") if key not in have]


def waiting_accounts(
    actor: Actor, organisation: Organisation, role: Role, *, on: date, after: str = "", group: str = ""
) -> list[Account]:
    """Open accounts with this role there that nobody has activated and the actor may help to, by user name.

    after   the user name after which to begin
    group   a class, as registry.queries.groups_at names it; "" for everybody
    cost    three queries, in a raised scope: who has a password, and roles elsewhere
    """
    holders = Grant.objects.filter(in_force(on), organisation=organisation, role=role).values("account_id")
    rows = visible_accounts(actor, on=on).filter(id__in=holders, is_active=True, user_name__gt=after)
    with scope.raised(actor):
        found = list(rows)
    if group:
        members = registry.people_of_group(organisation.id, group)
        found = [account for account in found if account.person_id in members]
    with scope.raised(actor):
        activated = with_password([account.id for account in found])
        roles = list(Grant.objects.filter(in_force(on), account__in=found))
    beyond = {grant.account_id for grant in roles if not actor.may(permission_over(grant), within=grant)}
    return [account for account in found if account.id not in activated | beyond]
