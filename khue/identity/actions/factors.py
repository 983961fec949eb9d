"""Second factors: a code generator, recovery codes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, Refusal
from khue.identity import attempts, codes, queries, totp
from khue.identity.access import own_account
from khue.identity.actions.sessions import renew_session
from khue.identity.models import AuthenticatorApp, Passkey, RecoveryCode, Session
from khue.identity.sealing import seal, unseal

RECOVERY_CODES = 10
SECRET = "totp"  # noqa: S105  the purpose of a key, no secret


class WrongCode(Refusal):
    code = "wrong_code"
    field = "code"
    message = _("Mã chưa đúng hoặc đã dùng rồi. Hãy chờ ứng dụng hiện mã mới rồi nhập lại.")


class LastFactor(Refusal):
    code = "last_factor"
    message = _("Vai trò của Thầy/Cô cần ít nhất một lớp xác thực thứ hai. Hãy thêm lớp khác trước khi gỡ lớp này.")


@transaction.atomic
def begin_app(*, actor: Actor) -> str:
    """A fresh secret for a code generator that does not count until confirmed. Returns it in base32."""
    account_id = refuse_unproved(actor)
    if AuthenticatorApp.objects.filter(account_id=account_id).exclude(confirmed_at=None).exists():
        raise Forbidden
    secret = totp.new_secret()
    AuthenticatorApp.objects.update_or_create(
        account_id=account_id, defaults={"secret": seal(SECRET, secret.encode()), "confirmed_at": None, "last_step": 0}
    )
    return secret


def confirm_app(*, actor: Actor, code: str, at: datetime) -> tuple[str, list[str]]:
    """Let the code generator count, after its first right code. Returns the new session token and recovery codes.

    refuses  WrongCode; TooManyAttempts. Not atomic around the count of attempts.
    """
    refuse_unproved(actor)
    prove_app_code(actor, code, at, confirmed=False)
    with transaction.atomic():
        AuthenticatorApp.objects.filter(account_id=own_account(actor)).update(confirmed_at=at)
        audit.record(actor, "second_factor.added", None, kind="app")
        fresh = _new_recovery_codes(actor)
        return renew_session(actor=actor, at=at, second_factor=True), fresh


def prove_code(*, actor: Actor, code: str, at: datetime) -> str:
    """Prove the second factor with a code of the generator, or with a recovery code. Returns the new session token.

    refuses  WrongCode, also for a code used before; TooManyAttempts
    """
    if len(codes.normal_form(code)) == codes.RECOVERY_LENGTH:
        prove_recovery_code(actor, code, at)
    else:
        prove_app_code(actor, code, at, confirmed=True)
    return renew_session(actor=actor, at=at, second_factor=True)


@transaction.atomic
def renew_recovery_codes(*, actor: Actor) -> list[str]:
    """Ten new recovery codes in place of all old ones. They are shown once and kept hashed."""
    refuse_unproved(actor)
    return _new_recovery_codes(actor)


def _new_recovery_codes(actor: Actor) -> list[str]:
    account_id = own_account(actor)
    fresh = [codes.new_code(codes.RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(account_id=account_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=account_id, code_hash=codes.recovery_hash(account_id, code)) for code in fresh
    )
    audit.record(actor, "recovery_codes.renewed", None, count=len(fresh))
    return fresh


@transaction.atomic
def remove_app(*, actor: Actor, at: datetime) -> None:
    """Take the code generator away.

    refuses  LastFactor where the account's roles need one
    """
    refuse_last_factor(actor, at, passkeys=0, apps=1)
    AuthenticatorApp.objects.filter(account_id=own_account(actor)).delete()
    audit.record(actor, "second_factor.removed", None, kind="app")


def refuse_unproved(actor: Actor) -> int:
    """Forbidden to whoever has a second factor and has not proved it in this session. Returns the account's id.

    Else somebody who only knows the password would add a factor of their own beside it.
    """
    account_id = own_account(actor)
    proved = Session.objects.filter(id=actor.session_id or 0, account_id=account_id, verified_second_factor=True)
    if queries.has_second_factor(account_id) and not proved.exists():
        raise Forbidden
    return account_id


def refuse_last_factor(actor: Actor, at: datetime, *, passkeys: int, apps: int) -> None:
    """Refuse to remove so many of each kind when nothing would be left and the roles need a factor."""
    account_id = refuse_unproved(actor)
    left = Passkey.objects.filter(account_id=account_id).count() - passkeys
    left += AuthenticatorApp.objects.filter(account_id=account_id).exclude(confirmed_at=None).count() - apps
    if left <= 0 and queries.is_guarded(account_id, on=at.astimezone(VIETNAM).date()):
        raise LastFactor


def prove_app_code(actor: Actor, code: str, at: datetime, *, confirmed: bool) -> None:
    """A code counts once: its time step is remembered, and an older one is refused in the same statement."""
    account_id = own_account(actor)
    attempts.count(attempts.FACTOR, str(account_id), at)
    app = AuthenticatorApp.objects.filter(account_id=account_id, confirmed_at__isnull=not confirmed).first()
    step = app and totp.step_of(unseal(SECRET, bytes(app.secret)).decode(), code, at)
    fresh = AuthenticatorApp.objects.filter(account_id=account_id, last_step__lt=step or 0)
    if step is None or not fresh.update(last_step=step):
        raise WrongCode
    attempts.forgive(attempts.FACTOR, str(account_id))


def prove_recovery_code(actor: Actor, code: str, at: datetime) -> None:
    """A recovery code counts once. For the actions of this room."""
    account_id = own_account(actor)
    attempts.count(attempts.FACTOR, str(account_id), at)
    unused = RecoveryCode.objects.filter(
        account_id=account_id, code_hash=codes.recovery_hash(account_id, code), used_at=None
    )
    if not unused.update(used_at=at):
        raise WrongCode
    attempts.forgive(attempts.FACTOR, str(account_id))
    audit.record(actor, "recovery_code.used", None)
