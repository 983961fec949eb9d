"""Taking away a lost second factor: one person asks, another one grants it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, Refusal
from khue.identity import queries
from khue.identity.access import Permission, own_account, permission_over
from khue.identity.models import Account, AuthenticatorApp, FactorReset, Grant, Passkey, RecoveryCode, Session


class NoFactorToReset(Refusal):
    code = "no_factor_to_reset"
    message = _("Tài khoản này chưa có lớp xác thực thứ hai nào.")


class ResetAskedAlready(Refusal):
    code = "reset_asked_already"
    message = _("Đã có một đề nghị gỡ xác thực đang chờ duyệt.")


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    message = _("Người đề nghị không được tự duyệt. Hãy nhờ một người có thẩm quyền khác.")


class ResetDecidedAlready(Refusal):
    code = "reset_decided_already"
    message = _("Đề nghị này đã được xử lí rồi.")


class CannotResetOwnFactor(Refusal):
    code = "cannot_reset_own_factor"
    message = _("Không thể tự gỡ xác thực của chính mình theo cách này. Hãy dùng mã dự phòng, hoặc nhờ hai người khác.")


@transaction.atomic
def ask_to_reset_factors(*, actor: Actor, account: Account, reason: str, at: datetime) -> FactorReset:
    """Ask that the second factor of somebody who lost it be taken away. Nothing changes until another one grants it.

    reason   how the actor knows that it is the holder who asks
    refuses  CannotResetOwnFactor; NoFactorToReset; ResetAskedAlready; Forbidden where the account holds a role in an
             organisation whose accounts the actor does not look after
    """
    grants = _grants(actor, account, at)
    for grant in grants:
        require(actor, Permission.ACCOUNT_READ, within=grant)
    if account.id == actor.account_id:
        raise CannotResetOwnFactor
    with scope.raised(actor):
        if not queries.has_second_factor(account.id):
            raise NoFactorToReset

    try:
        with transaction.atomic():
            asked = FactorReset.objects.create(
                organisation_id=grants[0].organisation_id,
                account=account,
                reason=reason,
                asked_by_id=own_account(actor),
                asked_by_name=actor.name,
                asked_at=at,
            )
    except IntegrityError:
        raise ResetAskedAlready from None
    audit.record(actor, "factor_reset.asked", asked, of=account.id, reason=reason)
    return asked


@transaction.atomic
def grant_factor_reset(*, actor: Actor, reset: FactorReset, at: datetime) -> None:
    """Take the second factor away, as another person asked: app, passkeys, recovery codes; every browser is signed out.

    An account whose roles need a factor sets up a new one at the next sign-in, before it is anybody.
    refuses  SecondPersonNeeded; CannotResetOwnFactor; ResetDecidedAlready; Forbidden where the account holds a role
             that the actor could not give
    """
    _require_every_role(actor, reset, at)
    if reset.account_id == actor.account_id:
        raise CannotResetOwnFactor
    if reset.asked_by_id == actor.account_id:
        raise SecondPersonNeeded

    _decide(actor, reset, at, is_granted=True)
    with scope.raised(actor):
        for rows in (AuthenticatorApp, Passkey, RecoveryCode, Session):
            rows.objects.filter(account_id=reset.account_id).delete()
    audit.record(actor, "factor_reset.granted", reset, of=reset.account_id, asked_by=reset.asked_by_id)


@transaction.atomic
def refuse_factor_reset(*, actor: Actor, reset: FactorReset, at: datetime) -> None:
    """Let the factor stay. Whoever could grant it may refuse.

    refuses  ResetDecidedAlready; SecondPersonNeeded
    """
    _require_every_role(actor, reset, at)
    if reset.asked_by_id == actor.account_id:
        raise SecondPersonNeeded

    _decide(actor, reset, at, is_granted=False)
    audit.record(actor, "factor_reset.refused", reset, of=reset.account_id, asked_by=reset.asked_by_id)


def _decide(actor: Actor, reset: FactorReset, at: datetime, *, is_granted: bool) -> None:
    waiting = FactorReset.objects.filter(id=reset.id, decided_at=None)
    if not waiting.update(decided_by_id=own_account(actor), decided_at=at, is_granted=is_granted):
        raise ResetDecidedAlready


def _grants(actor: Actor, account: Account, at: datetime) -> Sequence[Grant]:
    """Every role of the account that day, also where the actor sees nothing. Forbidden where there is none."""
    with scope.raised(actor):
        rows = Grant.objects.filter(queries.in_force(at.astimezone(VIETNAM).date()), account=account)
        grants = list(rows.order_by("id"))
    if not grants:
        raise Forbidden
    return grants


def _require_every_role(actor: Actor, reset: FactorReset, at: datetime) -> None:
    for grant in _grants(actor, reset.account, at):
        require(actor, permission_over(grant), within=grant)
