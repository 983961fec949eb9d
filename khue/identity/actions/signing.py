"""Proving once more who one is, at the moment something is signed. No session is renewed by it."""

from datetime import datetime
from enum import StrEnum

from khue.foundation.actor import Actor
from khue.identity import codes
from khue.identity.access import own_account
from khue.identity.actions.factors import prove_app_code, prove_recovery_code
from khue.identity.actions.passkeys import prove_key
from khue.identity.actions.sign_in import confirm_password

#: Where the browser keeps the sealed challenge between asking for a passkey and answering with it.
CHALLENGE_COOKIE = "khue_challenge"


class Proof(StrEnum):
    """By what somebody proved who signs."""

    PASSWORD = "password"  # noqa: S105  a way to prove oneself, no secret
    CODE = "code"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


def prove_signer(*, actor: Actor, password: str, code: str, at: datetime) -> Proof:
    """Prove with a code of the account's generator or a recovery code where one was typed, else with the password.

    refuses  WrongPassword; WrongCode; TooManyAttempts. Not atomic: the count of failed attempts stays.
    """
    own_account(actor)
    if not code:
        confirm_password(actor=actor, password=password, at=at)
        return Proof.PASSWORD
    if len(codes.normal_form(code)) == codes.RECOVERY_LENGTH:
        prove_recovery_code(actor, code, at)
        return Proof.RECOVERY_CODE
    prove_app_code(actor, code, at, confirmed=True)
    return Proof.CODE


def prove_signer_by_key(*, actor: Actor, host: str, sealed: str, answer: str, at: datetime) -> Proof:
    """Prove with a passkey of the account.

    sealed   the challenge from the cookie CHALLENGE_COOKIE
    refuses  PasskeyNotProved
    """
    prove_key(host, sealed, answer, at, of_account=own_account(actor))
    return Proof.PASSKEY
