"""What leaves the school: copies, extracts, whole packages, codes that show a part; each is written down."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from khue.foundation import audit, paper, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.foundation.models import StoredFile
from khue.records import access, rendering, sharing
from khue.records.access import Permission
from khue.records.models import Issue, Share, SigningKey, Transcript, YearSheet
from khue.records.queries.sheets import content_in, sheets_of_transcript
from khue.records.queries.signing import chain_of, manifest_of, session_of, signatures_under
from khue.records.queries.whole_records import documents_of
from khue.records.refusals import NothingShared, NothingToDo, ReasonMissing, ShareTooLong
from khue.records.sharing import Part


@transaction.atomic
def issue_copy(*, actor: Actor, sheet: YearSheet, form: str, to: str, at: datetime) -> StoredFile:
    """Give out the electronic version of a sealed sheet. Returns the file, XML or PDF, whose bytes are the original's.

    form     "xml" or "pdf"
    refuses  NothingToDo while it is not sealed
    """
    _require_holder_or_office(actor, sheet.transcript, sheet.organisation_id)
    file = sheet.xml if form == "xml" else sheet.pdf
    if file is None:
        raise NothingToDo
    _write_down(actor, sheet.transcript, at, kind="copy", sheet=sheet, to=to, digest=file.sha256)
    audit.record(actor, "sheet.issued", sheet, form=form, to=to)
    return file


@transaction.atomic
def issue_extract(
    *, actor: Actor, sheet: YearSheet, parts: Collection[Part], to: str, reason: str, at: datetime
) -> bytes:
    """Give out an extract (trích lục) of a sealed sheet as PDF, with these parts alone.

    refuses  NothingToDo while it is not sealed; NothingShared without a part; ReasonMissing
    """
    require(actor, Permission.SHEET_ISSUE, within=sheet)
    if sheet.sealed_at is None:
        raise NothingToDo
    if not parts:
        raise NothingShared
    if not reason.strip():
        raise ReasonMissing
    content = sharing.limited(content_in(sheet), parts)
    signers = [rendering.signer(one.role, one.key.title, one.stamped_at) for one in signatures_under([sheet])[sheet.id]]
    made = paper.pdf(rendering.html_of(content, signers, parts=parts, extract=True), variant="pdf/a-3b")
    _write_down(
        actor,
        sheet.transcript,
        at,
        kind="extract",
        sheet=sheet,
        to=to,
        parts=parts,
        reason=reason,
        digest=_digest(made),
    )
    audit.record(actor, "sheet.extracted", sheet, parts=sorted(parts), to=to)
    return made


def package_of(*, actor: Actor, transcript: Transcript, key: SigningKey, secret: str, to: str, at: datetime) -> bytes:
    """A learner's whole record in one ZIP: every sealed sheet as XML and PDF, certificates, and a sealed manifest.

    key, secret  the school's seal; the manifest names every file with its SHA-256, so that one that is gone is missed
    refuses      NothingToDo where nothing is sealed; WrongKeySecret and the like as signing does
    Signs before it writes: no transaction waits for a token.
    """
    from khue.records.signing.packages import as_pem, entries_of, packed

    require(actor, Permission.SHEET_ISSUE, within=transcript)
    if key.holder_id is not None or key.organisation_id != transcript.organisation_id:
        raise Forbidden
    sheets = sheets_of_transcript(transcript)
    if not sheets:
        raise NothingToDo
    with scope.raised(actor):
        contents = documents_of(transcript)
    for number, one in enumerate((bytes(key.certificate), *chain_of(key))):
        contents[f"chung-thu/{number}.pem"] = as_pem(one)
    manifest = manifest_of("hoc-ba", transcript.public_id, transcript.organisation.name, at, entries_of(contents))
    with session_of(key, secret) as session:
        made = packed(contents, session.seal([manifest], [[]], at)[0])
    with transaction.atomic():
        _write_down(actor, transcript, at, kind="package", to=to, digest=_digest(made))
        audit.record(actor, "transcript.packaged", transcript, sheets=len(sheets), to=to)
    return made


@transaction.atomic
def share(
    *,
    actor: Actor,
    transcript: Transcript,
    parts: Collection[Part],
    years: Collection[str],
    days: int,
    to: str,
    at: datetime,
) -> Share:
    """Let whoever has the code see these parts of these years, for some days. By the holder, or who decides for it.

    years    codes of school years
    refuses  NothingShared, ShareTooLong
    source   Luật 91/2025/QH15: a child's data are shown to others only by who may decide for it
    """  # fmt: skip
    require(actor, Permission.SHARE_MAKE, within=transcript)
    access.refuse_strangers(actor, transcript.person_id)
    sealed = {sheet.school_year.code for sheet in sheets_of_transcript(transcript)}
    chosen = sorted(sealed & set(years))
    if not parts or not chosen:
        raise NothingShared
    if not 1 <= days <= sharing.MOST_DAYS:
        raise ShareTooLong(days=sharing.MOST_DAYS)
    made = Share(
        organisation_id=transcript.organisation_id, transcript=transcript, parts=sorted(parts), years=chosen,
        to=to.strip()[:200], made_at=at, made_by_id=actor.account_id, expires_at=at + timedelta(days=days),
    )  # fmt: skip
    made.code_hash = sharing.hash_of(sharing.code_of(made.public_id))
    made.save()
    _write_down(actor, transcript, at, kind="share", to=made.to, parts=parts)
    audit.record(actor, "share.made", made, parts=made.parts, years=chosen, days=days)
    return made


@transaction.atomic
def end_share(*, actor: Actor, share: Share, at: datetime) -> None:
    """Close a code before its day."""
    require(actor, Permission.SHARE_MAKE, within=share)
    access.refuse_strangers(actor, share.transcript.person_id)
    if share.ended_at is None:
        Share.objects.filter(id=share.id, ended_at=None).update(ended_at=at)
        audit.record(actor, "share.ended", share)


@transaction.atomic
def note_check(*, actor: Actor, share: Share, address: str, at: datetime) -> None:
    """Somebody looked at what a code shows: the holder sees when. For the page that anybody may open.

    Changes nothing but the log of the share it was opened by; knowing the code is the permission.
    """
    _require_code(share, at)
    with scope.of_organisation(share.organisation_id):
        Share.objects.filter(id=share.id).update(seen=F("seen") + 1)
        Issue.objects.create(
            organisation_id=share.organisation_id, transcript_id=share.transcript_id, kind="check", parts=share.parts,
            to=address, by_id=actor.account_id, by_name=actor.name or "Khách", at=at,
        )  # fmt: skip
        audit.record(actor, "share.seen", share)


def _require_code(share: Share, at: datetime) -> None:
    if share.ended_at is not None or share.expires_at <= at:
        raise Forbidden


def _require_holder_or_office(actor: Actor, transcript: Transcript, organisation_id: int) -> None:
    if not actor.may(Permission.SHEET_ISSUE, organisation_id):
        require(actor, Permission.SHEET_READ_OWN, within=organisation_id)
        access.refuse_strangers(actor, transcript.person_id)


def _write_down(
    actor: Actor, transcript: Transcript, at: datetime, *, kind: str, sheet: YearSheet | None = None, to: str = "",
    parts: Collection[Part] = (), reason: str = "", digest: str = "",
) -> None:  # fmt: skip
    Issue.objects.create(
        organisation_id=sheet.organisation_id if sheet else transcript.organisation_id, transcript=transcript,
        sheet=sheet, kind=kind, parts=sorted(parts), to=to.strip()[:200], reason=reason.strip(), digest=digest,
        by_id=actor.account_id, by_name=actor.name, at=at,
    )  # fmt: skip


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
