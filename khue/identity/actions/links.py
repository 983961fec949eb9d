"""Signing in with an identity that another provider vouches for, and tying one to an account."""

from datetime import datetime

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.errors import Refusal
from khue.identity.access import own_account
from khue.identity.actions.factors import refuse_unproved
from khue.identity.actions.sessions import as_actor, open_session
from khue.identity.models import Account, ExternalIdentity, Handle, Passkey, Password, Provider
from khue.identity.oidc import Claims


class NoAccountForIdentity(Refusal):
    code = "no_account_for_identity"
    message = _(
        "Chưa có tài khoản Khuê nào gắn với danh tính này. Hãy kích hoạt tài khoản bằng mã của nhà trường, rồi liên "
        "kết trong trang Tài khoản của tôi."
    )


class IdentityTaken(Refusal):
    code = "identity_taken"
    message = _("Danh tính này, hoặc tài khoản này, đã được liên kết rồi.")


class LastWayIn(Refusal):
    code = "last_way_in"
    message = _("Đây là cách đăng nhập duy nhất của tài khoản. Hãy đặt mật khẩu trước khi bỏ liên kết.")


def sign_in_with_identity(*, provider: Provider, claims: Claims, at: datetime, address: str | None, agent: str) -> str:
    """Begin a session for whom the provider says it is. Returns the token for the cookie.

    claims   of a checked id_token. The first time, an account is found by the verified 12-digit number alone: an
             e-mail address is never a reason to link.
    refuses  NoAccountForIdentity; IdentityTaken
    """
    with transaction.atomic(), scope.raised(ANONYMOUS):
        known = ExternalIdentity.objects.filter(
            provider=provider, subject=claims.subject, account__is_active=True
        ).select_related("account").first()  # fmt: skip
        account = known.account if known else _by_number(provider, claims, at)
    return open_session(account=account, at=at, address=address, agent=agent)


@transaction.atomic
def link_identity(*, actor: Actor, provider: Provider, claims: Claims, at: datetime) -> ExternalIdentity:
    """Tie an identity to the actor's own account, on the actor's wish and after it proved itself afresh.

    refuses  IdentityTaken
    """
    link = _link(Account.objects.get(id=refuse_unproved(actor)), provider, claims.subject, at)
    audit.record(actor, "identity.linked", link, provider=provider.key)
    return link


@transaction.atomic
def unlink_identity(*, actor: Actor, link: ExternalIdentity) -> None:
    """Undo the tie.

    refuses  LastWayIn when the account has neither password nor passkey
    """
    account_id = own_account(actor)
    ways = Password.objects.filter(account_id=account_id), Passkey.objects.filter(account_id=account_id)
    if not any(way.exists() for way in ways):
        raise LastWayIn
    audit.record(actor, "identity.unlinked", link, provider=link.provider.key)
    link.delete()


def _by_number(provider: Provider, claims: Claims, at: datetime) -> Account:
    handle = (
        Handle.objects.filter(kind=Handle.Kind.NATIONAL_ID, value=claims.number, account__is_active=True)
        .select_related("account")
        .first()
        if claims.number
        else None
    )
    if handle is None:
        raise NoAccountForIdentity
    link = _link(handle.account, provider, claims.subject, at)
    Handle.objects.filter(id=handle.id, verified_at=None).update(verified_at=at)
    audit.record(as_actor(handle.account), "identity.linked", link, provider=provider.key, by="number")
    return handle.account


def _link(account: Account, provider: Provider, subject: str, at: datetime) -> ExternalIdentity:
    try:
        with transaction.atomic():
            return ExternalIdentity.objects.create(account=account, provider=provider, subject=subject, linked_at=at)
    except IntegrityError:
        raise IdentityTaken from None
