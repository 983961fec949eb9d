"""Identity providers people may sign in with: the operator's list."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.identity import queries
from khue.identity.access import Permission
from khue.identity.models import Provider
from khue.identity.sealing import seal


class ProviderKeyTaken(Refusal):
    code = "provider_key_taken"
    field = "key"
    message = _("Đã có nhà cung cấp dùng khoá “%(key)s”. Hãy chọn khoá khác.")


class IssuerNotSafe(Refusal):
    code = "issuer_not_safe"
    field = "issuer"
    message = _("Địa chỉ của nhà cung cấp phải bắt đầu bằng https:// và không có tham số.")


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """What the provider and the node agreed upon.

    client_secret  as the provider gave it; kept encrypted and never shown again
    number_claim   the claim with the verified 12-digit number; "" where the provider vouches for none
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = ""
    scopes: str = "openid"
    number_claim: str = ""


@transaction.atomic
def add_provider(*, actor: Actor, details: ProviderDetails) -> Provider:
    """Let people sign in with an identity of this provider from now on.

    refuses  IssuerNotSafe; ProviderKeyTaken
    """
    require(actor, Permission.PROVIDER_WRITE, within=None)

    parts = urlsplit(details.issuer)
    is_safe = parts.scheme == "https" or (settings.DEBUG and parts.scheme == "http")
    if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise IssuerNotSafe
    try:
        with transaction.atomic():
            made = Provider.objects.create(
                key=details.key,
                name=details.name,
                issuer=details.issuer,
                client_id=details.client_id,
                client_secret=seal("provider", details.client_secret.encode()) if details.client_secret else b"",
                scopes=" ".join(dict.fromkeys(["openid", *details.scopes.split()])),
                number_claim=details.number_claim,
            )
    except IntegrityError:
        raise ProviderKeyTaken(key=details.key) from None
    audit.record(actor, "provider.added", made, key=made.key, issuer=made.issuer, number_claim=made.number_claim)
    queries.forget_offered_providers()
    return made


@transaction.atomic
def switch_provider(*, actor: Actor, provider: Provider, is_enabled: bool) -> None:
    """Stop, or let again, people sign in with a provider. Their links stay."""
    require(actor, Permission.PROVIDER_WRITE, within=None)

    if Provider.objects.filter(id=provider.id).exclude(is_enabled=is_enabled).update(is_enabled=is_enabled):
        audit.record(actor, "provider.enabled" if is_enabled else "provider.disabled", provider, key=provider.key)
        queries.forget_offered_providers()
