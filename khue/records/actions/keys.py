"""Keys: told to the node once, used with a PIN each time, retired."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.records import sealing
from khue.records.access import Permission, require_own
from khue.records.models import RevocationList, SigningKey
from khue.records.queries.signing import anchors, opened, place_of_key
from khue.records.refusals import (
    CertificateExpired,
    CertificateNotTrusted,
    KeyNotFound,
    KeyRetired,
    ProviderSilent,
    WrongKeySecret,
)
from khue.registry.models import Organisation

if TYPE_CHECKING:
    from khue.records.signing.keys import Certificate

Kind = SigningKey.Kind


@transaction.atomic
def add_key_file(
    *, actor: Actor, organisation: Organisation, is_seal: bool, title: str, file: bytes, password: str, at: datetime
) -> SigningKey:
    """Keep a PKCS#12 file: one's own key, or the seal of a school. The password is only tried, and kept nowhere.

    refuses  WrongKeySecret, KeyNotFound, CertificateNotTrusted, CertificateExpired
    """
    from khue.records.signing.keys import KeyMissing, Pkcs12Signer, WrongSecret

    _require(actor, organisation, is_seal=is_seal)
    try:
        signer = Pkcs12Signer(file, password)
    except WrongSecret:
        raise WrongKeySecret from None
    except KeyMissing:
        raise KeyNotFound from None
    key = _described(actor, organisation, signer.certificate, Kind.PKCS12, title, "", at, is_seal=is_seal)
    key.sealed = sealing.seal(file, place_of_key(key))
    return _kept(actor, key)


@transaction.atomic
def add_token_key(
    *,
    actor: Actor,
    organisation: Organisation,
    is_seal: bool,
    title: str,
    token: str,
    label: str,
    certificates: bytes,
    at: datetime,
) -> SigningKey:
    """Name a key of a token that is plugged into the node.

    certificates  PEM: the key's own first, then those above it
    refuses       CertificateNotTrusted, CertificateExpired, KeyNotFound where there is no certificate in the text
    """  # fmt: skip
    from cryptography import x509

    from khue.records.signing.keys import Certificate, in_order

    _require(actor, organisation, is_seal=is_seal)
    try:
        own, *others = x509.load_pem_x509_certificates(certificates)
    except ValueError:
        raise KeyNotFound from None
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = Certificate(own.public_bytes(Encoding.DER), in_order(own, others))
    key = _described(
        actor, organisation, certificate, Kind.PKCS11, title, f"{token.strip()}/{label.strip()}", at, is_seal=is_seal
    )
    return _kept(actor, key)


@transaction.atomic
def retire_key(*, actor: Actor, key: SigningKey, at: datetime) -> None:
    """Let a key sign nothing more. What it signed stays; a key file is dropped.

    refuses  KeyRetired
    """
    _require(actor, key.organisation, is_seal=key.holder_id is None)
    if key.holder_id not in (None, actor.account_id):
        raise Forbidden
    if key.retired_at is not None:
        raise KeyRetired
    key.retired_at = at
    key.save(update_fields=["retired_at"])
    audit.record(actor, "signing_key.retired", key, serial=key.serial)


def _require(actor: Actor, organisation: Organisation, *, is_seal: bool) -> None:
    require_own(actor, Permission.KEY_SEAL if is_seal else Permission.KEY_OWN, organisation.id)


def _described(
    actor: Actor, organisation: Organisation, certificate: "Certificate", kind: str, title: str, locator: str,
    at: datetime, *, is_seal: bool,
) -> SigningKey:  # fmt: skip
    from cryptography import x509

    from khue.records.signing.judge import name_of
    from khue.records.signing.keys import ProviderFailed, path_to

    own = x509.load_der_x509_certificate(certificate.own)
    first, last = own.not_valid_before_utc, own.not_valid_after_utc
    if not first <= at <= last:
        shown = [f"{one.astimezone(VIETNAM):%d/%m/%Y}" for one in (first, last)]
        raise CertificateExpired(name=name_of(own), first=shown[0], last=shown[1])
    try:
        chain = path_to(certificate, anchors())
    except ProviderFailed:
        raise CertificateNotTrusted(name=name_of(own), issuer=own.issuer.rfc4514_string()) from None
    return SigningKey(
        organisation=organisation, holder_id=None if is_seal else actor.account_id, kind=kind,
        title=title.strip() or name_of(own), certificate=certificate.own, chain=[one.hex() for one in chain],
        serial=f"{own.serial_number:x}", issuer=own.issuer.rfc4514_string(), locator=locator, valid_from=first,
        valid_to=last, added_at=at, added_by_id=actor.account_id,
    )  # fmt: skip


def _kept(actor: Actor, key: SigningKey) -> SigningKey:
    key.save()
    audit.record(actor, "signing_key.added", key, kind=key.kind, serial=key.serial, seal=key.holder_id is None)
    return key


@transaction.atomic
def add_remote_key(
    *,
    actor: Actor,
    organisation: Organisation,
    is_seal: bool,
    title: str,
    credential: str,
    certificate: "Certificate",
    at: datetime,
) -> SigningKey:
    """Name a credential of the signing service. certificate: as the service has told it (queries.remote_certificate).

    refuses  CertificateNotTrusted, CertificateExpired
    """  # fmt: skip
    _require(actor, organisation, is_seal=is_seal)
    key = _described(actor, organisation, certificate, Kind.REMOTE, title, credential.strip(), at, is_seal=is_seal)
    return _kept(actor, key)


@transaction.atomic
def try_key(*, actor: Actor, key: SigningKey, secret: str, at: datetime) -> None:
    """Sign something of no worth and hold it against the certificate: does the key work? The PIN is kept nowhere.

    refuses  KeyRetired, CertificateExpired, WrongKeySecret, KeyNotFound, ProviderSilent, SigningNotSetUp
    """
    from khue.records.signing.keys import KeyMissing, ProviderFailed, SigningTrouble, WrongSecret, holds

    _require(actor, key.organisation, is_seal=key.holder_id is None)
    if key.holder_id not in (None, actor.account_id):
        raise Forbidden
    if key.retired_at is not None:
        raise KeyRetired
    if at > key.valid_to:
        shown = [f"{one.astimezone(VIETNAM):%d/%m/%Y}" for one in (key.valid_from, key.valid_to)]
        raise CertificateExpired(name=key.title, first=shown[0], last=shown[1])
    message = f"thu-ky {key.public_id} {at.isoformat()}".encode()
    try:
        signer = opened(key, secret)
        try:
            value = signer.sign([message])[0]
        finally:
            signer.close()
    except WrongSecret:
        raise WrongKeySecret from None
    except KeyMissing:
        raise KeyNotFound from None
    except (ProviderFailed, SigningTrouble) as error:
        raise ProviderSilent(detail=str(error.__cause__ or error)[:200] or type(error).__name__) from error
    if not holds(bytes(key.certificate), message, value):
        raise KeyNotFound
    audit.record(actor, "signing_key.tried", key, serial=key.serial)


@transaction.atomic
def keep_revocation_list(*, actor: Actor, issuer: bytes, address: str, content: bytes, at: datetime) -> bool:
    """The clock keeps the newest list of an authority. Returns whether it is newer than the one before.

    issuer  the authority's certificate, DER. What it has not signed, or an older list, is left aside.
    """
    from cryptography import x509

    from khue.records.signing.certified import is_list_of

    if not actor.is_system:
        raise Forbidden
    if not is_list_of(content, issuer):
        return False
    issued_at = x509.load_der_x509_crl(content).last_update_utc
    name = hashlib.sha256(issuer).hexdigest()
    kept = RevocationList.objects.select_for_update().filter(issuer=name).first()
    if kept is not None and kept.this_update >= issued_at:
        return False
    RevocationList.objects.update_or_create(
        issuer=name, defaults={"address": address, "content": content, "this_update": issued_at, "fetched_at": at}
    )
    audit.record(actor, "revocation_list.kept", None, issuer=name)
    return True
