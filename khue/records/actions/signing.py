"""Signing: batches that a job works off, and the signatures it brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from khue.foundation import audit, files, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.foundation.models import StoredFile
from khue.records import access, sealing
from khue.records.access import Permission
from khue.records.actions.preparing import note
from khue.records.models import Signature, SigningBatch, SigningKey, YearSheet
from khue.records.queries.signing import DEPOSIT, RESULT, SEAL, place_of_secret, refuse_unless_set_up, waiting_for
from khue.records.refusals import AlreadyRunning, KeyRetired, NothingToDo
from khue.schools.models import SchoolClass, SchoolYear

State = YearSheet.State
SIGN = "records.sign"
DOCUMENT = "records.document"
#: Whose signatures a sheet needs before it is sealed. The order in which they sign is free: the circular's is unknown.
_PERMISSIONS = {SEAL: Permission.SHEET_SEAL, DEPOSIT: Permission.SHEET_DEPOSIT}
_ENDS = {**_PERMISSIONS, RESULT: Permission.RESULT_SEAL}
NEEDED = ("homeroom", "head")


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """A signature that a session has made under a sheet, with the digest of what it signed."""

    sheet: YearSheet
    digest: str
    xml: bytes
    stamped_at: datetime


@dataclass(frozen=True, slots=True)
class SealedSheet:
    """A sealed document and its rendering."""

    sheet: YearSheet
    digest: str
    xml: bytes
    pdf: bytes
    pages: int


@transaction.atomic
def begin_batch(
    *,
    actor: Actor,
    school_year: SchoolYear,
    school_class: SchoolClass | None,
    role: str,
    key: SigningKey,
    secret: str,
    at: datetime,
    recipient: str = "",
) -> SigningBatch:
    """Ask for all sheets of a class or a year that wait for it to be signed, or sealed, with one key.

    role     "homeroom" (of the class one leads), "head", "seal", or "deposit": the package is sealed
    secret   PIN or password; kept encrypted until the job ends, no longer
    refuses  NothingToDo, KeyRetired, AlreadyRunning, SigningNotSetUp
    """  # fmt: skip
    require(actor, _PERMISSIONS.get(role, Permission.SHEET_SIGN), within=school_year)
    _refuse_wrong_hand(actor, school_year, school_class, role, key)
    refuse_unless_set_up()
    if key.retired_at is not None:
        raise KeyRetired
    if not waiting_for(role, school_year, school_class).exists():
        raise NothingToDo
    _refuse_second(school_year, school_class, role)
    batch = SigningBatch(
        organisation_id=school_year.organisation_id, school_year=school_year, school_class=school_class, role=role,
        key=key, begun_at=at, begun_by_id=actor.account_id,
    )  # fmt: skip
    batch.secret = sealing.seal(secret.encode(), place_of_secret(batch))
    batch.save()
    batch.job = jobs.start(
        actor=actor, kind=SIGN, organisation_id=batch.organisation_id, at=at, title=_title(batch),
        arguments={"batch": batch.id, "recipient": recipient},
    )  # fmt: skip
    batch.save(update_fields=["job"])
    audit.record(actor, "signing_batch.begun", batch, role=role, key=key.serial)
    return batch


def _refuse_second(school_year: SchoolYear, school_class: SchoolClass | None, role: str) -> None:
    """The row of the year is the lock: two taps on one button begin one batch."""
    running = SigningBatch.objects.select_for_update().filter(school_year=school_year, role=role, ended_at=None)
    if any(one.school_class_id in (None, getattr(school_class, "id", None)) or school_class is None for one in running):
        raise AlreadyRunning


def _title(batch: SigningBatch) -> str:
    what = {SEAL: _("Đóng dấu học bạ"), DEPOSIT: _("Nộp học bạ"), "head": _("Hiệu trưởng ký học bạ")}.get(
        batch.role, _("Ký học bạ")
    )
    where = batch.school_class.name if batch.school_class else batch.year.code
    return f"{what} {where}"


def _refuse_wrong_hand(
    actor: Actor, school_year: SchoolYear, school_class: SchoolClass | None, role: str, key: SigningKey
) -> None:
    """Forbidden to sign as somebody else, with somebody else's key, or elsewhere."""
    if key.organisation_id != school_year.organisation_id or (key.holder_id is None) != (role in _PERMISSIONS):
        raise Forbidden
    if role not in _PERMISSIONS and key.holder_id != actor.account_id:
        raise Forbidden
    if school_class is not None and school_class.school_year_id != school_year.id:
        raise Forbidden
    if role == "head":
        require(actor, Permission.SHEET_CONFIRM, within=school_year)
    elif role == "homeroom":
        if school_class is None:
            raise Forbidden
        access.refuse_unless_leading(actor, school_class)
    elif role not in _PERMISSIONS:
        raise Forbidden


@transaction.atomic
def keep_signatures(*, actor: Actor, batch: SigningBatch, signed: Sequence[SignedSheet], at: datetime) -> int:
    """Keep signatures that a session has made for a batch. Returns how many were new: made twice, one is kept.

    A sheet that was changed, or signed, since it was read is left out.
    """
    require(actor, Permission.SHEET_SIGN, within=batch)
    _refuse_ended(batch)
    sheets = _still(signed, State.CONFIRMED)
    done = set(Signature.objects.filter(sheet__in=sheets, role=batch.role).values_list("sheet_id", flat=True))
    fresh = [one for one in signed if one.sheet.id in sheets and one.sheet.id not in done]
    Signature.objects.bulk_create(
        Signature(
            organisation_id=batch.organisation_id, sheet_id=one.sheet.id, role=batch.role, key_id=batch.key_id,
            xml=one.xml, stamped_at=one.stamped_at,
        )
        for one in fresh
    )  # fmt: skip
    note(actor, [sheets[one.sheet.id] for one in fresh], "signed", at, role=batch.role)
    _move_signed([one.sheet.id for one in fresh])
    for one in fresh:
        audit.record(actor, "sheet.signed", sheets[one.sheet.id], role=batch.role, digest=one.digest)
    return len(fresh)


def _still(made: Sequence[SignedSheet] | Sequence[SealedSheet], state: str) -> dict[int, YearSheet]:
    """Those of the sheets that are as they were when they were read, locked."""
    digests = {one.sheet.id: one.digest for one in made}
    rows = YearSheet.objects.select_for_update(of=("self",)).filter(id__in=list(digests), state=state, is_latest=True)
    return {row.id: row for row in rows.order_by("id") if row.digest == digests[row.id]}


def _move_signed(sheet_ids: Sequence[int]) -> None:
    rows = YearSheet.objects.filter(id__in=list(sheet_ids))
    for role in NEEDED:
        rows = rows.filter(id__in=Signature.objects.filter(role=role).values("sheet"))
    rows.update(state=State.SIGNED)


@transaction.atomic
def keep_seals(*, actor: Actor, batch: SigningBatch, sealed: Sequence[SealedSheet], at: datetime) -> int:
    """Keep sealed documents that a session has made for a batch. Returns how many were new."""
    require(actor, Permission.SHEET_SEAL, within=batch)
    _refuse_ended(batch)
    sheets = _still(sealed, State.SIGNED)
    kept = []
    for one in sealed:
        sheet = sheets.get(one.sheet.id)
        if sheet is None:
            continue
        sheet.xml = _stored(actor, sheet, one.xml, "xml", at)
        sheet.pdf = _stored(actor, sheet, one.pdf, "pdf", at)
        sheet.pages, sheet.state, sheet.sealed_at = one.pages, State.SEALED, at
        kept.append(sheet)
        audit.record(actor, "sheet.sealed", sheet, digest=one.digest, key=batch.key.serial)
    YearSheet.objects.bulk_update(kept, ["xml", "pdf", "pages", "state", "sealed_at"])
    note(actor, kept, "sealed", at, role=SEAL)
    return len(kept)


def _refuse_ended(batch: SigningBatch) -> None:
    if batch.ended_at is not None:
        raise Forbidden


def _stored(actor: Actor, sheet: YearSheet, content: bytes, ending: str, at: datetime) -> StoredFile:
    name = f"hoc-ba-{sheet.public_id.hex[:12]}-{sheet.version}.{ending}"
    return files.store(
        actor=actor, stream=BytesIO(content), name=name, purpose=DOCUMENT, organisation_id=sheet.organisation_id, at=at
    )


@transaction.atomic
def end_batch(*, actor: Actor, batch: SigningBatch, at: datetime) -> None:
    """The batch is over, however it ended: its PIN is forgotten."""
    require(actor, _ENDS.get(batch.role, Permission.SHEET_SIGN), within=batch)
    SigningBatch.objects.filter(id=batch.id).update(ended_at=at, secret=None)
    audit.record(actor, "signing_batch.ended", batch)


@transaction.atomic
def forget_secrets(*, actor: Actor, before: datetime, at: datetime) -> int:
    """The clock forgets the PINs of batches whose job is over, or that began before an instant. Returns how many."""
    if not actor.is_system:
        raise Forbidden
    over = Q(job__state__in=("done", "failed", "cancelled")) | Q(begun_at__lt=before) | Q(job=None)
    rows = list(SigningBatch.objects.filter(over, ended_at=None))
    SigningBatch.objects.filter(id__in=[row.id for row in rows]).update(ended_at=at, secret=None)
    for row in rows:
        audit.record(actor, "signing_batch.ended", row)
    return len(rows)
