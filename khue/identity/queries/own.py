"""What a person sees of the own account. The database shows these rows to nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from khue.foundation.actor import Actor
from khue.foundation.clock import now
from khue.foundation.record import one
from khue.identity import email_proofs
from khue.identity.access import own_account
from khue.identity.devices import device_of, is_phone
from khue.identity.models import (
    Account,
    AuthenticatorApp,
    ExternalIdentity,
    Handle,
    Passkey,
    Password,
    Provider,
    RecoveryCode,
    Session,
)
from khue.identity.oidc import Client
from khue.identity.sealing import unseal


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One browser that is signed in.

    place    the network address it was opened from
    """

    public_id: UUID
    device: str
    is_phone: bool
    place: str
    opened_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account.

    recovery_codes  how many are left unused
    """

    app_since: datetime | None
    passkeys: Sequence[Passkey]
    recovery_codes: int

    @property
    def has_any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account page."""

    handles: Sequence[Handle]
    password_set_at: datetime | None
    factors: Factors
    sessions: Sequence[OwnSession]
    links: Sequence[ExternalIdentity]
    linkable: Sequence["Offer"]


def own_account_page(actor: Actor) -> OwnAccount:
    """Everything of the own account. Five queries."""
    account_id = own_account(actor)
    links = list(ExternalIdentity.objects.filter(account_id=account_id).select_related("provider").order_by("id"))
    linked = {link.provider.key for link in links}
    app_since, recovery_codes, password_set_at = _secrets(account_id)
    return OwnAccount(
        handles=list(Handle.objects.filter(account_id=account_id).order_by("id")),
        password_set_at=password_set_at,
        factors=_factors(app_since, recovery_codes, account_id),
        sessions=own_sessions(actor),
        links=links,
        linkable=[provider for provider in offered_providers() if provider.key not in linked],
    )


def own_factors(actor: Actor) -> Factors:
    """The second factors of the own account. Two queries."""
    account_id = own_account(actor)
    app_since, recovery_codes, _ = _secrets(account_id)
    return _factors(app_since, recovery_codes, account_id)


def own_sessions(actor: Actor) -> list[OwnSession]:
    """Browsers signed in with the own account, last seen first. One query."""
    rows = Session.objects.filter(account_id=own_account(actor)).order_by("-last_seen_at", "-id")[:50]
    return [
        OwnSession(
            public_id=row.public_id,
            device=device_of(row.agent),
            is_phone=is_phone(row.agent),
            place=row.address or "",
            opened_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.id == actor.session_id,
        )
        for row in rows
    ]


def own_session(actor: Actor, public_id: UUID) -> Session:
    """Raises NotFound, also when it is somebody else's."""
    return one(Session.objects.filter(account_id=own_account(actor)), public_id=public_id)


def this_session(actor: Actor) -> Session:
    """The session the actor acts through."""
    return one(Session.objects.filter(account_id=own_account(actor)), id=actor.session_id)


def own_passkey(actor: Actor, public_id: UUID) -> Passkey:
    """Raises NotFound, also when it is somebody else's."""
    return one(Passkey.objects.filter(account_id=own_account(actor)), public_id=public_id)


def has_password(actor: Actor) -> bool:
    """Whether the own account has a password: whoever came in by a provider only may have none."""
    return Password.objects.filter(account_id=own_account(actor)).exists()


def unconfirmed_secret(actor: Actor) -> str | None:
    """The secret of a code generator that waits for its first code, so that a mistyped code shows the same picture."""
    waiting = AuthenticatorApp.objects.filter(account_id=own_account(actor), confirmed_at=None).first()
    return unseal("totp", bytes(waiting.secret)).decode() if waiting else None


def own_link(actor: Actor, public_id: UUID) -> ExternalIdentity:
    """Raises NotFound, also when it is somebody else's."""
    links = ExternalIdentity.objects.filter(account_id=own_account(actor)).select_related("provider")
    return one(links, public_id=public_id)


def provider_of(key: str) -> Provider:
    """An enabled identity provider. Raises NotFound."""
    return one(Provider.objects.filter(is_enabled=True), key=key)


def client_of(provider: Provider) -> Client:
    """This node as the provider knows it, its secret opened."""
    sealed = bytes(provider.client_secret)
    return Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        client_secret=unseal("provider", sealed).decode() if sealed else "",
        scopes=provider.scopes,
        number_claim=provider.number_claim,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider as it stands on the sign-in page."""

    key: str
    name: str


def offered_providers() -> tuple[Offer, ...]:
    """The identity providers people may sign in with, as of this minute: the busiest page asks for them each time.

    One that is switched off vanishes within a minute; its addresses are gone at once.
    """
    return _offered(int(now().timestamp()) // 60)


def forget_offered_providers() -> None:
    """Ask again at once: this process has just changed the list."""
    _offered.cache_clear()


def all_providers() -> list[Provider]:
    """Every identity provider, also those that are switched off, by name. For the operator's page."""
    return list(Provider.objects.order_by("name", "id"))


def any_provider_of(key: str) -> Provider:
    """A provider, enabled or not. Raises NotFound."""
    return one(Provider.objects.all(), key=key)


def email_to_prove(proof: str, *, at: datetime) -> str:
    """The address that a mailed link is about; "" when the link is forged or too old."""
    said = email_proofs.opened(proof, at)
    return said.email if said else ""


@lru_cache(maxsize=1)
def _offered(_minute: int) -> tuple[Offer, ...]:
    rows = Provider.objects.filter(is_enabled=True).order_by("name").values_list("key", "name")
    return tuple(Offer(*row) for row in rows)


def _secrets(account_id: int) -> tuple[datetime | None, int, datetime | None]:
    """Since when there is a code generator, how many recovery codes are left, when the password was set."""
    app = AuthenticatorApp.objects.filter(account_id=OuterRef("pk")).values("confirmed_at")
    unused = RecoveryCode.objects.filter(account_id=OuterRef("pk"), used_at=None).order_by().values("account_id")
    left = Coalesce(Subquery(unused.annotate(n=Count("id")).values("n")), 0)
    set_at = Password.objects.filter(account_id=OuterRef("pk")).values("set_at")
    row = Account.objects.filter(id=account_id).values_list(Subquery(app), left, Subquery(set_at)).get()
    return row[0], row[1], row[2]


def _factors(app_since: datetime | None, recovery_codes: int, account_id: int) -> Factors:
    return Factors(app_since, list(Passkey.objects.filter(account_id=account_id).order_by("id")), recovery_codes)
