"""Keys, batches, and whom this node trusts."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import first, one
from khue.records import access, sealing, trial
from khue.records.access import Permission
from khue.records.content import Entry, Manifest, written
from khue.records.models import RevocationList, Signature, SigningBatch, SigningKey, TrialAuthority, YearSheet
from khue.records.refusals import KeyNotFound, ProviderSilent, SigningNotSetUp
from khue.schools.models import SchoolClass, SchoolYear

if TYPE_CHECKING:
    from khue.records.signing.demonstration import DemonstrationAuthority
    from khue.records.signing.keys import Certificate, Signer
    from khue.records.signing.session import Session

SEAL = "seal"
DEPOSIT = "deposit"
RESULT = "result"
#: What the key of a demonstration's authority is bound to where it is kept.
TRIAL = "trial"


def visible_keys(actor: Actor) -> QuerySet[SigningKey]:
    """One's own keys, and the seals of the bodies one seals for."""
    own = Q(holder_id=actor.account_id) if actor.account_id else access.NOTHING
    seals = access.own(actor, Permission.KEY_SEAL)
    if seals != access.NOTHING:
        own |= seals & Q(holder=None)
    return SigningKey.objects.filter(own).select_related("organisation", "holder").order_by("-id")


def key_of(actor: Actor, public_id: UUID) -> SigningKey:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_keys(actor), public_id=public_id)


def keys_for(actor: Actor, organisation_id: int, role: str) -> list[SigningKey]:
    """Keys in use with which the actor may sign as this at the school. One query."""
    rows = visible_keys(actor).filter(organisation_id=organisation_id, retired_at=None)
    return list(rows.filter(holder=None) if role in (SEAL, DEPOSIT, RESULT) else rows.exclude(holder=None))


def visible_batches(actor: Actor) -> QuerySet[SigningBatch]:
    """Batches of the school, to whoever may sign or seal there; the newest first."""
    rule = access.any_of(
        access.within(actor, Permission.SHEET_SEAL), access.within(actor, Permission.SHEET_SIGN),
        access.own(actor, Permission.RESULT_SEAL),
    )  # fmt: skip
    return SigningBatch.objects.filter(rule).select_related("key", "job", "school_class", "school_year").order_by("-id")


def batch_numbered(actor: Actor, batch_id: int) -> SigningBatch:
    """For its job. Raises NotFound."""
    return first(list(visible_batches(actor).filter(id=batch_id)))


def waiting_for(
    role: str, school_year: SchoolYear, school_class: SchoolClass | None, after: int = 0
) -> QuerySet[YearSheet]:
    """Sheets that wait to be signed as this, by their number. What the caller may sign, the caller has checked."""
    rows = YearSheet.objects.filter(school_year=school_year, is_latest=True, id__gt=after)
    if school_class is not None:
        rows = rows.filter(school_class=school_class)
    if role == SEAL:
        return rows.filter(state=YearSheet.State.SIGNED).order_by("id")
    if role == DEPOSIT:
        return rows.filter(state=YearSheet.State.SEALED).order_by("id")
    signed = Signature.objects.filter(role=role).values("sheet")
    return rows.filter(state=YearSheet.State.CONFIRMED).exclude(id__in=signed).order_by("id")


def signatures_under(sheets: Sequence[YearSheet]) -> dict[int, list[Signature]]:
    """The signatures under each of these sheets in the order in which they were made. One query."""
    found: dict[int, list[Signature]] = {sheet.id: [] for sheet in sheets}
    for row in Signature.objects.filter(sheet__in=list(found)).select_related("key").order_by("id"):
        found[row.sheet_id].append(row)
    return found


def place_of_key(key: SigningKey) -> str:
    """What a key file is bound to where it is kept."""
    return f"key|{key.organisation_id}|{key.public_id}"


def place_of_secret(batch: SigningBatch) -> str:
    """What the PIN of a batch is bound to."""
    return f"batch|{batch.organisation_id}|{batch.public_id}"


def anchors() -> tuple[bytes, ...]:
    """The roots this node trusts, DER, from the operator's file; where there is none, a demonstration's own. One query.

    An operator who names roots ends the demonstration's signing: its root is then trusted here no more than anywhere.
    """
    if settings.TRUST_FILE:
        return roots_in(settings.TRUST_FILE)
    return tuple(bytes(root) for root in TrialAuthority.objects.values_list("root", flat=True))


def trial_authority() -> "DemonstrationAuthority | None":
    """The authority of a demonstration, where this node has one and trusts nobody else. One query."""
    from khue.records.signing.demonstration import DemonstrationAuthority

    row = None if settings.TRUST_FILE else TrialAuthority.objects.first()
    return None if row is None else DemonstrationAuthority.read(sealing.unseal(bytes(row.sealed), TRIAL))


def trial_key_file(name: str, password: str, at: datetime) -> bytes:
    """A new key of the demonstration's authority, PKCS#12. Raises NotFound on a node without one."""
    authority = trial_authority()
    if authority is None:
        raise NotFound
    return authority.key_file(name, password, at)


@lru_cache(maxsize=4)
def roots_in(file: str) -> tuple[bytes, ...]:
    """The certificates of a PEM file, DER; none where no file is named."""
    if not file:
        return ()
    ends = "-----END CERTIFICATE-----"
    parts = Path(file).read_text().split(ends)[:-1]
    return tuple(ssl.PEM_cert_to_DER_cert(part[part.index("-----BEGIN") :] + ends) for part in parts)


def revocation_lists() -> tuple[bytes, ...]:
    """The newest lists of revoked certificates that this node has. One query."""
    return tuple(bytes(content) for content in RevocationList.objects.values_list("content", flat=True))


def refuse_unless_set_up() -> None:
    """Refused while the operator has named no time stamps or no trusted roots."""
    if not settings.TRUST_FILE and TrialAuthority.objects.exists():
        return
    missing = [
        name for name, value in (("KHUE_TSA_URL", settings.TSA_URL), ("KHUE_TRUST_FILE", settings.TRUST_FILE))
        if not value
    ]  # fmt: skip
    if missing:
        raise SigningNotSetUp(missing=", ".join(missing))


def opened(key: SigningKey, secret: str) -> "Signer":
    """The key, ready to sign. Raises SigningTrouble; SigningNotSetUp. Close it after use."""
    from khue.records.signing.keys import Certificate, Pkcs11Signer, Pkcs12Signer

    if key.kind == SigningKey.Kind.PKCS12:
        return Pkcs12Signer(sealing.unseal(bytes(key.sealed or b""), place_of_key(key)), secret)
    if key.kind == SigningKey.Kind.REMOTE:
        from khue.records.signing.remote import RemoteSigner

        if not settings.REMOTE_SIGNING_URL:
            raise SigningNotSetUp(missing="KHUE_REMOTE_SIGNING_URL")
        return RemoteSigner(settings.REMOTE_SIGNING_URL, settings.REMOTE_SIGNING_TOKEN, key.locator, secret)
    if not settings.PKCS11_MODULE:
        raise SigningNotSetUp(missing="KHUE_PKCS11_MODULE")
    token, _, label = key.locator.partition("/")
    certificate = Certificate(bytes(key.certificate), chain_of(key))
    return Pkcs11Signer(settings.PKCS11_MODULE, token, label, secret, certificate)


def remote_certificate(credential: str) -> "Certificate":
    """What the signing service says of a credential. Raises KeyNotFound, ProviderSilent, SigningNotSetUp."""
    from khue.records.signing.keys import KeyMissing, ProviderFailed
    from khue.records.signing.remote import RemoteSigner

    if not settings.REMOTE_SIGNING_URL:
        raise SigningNotSetUp(missing="KHUE_REMOTE_SIGNING_URL")
    try:
        signer = RemoteSigner(settings.REMOTE_SIGNING_URL, settings.REMOTE_SIGNING_TOKEN, credential.strip(), "")
    except KeyMissing:
        raise KeyNotFound from None
    except ProviderFailed as error:
        raise ProviderSilent(detail=str(error)[:200]) from error
    signer.close()
    return signer.certificate


def places_for_keys() -> "dict[str, bool]":
    """Which kinds of keys this node can use, as its operator has set it up."""
    return {
        str(SigningKey.Kind.PKCS12): True, str(SigningKey.Kind.PKCS11): bool(settings.PKCS11_MODULE),
        str(SigningKey.Kind.REMOTE): bool(settings.REMOTE_SIGNING_URL),
    }  # fmt: skip


def chain_of(key: SigningKey) -> tuple[bytes, ...]:
    """The certificates above a key's own, DER."""
    return tuple(bytes.fromhex(one) for one in key.chain)


def session_of(key: SigningKey, secret: str) -> "Session":
    """A session that signs with the key. Raises SigningTrouble; SigningNotSetUp."""
    from khue.records.signing.session import Session

    refuse_unless_set_up()
    trial = trial_authority()
    if trial is not None:
        from khue.records.signing.demonstration import STAMPS, lines_to

        return Session(opened(key, secret), STAMPS, anchors(), lines_to(trial))
    return Session(opened(key, secret), settings.TSA_URL, anchors())


def secret_of(batch: SigningBatch) -> str:
    """The PIN of a batch that still runs. Raises NotFound once it was forgotten."""
    if batch.secret is None:
        raise NotFound
    return sealing.unseal(bytes(batch.secret), place_of_secret(batch)).decode()


def manifest_of(kind: str, subject: UUID, school: str, at: datetime, entries: tuple[Entry, ...]) -> bytes:
    """The manifest of a package, to be sealed: "hoc-ba" of a learner, or "nop" of a year that is handed in."""
    return written(Manifest(kind, subject.hex, school, at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), entries))


def revocation_addresses() -> list[tuple[bytes, str]]:
    """(issuer's certificate, where its list is) for every key this node has signed with, each once. One query."""
    from khue.records.signing.evidence import addresses_of

    found: dict[str, bytes] = {}
    for key in SigningKey.objects.exclude(issuer__contains=trial.NAME).only("certificate", "chain"):
        path = [bytes(key.certificate), *chain_of(key)]
        for subject, issuer in pairwise(path):
            for address in addresses_of(subject)[:1]:
                found[address] = issuer
    return [(issuer, address) for address, issuer in found.items()]
