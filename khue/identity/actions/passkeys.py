"""Passkeys: made once, then sign-in without a password. The device itself asks for a finger, a face or a PIN."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.errors import Refusal
from khue.identity import attempts, webauthn
from khue.identity.access import own_account
from khue.identity.actions.factors import refuse_last_factor, refuse_unproved
from khue.identity.actions.sessions import as_actor, open_session, renew_session
from khue.identity.models import Account, Passkey, SpentToken
from khue.identity.sealing import keyed_hash, seal_state, unseal_state

#: How long a browser may take to answer.
LIFE = timedelta(minutes=5)


class PasskeyNotProved(Refusal):
    code = "passkey_not_proved"
    message = _("Không xác nhận được khóa truy cập này. Hãy thử lại, hoặc đăng nhập bằng mật khẩu.")


class PasskeyKnown(Refusal):
    code = "passkey_known"
    message = _("Khóa truy cập này đã được thêm rồi.")


def ask_for_passkey(*, actor: Actor, host: str, at: datetime) -> tuple[str, str]:
    """Options for the browser to make a key, and the sealed challenge for its cookie."""
    account = Account.objects.get(id=refuse_unproved(actor))
    known = [bytes(data) for data in Passkey.objects.filter(account=account).values_list("data", flat=True)]
    options, state = webauthn.ask_for_new_key(host, user=account.public_id.bytes, name=account.user_name, known=known)
    return options, seal_state("passkey.new", {"account": account.id, **state}, at)


@transaction.atomic
def add_passkey(*, actor: Actor, host: str, sealed: str, answer: str, name: str, at: datetime) -> str:
    """Keep the key the browser made. Returns the new session token: the key counts as a second factor at once.

    sealed   the challenge from the cookie
    refuses  PasskeyNotProved; PasskeyKnown
    """
    state = _spend("passkey.new", sealed, at)
    if state.get("account") != refuse_unproved(actor):
        raise PasskeyNotProved
    try:
        made = webauthn.new_key(host, state, answer)
    except webauthn.Unproved:
        raise PasskeyNotProved from None
    try:
        with transaction.atomic():
            passkey = Passkey.objects.create(
                account_id=own_account(actor),
                credential_id=made.credential_id,
                data=made.data,
                sign_count=made.sign_count,
                name=name.strip()[:80],
                created_at=at,
            )
    except IntegrityError:
        raise PasskeyKnown from None
    audit.record(actor, "second_factor.added", passkey, kind="passkey")
    return renew_session(actor=actor, at=at, second_factor=True)


@transaction.atomic
def remove_passkey(*, actor: Actor, passkey: Passkey, at: datetime) -> None:
    """Take one key away.

    refuses  LastFactor where the account's roles need one
    """
    own_account(actor)
    refuse_last_factor(actor, at, passkeys=1, apps=0)
    audit.record(actor, "second_factor.removed", passkey, kind="passkey")
    passkey.delete()


def ask_for_proof(*, actor: Actor, host: str, at: datetime) -> tuple[str, str]:
    """Options for the browser to prove a key of the actor's, any key for a stranger; and the sealed challenge."""
    known = (
        [bytes(data) for data in Passkey.objects.filter(account_id=actor.account_id).values_list("data", flat=True)]
        if actor.account_id is not None
        else []
    )
    options, state = webauthn.ask_for_proof(host, known)
    return options, seal_state("passkey.proof", state, at)


def sign_in_with_passkey(*, host: str, sealed: str, answer: str, at: datetime, address: str | None, agent: str) -> str:
    """Begin a session for whoever holds the key; it counts as both factors. Returns the token for the cookie.

    refuses  PasskeyNotProved; TooManyAttempts. Not atomic: the count of failed attempts stays.
    """
    attempts.count(attempts.ADDRESS, address or "", at)
    with scope.raised(ANONYMOUS):
        account = prove_key(host, sealed, answer, at, of_account=None)
        attempts.take_back(attempts.ADDRESS, address or "")
    return open_session(account=account, at=at, address=address, agent=agent, second_factor=True)


def prove_passkey(*, actor: Actor, host: str, sealed: str, answer: str, at: datetime) -> str:
    """Prove the second factor, or oneself again, with a key of the actor's. Returns the new session token.

    refuses  PasskeyNotProved
    """
    prove_key(host, sealed, answer, at, of_account=own_account(actor))
    return renew_session(actor=actor, at=at, second_factor=True)


def prove_key(host: str, sealed: str, answer: str, at: datetime, of_account: int | None) -> Account:
    """The account whose key gave the answer. A counter that goes back means a copied key: refused."""
    state = _spend("passkey.proof", sealed, at)
    try:
        keys = Passkey.objects.filter(credential_id=webauthn.claimed_key(answer), account__is_active=True)
        if of_account is not None:
            keys = keys.filter(account_id=of_account)
        passkey = keys.select_related("account").first()
        if passkey is None:
            raise PasskeyNotProved
        count = webauthn.proved_count(host, state, bytes(passkey.data), answer)
    except webauthn.Unproved:
        raise PasskeyNotProved from None
    if count <= passkey.sign_count and (count or passkey.sign_count):
        audit.record(as_actor(passkey.account), "passkey.copied", passkey, counter=count, known=passkey.sign_count)
        raise PasskeyNotProved
    Passkey.objects.filter(id=passkey.id).update(sign_count=count, last_used_at=at)
    return passkey.account


def _spend(purpose: str, sealed: str, at: datetime) -> dict[str, object]:
    """The state of a sealed challenge, which is answered once."""
    state = unseal_state(purpose, sealed, at, LIFE)
    if state is None:
        raise PasskeyNotProved
    _token, is_first = SpentToken.objects.get_or_create(
        hash=keyed_hash("spent", sealed), defaults={"expires_at": at + LIFE}
    )
    if not is_first:
        raise PasskeyNotProved
    return state
