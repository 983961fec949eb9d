"""Facts of identity, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class LinkRequested(Event):
    """Someone asked for a link by e-mail to set the account's password. The link is made when the mail is.

    page  the address the link leads to
    """

    name: ClassVar[str] = "identity.link_requested"
    account_id: int
    handle_id: int
    page: str


@dataclass(frozen=True)
class EmailProofRequested(Event):
    """Someone asked for a link that proves an e-mail address.

    page  the address the link leads to; the proof follows it
    """

    name: ClassVar[str] = "identity.email_proof_requested"
    account_id: int
    email: str
    page: str


@dataclass(frozen=True)
class RoleGranted(Event):
    """An account has a role on an organisation, from a day."""

    name: ClassVar[str] = "identity.role_granted"
    account_id: int
    grant_id: int
    role: str


@dataclass(frozen=True)
class RoleRevoked(Event):
    """An account lost a role on an organisation."""

    name: ClassVar[str] = "identity.role_revoked"
    account_id: int
    grant_id: int
    role: str


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """Someone took back a yes: what was done under it must stop and be undone (domain §7.1)."""

    name: ClassVar[str] = "identity.consent_withdrawn"
    consent_id: int
    person_id: int
    purpose: str
