"""Giving and taking roles."""

from datetime import date, datetime

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.identity.access import fits, permission_over, permission_to_grant
from khue.identity.events import RoleGranted, RoleRevoked
from khue.identity.models import Account, Grant, Role
from khue.registry.models import Organisation


class RoleDoesNotFit(Refusal):
    code = "role_does_not_fit"
    field = "role"
    message = _("Đơn vị này không có vai trò đó. Hãy chọn vai trò khác.")


class RoleHeldAlready(Refusal):
    code = "role_held_already"
    field = "role"
    message = _("Người này đã có vai trò đó trong thời gian ấy rồi.")


class DatesOutOfOrder(Refusal):
    code = "dates_out_of_order"
    field = "valid_to"
    message = _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")


class CannotRevokeOwnRole(Refusal):
    code = "cannot_revoke_own_role"
    message = _("Không thể tự thu hồi vai trò của chính mình. Hãy nhờ người quản trị khác.")


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    account: Account,
    role: Role,
    organisation: Organisation,
    valid_from: date,
    valid_to: date | None = None,
) -> Grant:
    """Give a role on an organisation, from a day to a day, both included.

    refuses  RoleDoesNotFit; DatesOutOfOrder; RoleHeldAlready
    """
    require(actor, permission_to_grant(role, organisation), within=organisation)
    if not fits(role, organisation):
        raise RoleDoesNotFit
    if valid_to is not None and valid_to < valid_from:
        raise DatesOutOfOrder

    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                account=account,
                role=role,
                organisation=organisation,
                valid_from=valid_from,
                valid_to=valid_to,
                granted_by_id=actor.account_id,
            )
    except IntegrityError:
        raise RoleHeldAlready from None
    audit.record(actor, "role.granted", grant, role=role, to=account.id, valid_from=valid_from, valid_to=valid_to)
    events.publish(
        RoleGranted(organisation_id=organisation.id, account_id=account.id, grant_id=grant.id, role=str(role))
    )
    return grant


@transaction.atomic
def revoke_role(*, actor: Actor, grant: Grant, at: datetime) -> None:
    """Take a role away at once: the next request of the account is made without it.

    refuses  CannotRevokeOwnRole
    """
    require(actor, permission_over(grant), within=grant)
    if grant.account_id == actor.account_id:
        raise CannotRevokeOwnRole

    revoked = Grant.objects.filter(id=grant.id, revoked_at=None).update(revoked_at=at, revoked_by_id=actor.account_id)
    if revoked:
        audit.record(actor, "role.revoked", grant, role=grant.role, was_of=grant.account_id)
        events.publish(
            RoleRevoked(
                organisation_id=grant.organisation_id, account_id=grant.account_id, grant_id=grant.id, role=grant.role
            )
        )
