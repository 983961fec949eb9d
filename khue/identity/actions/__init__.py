"""Public writes of identity."""

from khue.identity.actions.accounts import (
    CannotCloseOwnAccount,
    OpenedAccount,
    close_account,
    issue_codes,
    open_accounts,
    reopen_account,
    set_password,
)
from khue.identity.actions.activation import UnknownCode, activate, check_code, request_link, send_link
from khue.identity.actions.factors import (
    LastFactor,
    WrongCode,
    begin_app,
    confirm_app,
    prove_code,
    remove_app,
    renew_recovery_codes,
)
from khue.identity.actions.passkeys import (
    PasskeyKnown,
    PasskeyNotProved,
    add_passkey,
    ask_for_passkey,
    ask_for_proof,
    prove_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from khue.identity.actions.roles import (
    CannotRevokeOwnRole,
    DatesOutOfOrder,
    RoleDoesNotFit,
    RoleHeldAlready,
    grant_role,
    revoke_role,
)
from khue.identity.actions.sessions import close_other_sessions, close_session, open_session, renew_session
from khue.identity.actions.sign_in import (
    SamePassword,
    WrongHandleOrPassword,
    WrongPassword,
    change_password,
    confirm_password,
    sign_in,
)
from khue.identity.attempts import TooManyAttempts
from khue.identity.passwords import WeakPassword

__all__ = [
    "CannotCloseOwnAccount",
    "CannotRevokeOwnRole",
    "DatesOutOfOrder",
    "LastFactor",
    "OpenedAccount",
    "PasskeyKnown",
    "PasskeyNotProved",
    "RoleDoesNotFit",
    "RoleHeldAlready",
    "SamePassword",
    "TooManyAttempts",
    "UnknownCode",
    "WeakPassword",
    "WrongCode",
    "WrongHandleOrPassword",
    "WrongPassword",
    "activate",
    "add_passkey",
    "ask_for_passkey",
    "ask_for_proof",
    "begin_app",
    "change_password",
    "check_code",
    "close_account",
    "close_other_sessions",
    "close_session",
    "confirm_app",
    "confirm_password",
    "grant_role",
    "issue_codes",
    "open_accounts",
    "open_session",
    "prove_code",
    "prove_passkey",
    "remove_app",
    "remove_passkey",
    "renew_recovery_codes",
    "renew_session",
    "reopen_account",
    "request_link",
    "revoke_role",
    "send_link",
    "set_password",
    "sign_in",
    "sign_in_with_passkey",
]
