"""Opening accounts for people a school has entered, closing them, and the codes with which people activate them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.text import fold
from khue.identity import codes, handles, queries
from khue.identity.access import Permission, fits, permission_over, permission_to_grant
from khue.identity.actions.roles import RoleDoesNotFit
from khue.identity.actions.sign_in import store_password
from khue.identity.models import Account, ActivationCode, Grant, Handle, Role, Session
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person

#: A slip of paper waits in a schoolbag; a link is used at once.
CODE_LIFE = {ActivationCode.Channel.PAPER: timedelta(days=60), ActivationCode.Channel.EMAIL: timedelta(hours=1)}


class CannotCloseOwnAccount(Refusal):
    code = "cannot_close_own_account"
    message = _("Không thể tự khóa tài khoản của chính mình. Hãy nhờ người quản trị khác.")


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """What the school hands to one person.

    code     None when the account has a password already, or holds a role that the actor could not give
    is_new   whether the account was made now; otherwise it only got the role
    """

    person_id: int
    account_id: int
    user_name: str
    code: str | None
    is_new: bool


@transaction.atomic
def open_accounts(
    *, actor: Actor, people: Sequence[Person], role: Role, organisation: Organisation, at: datetime
) -> list[OpenedAccount]:
    """Give each person an account with this role, and a code to activate it with. No password is made or hashed.

    people   in any number, each once; those who have an account keep it and get the role
    refuses  RoleDoesNotFit
    cost     some ten statements whatever the number
    """
    require(actor, permission_to_grant(role, organisation), within=organisation)
    if not fits(role, organisation):
        raise RoleDoesNotFit

    day = at.astimezone(VIETNAM).date()
    with scope.raised(actor):  # a person may have an account from another school
        known = Account.objects.filter(person_id__in=[p.id for p in people]).in_bulk(field_name="person_id")
        fresh = [_new_account(person, at) for person in people if person.id not in known]
        Account.objects.bulk_create(fresh, batch_size=2000)
        _make_handles(people, fresh)
        accounts = {**known, **{a.person_id: a for a in fresh if a.person_id is not None}}
        _give_role([a.id for a in accounts.values()], role, organisation, day, actor.account_id)
        waiting = fresh + _within_reach(actor, _without_password(known.values()), day)
        slips = make_codes(waiting, actor, at, ActivationCode.Channel.PAPER)

    audit.record(actor, "accounts.opened", organisation, role=role, count=len(people), new=len(fresh))
    new = {account.id for account in fresh}
    return [
        OpenedAccount(p.id, a.id, a.user_name, slips.get(a.id), a.id in new) for p in people for a in [accounts[p.id]]
    ]


@transaction.atomic
def open_missing_accounts(*, actor: Actor, organisation: Organisation, role: Role, at: datetime) -> int:
    """Accounts for every pupil, or every guardian, of a school who has none with this role. Returns how many.

    Slips are printed afterwards, a class at a time: no code is shown here.
    refuses  Forbidden; RoleDoesNotFit, also for other roles
    """
    require(actor, permission_to_grant(role, organisation), within=organisation)
    if role not in (Role.PUPIL, Role.GUARDIAN):
        raise RoleDoesNotFit

    day = at.astimezone(VIETNAM).date()
    people = list(registry.visible_people(actor).filter(id__in=queries.without_account(organisation, role, on=day)))
    if people:
        open_accounts(actor=actor, people=people, role=role, organisation=organisation, at=at)
    return len(people)


@transaction.atomic
def issue_codes(*, actor: Actor, accounts: Collection[Account], at: datetime) -> dict[int, str]:
    """Fresh activation codes to hand out: for people who never signed in, or forgot their password.

    returns  account id to code; older codes of these accounts no longer work, their passwords do until a code is used
    refuses  Forbidden where an account holds a role, anywhere, that the actor could not give there
    cost     three statements for all, and a line in the trail for each
    """
    _require_every_role(actor, accounts, at)
    with scope.raised(actor):
        slips = make_codes(list(accounts), actor, at, ActivationCode.Channel.PAPER)
        for account in accounts:
            audit.record(actor, "activation_code.issued", account)
    return slips


@transaction.atomic
def set_password(*, actor: Actor, account: Account, password: str, at: datetime, must_change: bool = True) -> None:
    """Give an account a password, from the operator's command line only; no page does this.

    refuses  WeakPassword in its kinds
    """
    if not actor.is_system:
        raise Forbidden
    store_password(account, password, at)
    Account.objects.filter(id=account.id).update(must_change_password=must_change)
    audit.record(actor, "password.set", account)


@transaction.atomic
def close_account(*, actor: Actor, account: Account, at: datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in is out at once.

    refuses  CannotCloseOwnAccount; Forbidden where the account holds a role the actor could not take
    """
    if account.id == actor.account_id:
        raise CannotCloseOwnAccount
    _require_every_role(actor, [account], at, Permission.ACCOUNT_CLOSE)
    with scope.raised(actor):
        Account.objects.filter(id=account.id).update(is_active=False)
        Session.objects.filter(account=account).delete()
        ActivationCode.objects.filter(account=account, used_at=None).delete()
    audit.record(actor, "account.closed", account)


@transaction.atomic
def reopen_account(*, actor: Actor, account: Account, at: datetime) -> None:
    """Let a closed account be used again, with the password it had."""
    _require_every_role(actor, [account], at, Permission.ACCOUNT_CLOSE)
    with scope.raised(actor):
        Account.objects.filter(id=account.id).update(is_active=True)
    audit.record(actor, "account.reopened", account)


def _require_every_role(
    actor: Actor, accounts: Collection[Account], at: datetime, also: Permission | None = None
) -> None:
    """Nobody gets at an account by way of a school where it is little, that is more elsewhere."""
    with scope.raised(actor):
        grants = list(Grant.objects.filter(queries.in_force(at.astimezone(VIETNAM).date()), account__in=accounts))
    if {account.id for account in accounts} - {grant.account_id for grant in grants}:
        require(actor, Permission.OFFICE_GRANT, within=None)
    for grant in grants:
        require(actor, permission_over(grant), within=grant)
        if also is not None:
            require(actor, also, within=grant)


def _new_account(person: Person, at: datetime) -> Account:
    """The user name: given name, initials of the rest, the person's number; letters first, so no two are alike."""
    *rest, given = fold(person.full_name).split() or ["user"]
    letters = "".join(c for c in given + "".join(word[0] for word in rest) if c.isascii() and c.isalpha()) or "user"
    return Account(user_name=f"{letters[:24]}{person.id}", person=person, display_name=person.full_name, created_at=at)


def _make_handles(people: Sequence[Person], fresh: Sequence[Account]) -> None:
    """The user name, and phone, e-mail and number where they are nobody's yet: parents share phones with children."""
    by_id = {person.id: person for person in people}
    made = []
    for account in fresh:
        person = by_id[account.person_id or 0]
        made.append(Handle(account=account, kind=Handle.Kind.USER_NAME, value=account.user_name))
        typed = [handles.normal_form(text) for text in (person.phone, person.email, person.national_id or "") if text]
        made += [Handle(account=account, kind=kind, value=value) for kind, value in filter(None, typed)]
    Handle.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)


def _give_role(account_ids: list[int], role: Role, organisation: Organisation, day: date, by: int | None) -> None:
    having = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), account_id__in=account_ids, role=role, organisation=organisation,
        revoked_at=None,
    )  # fmt: skip
    have = set(having.values_list("account_id", flat=True))
    Grant.objects.bulk_create(
        [
            Grant(account_id=id, role=role, organisation=organisation, valid_from=day, granted_by_id=by)
            for id in account_ids
            if id not in have
        ],
        batch_size=2000,
    )


def _without_password(accounts: Collection[Account]) -> list[Account]:
    activated = queries.with_password([account.id for account in accounts])
    return [account for account in accounts if account.id not in activated]


def _within_reach(actor: Actor, accounts: Sequence[Account], day: date) -> list[Account]:
    """Those who hold nothing the actor could not give: else a clerk would activate the head, as somebody's guardian."""
    grants = Grant.objects.filter(queries.in_force(day), account__in=accounts)
    beyond = {g.account_id for g in grants if not actor.may(permission_over(g), within=g)}
    return [account for account in accounts if account.id not in beyond]


def make_codes(
    accounts: Sequence[Account], actor: Actor, at: datetime, channel: ActivationCode.Channel
) -> dict[int, str]:
    """A new code each, in place of what was open. Account id to code."""
    slips = {account.id: codes.new_code(codes.ACTIVATION_LENGTH) for account in accounts}
    ActivationCode.objects.filter(account_id__in=slips, used_at=None).delete()
    ActivationCode.objects.bulk_create(
        [
            ActivationCode(
                account_id=id,
                code_hash=codes.activation_hash(code),
                channel=channel,
                issued_at=at,
                issued_by_id=actor.account_id,
                expires_at=at + CODE_LIFE[channel],
            )
            for id, code in slips.items()
        ],
        batch_size=2000,
    )
    return slips
