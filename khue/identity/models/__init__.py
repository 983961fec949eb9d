"""Accounts, the roles granted to them, sessions, second factors, ties to other identity providers, consent.

No secret stands in a row that another room reads: passwords, codes, keys and sessions are tables of their own, closed
to everyone but the account itself (migration 0003).
"""

from khue.identity.models.accounts import Account, ActivationCode, Grant, Handle, Password, Role, _Period
from khue.identity.models.consents import Consent
from khue.identity.models.providers import ExternalIdentity, Provider
from khue.identity.models.signing_in import (
    Attempts,
    AuthenticatorApp,
    FactorReset,
    Passkey,
    RecoveryCode,
    Session,
    SpentToken,
)

__all__ = [
    "Account",
    "ActivationCode",
    "Attempts",
    "AuthenticatorApp",
    "Consent",
    "ExternalIdentity",
    "FactorReset",
    "Grant",
    "Handle",
    "Passkey",
    "Password",
    "Provider",
    "RecoveryCode",
    "Role",
    "Session",
    "SpentToken",
    "_Period",  # migration 0002 names it
]
