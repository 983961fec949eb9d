"""Saying who one is, with a password."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.identity import attempts, handles, passwords, queries
from khue.identity.access import own_account
from khue.identity.actions.sessions import as_actor, close_other_sessions, open_session, renew_session
from khue.identity.models import Account, Handle, Password, Session


class WrongHandleOrPassword(Refusal):
    code = "wrong_handle_or_password"
    message = _(
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Nếu chưa đăng nhập lần nào, hãy kích hoạt tài khoản trước bằng mã "
        "của nhà trường."
    )


class WrongPassword(Refusal):
    code = "wrong_password"
    field = "password"
    message = _("Mật khẩu hiện tại chưa đúng. Hãy nhập lại.")


class SamePassword(Refusal):
    code = "same_password"
    field = "new_password"
    message = _("Mật khẩu mới phải khác mật khẩu đang dùng.")


def sign_in(*, handle: str, password: str, at: datetime, address: str | None, agent: str) -> str:
    """Begin a session for whoever knows the password. Returns the token for the cookie.

    handle   user name, phone, e-mail or 12-digit number, in any spelling
    refuses  TooManyAttempts; WrongHandleOrPassword, in the same words and the same time whether or not there is such
             an account. Not atomic: the count of failed attempts stays when it refuses.
    """
    normal = handles.normal_form(handle)
    subject = normal[1] if normal else handle.strip().lower()[:200]
    attempts.count(attempts.ADDRESS, address or "", at)
    attempts.count(attempts.HANDLE, subject, at)
    with scope.raised(ANONYMOUS):
        account, kept = _find(subject)
        if not passwords.matches(kept, password) or account is None or kept is None:
            audit.record(as_actor(account) if account else ANONYMOUS, "sign_in.refused", None, address=address or "")
            raise WrongHandleOrPassword
        attempts.forgive(attempts.HANDLE, subject)
        attempts.take_back(attempts.ADDRESS, address or "")
        if passwords.is_outdated(kept):
            Password.objects.filter(account=account).update(hash=passwords.hash_of(password))
    return open_session(account=account, at=at, address=address, agent=agent)


def confirm_password(*, actor: Actor, password: str, at: datetime) -> None:
    """Prove the password again before a sensitive step.

    refuses  TooManyAttempts; WrongPassword. Not atomic: the count of failed attempts stays.
    """
    account_id = own_account(actor)
    attempts.count(attempts.FACTOR, f"password:{account_id}", at)
    kept = Password.objects.filter(account_id=account_id).values_list("hash", flat=True).first()
    if not passwords.matches(kept, password):
        raise WrongPassword
    attempts.forgive(attempts.FACTOR, f"password:{account_id}")
    Session.objects.filter(id=actor.session_id or 0, account_id=account_id).update(confirmed_at=at)


@transaction.atomic
def change_password(*, actor: Actor, new_password: str, at: datetime) -> str:
    """Set the actor's password, after confirm_password. Every other browser is signed out; returns the new token.

    refuses  WeakPassword in its kinds; SamePassword
    """
    account = Account.objects.get(id=own_account(actor))
    kept = Password.objects.filter(account=account).values_list("hash", flat=True).first()
    if kept and passwords.matches(kept, new_password):
        raise SamePassword
    store_password(account, new_password, at)
    close_other_sessions(actor=actor)
    audit.record(actor, "password.changed", account)
    return renew_session(actor=actor, at=at)


def store_password(account: Account, new_password: str, at: datetime) -> None:
    """Write a password that keeps the rules. For the actions of this room, which say who may."""
    passwords.refuse_weak(
        new_password,
        names=[account.user_name, account.display_name],
        is_guarded=queries.is_guarded(account.id, on=at.astimezone(VIETNAM).date()),
    )
    Password.objects.update_or_create(account=account, defaults={"hash": passwords.hash_of(new_password), "set_at": at})
    Account.objects.filter(id=account.id).update(must_change_password=False)


def _find(subject: str) -> tuple[Account | None, str | None]:
    """The open account that a handle names, and its kept password. One query, the same for every handle."""
    kept = Password.objects.filter(account_id=OuterRef("account_id")).values("hash")
    row = (
        Handle.objects.filter(value=subject, account__is_active=True)
        .annotate(kept=Subquery(kept))
        .select_related("account")
        .first()
    )
    return (row.account, row.kept) if row else (None, None)
