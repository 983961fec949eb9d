"""What a file is worth, and what a code shows: for anybody, signed in or not."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.records import access, sharing, trial
from khue.records.content import Content, Manifest
from khue.records.models import Share, Signature, YearSheet
from khue.records.queries.results import is_result
from khue.records.queries.sheets import content_in, newer_than
from khue.records.queries.signing import anchors, revocation_lists
from khue.records.results import Result
from khue.records.sharing import Part
from khue.records.signing.process import content_from, judged_apart, manifest_from, result_from
from khue.records.signing.verdicts import Verdict, gravest


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """One signature of a file, as it is told. stamped_at: by its time stamp; None where there is no good one."""

    role: str
    signer: str
    issuer: str
    stamped_at: datetime | None
    verdict: Verdict
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentFound:
    """One sheet as XML within what was judged. content: only where its bytes are what was sealed."""

    name: str
    verdict: Verdict
    digest: str
    content: Content | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file is worth.

    verdict   the gravest of what was found; see Verdict
    content   what it says, only where its bytes are what was sealed; manifest: of a package
    parts     the documents of a package or PDF with their own verdicts
    documents the sheets themselves, each once
    pages     of a PDF, and how many were sealed
    is_known  this node has issued it
    result    what the document of a procedure says, likewise
    """

    verdict: Verdict
    signatures: list[SignatureFound]
    content: Content | None = None
    manifest: Manifest | None = None
    digest: str = ""
    pages: int | None = None
    pages_sealed: int | None = None
    parts: tuple[tuple[str, Verdict], ...] = ()
    is_known: bool = False
    documents: tuple[DocumentFound, ...] = ()
    result: Result | None = None

    @property
    def is_trial(self) -> bool:
        """Whether a key of a demonstration signed it, trusted here or not."""
        return any(trial.is_trial(one.issuer) for one in self.signatures)


def verify(data: bytes) -> Verified:
    """What a transcript (XML, PDF), a result of a procedure (PDF) or a package (ZIP) is worth.

    Judged by a process of its own.

    Says nothing of who may see it: whoever has the file has read it already.
    cost  0.1 s (the first of a minute 0.6), at most three queries; nothing is fetched, the clock keeps the lists of
          revocations
    """
    said = judged_apart(data, anchors(), revocation_lists())
    digest = str(said.get("digest", ""))
    with scope.of(SYSTEM):
        newer = newer_than(digest) if digest else None
    found = _verified(said, newer)
    if found.result is None:
        return found
    return replace(found, is_known=is_result(hashlib.sha256(data).hexdigest()))


def verify_alone(data: bytes, roots: tuple[bytes, ...], lists: tuple[bytes, ...]) -> Verified:
    """As verify, by these roots and lists of revoked certificates (DER) alone: no database, no line."""
    return _verified(judged_apart(data, roots, lists), None)


def _verified(said: dict[str, Any], newer: bool | None) -> Verified:
    verdicts = [Verdict(said["verdict"])]
    if newer and verdicts[0].is_good:
        verdicts.append(Verdict.SUPERSEDED)
    return Verified(
        gravest(verdicts),
        [_signature(each) for each in said.get("signatures", ())],
        content_from(said.get("content")), manifest_from(said.get("manifest")), str(said.get("digest", "")),
        said.get("pages"), said.get("pages_sealed"),
        tuple((name, Verdict(part["verdict"])) for name, part in said.get("parts", ())),
        newer is not None, _documents(said), result_from(said.get("result")),
    )  # fmt: skip


def _documents(said: dict[str, Any]) -> tuple[DocumentFound, ...]:
    """The sheets of a package, or the one that the file is, by the digest of what they say."""
    parts = said.get("parts", ()) if said.get("manifest") else [("hoc-ba", said)]
    found: dict[str, DocumentFound] = {}
    for name, part in parts:
        content = content_from(part.get("content"))
        if content is not None and part["digest"] not in found:
            found[part["digest"]] = DocumentFound(name, Verdict(part["verdict"]), part["digest"], content)
    return tuple(found.values())


def _signature(said: dict[str, Any]) -> SignatureFound:
    return SignatureFound(
        said["role"], said["signer"], said["issuer"], _instant(said["stamped_at"]), Verdict(said["verdict"]),
        _instant(said["revoked_at"]),
    )  # fmt: skip


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Shown:
    """One year as its holder lets it be seen: the content without what is not shared."""

    sheet: YearSheet
    content: Content


@dataclass(frozen=True, slots=True)
class SharedView:
    """What a code opens."""

    share: Share
    parts: frozenset[Part]
    years: list[Shown]
    is_trial: bool = False


def shared_by(code: str, at: datetime) -> SharedView:
    """What the holder shows under a code. Raises NotFound for a wrong, ended or expired one alike. Five queries.

    Looks beyond any scope: the code is the permission. `actions.note_check` writes that it was used.
    """
    with scope.of(SYSTEM):
        share = (
            Share.objects.filter(code_hash=sharing.hash_of(code), expires_at__gt=at, ended_at=None)
            .select_related("transcript__person", "organisation").first()
        )  # fmt: skip
        if share is None or not sharing.tidy(code):
            raise NotFound
        rows = YearSheet.objects.filter(transcript=share.transcript_id, sealed_at__isnull=False)
        rows = rows.filter(school_year__code__in=share.years).select_related("school_year", "organisation", "pdf")
        newest: dict[int, YearSheet] = {}
        for sheet in rows.order_by("school_year__starts_on", "version"):
            newest[sheet.school_year_id] = sheet
        parts = frozenset(Part(each) for each in share.parts)
        years = [Shown(sheet, sharing.limited(content_in(sheet), parts)) for sheet in newest.values()]
        signed = Signature.objects.filter(sheet__in=newest.values(), key__issuer__contains=trial.NAME)
        is_trial = bool(newest) and signed.exists()
    return SharedView(share, parts, years, is_trial)


def shares_of(transcript_id: int) -> Sequence[Share]:
    """The codes of a transcript, the newest first. One query. transcript: from a query that says who may see it."""
    return list(Share.objects.filter(transcript=transcript_id).order_by("-id")[:50])


def share_of(actor: Actor, public_id: UUID) -> Share:
    """A code of one's own transcript or a ward's. Raises NotFound."""
    rows = Share.objects.filter(transcript__person_id__in=access.children(actor))
    return one(rows.select_related("transcript__person", "organisation"), public_id=public_id)


def address_of(code: str) -> str:
    """The path at which anybody may look at what a code shows."""
    return reverse("records:shared", args=[code])
