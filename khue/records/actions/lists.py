"""The sealed list of a learner's whole record, and the package that a family makes of it without anybody's PIN."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Issue, SealedList, SigningBatch, Transcript
from khue.records.queries.whole_records import documents_of, listed_in
from khue.records.refusals import NoListYet, TooManyPackages

MOST_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class ListMade:
    """A sealed manifest of a transcript that a session has made."""

    transcript: Transcript
    xml: bytes
    certificates: tuple[str, ...]


@transaction.atomic
def keep_lists(*, actor: Actor, batch: SigningBatch, made: list[ListMade], at: datetime) -> None:
    """Keep the sealed lists that a batch has made; each takes the place of the one before."""
    require(actor, Permission.SHEET_SEAL, within=batch)
    for one in made:
        row, _is_new = SealedList.objects.update_or_create(
            transcript=one.transcript,
            defaults={
                "organisation_id": batch.organisation_id, "xml": one.xml, "certificates": list(one.certificates),
                "sealed_at": at,
            },
        )  # fmt: skip
        audit.record(actor, "transcript.listed", one.transcript, digest=hashlib.sha256(one.xml).hexdigest(), row=row.id)


@transaction.atomic
def download_whole_record(*, actor: Actor, transcript: Transcript, at: datetime) -> bytes:
    """The learner's whole record as one signed package, for the learner or whoever speaks for it. Written down.

    refuses  NoListYet; TooManyPackages after five in an hour by anybody
    """
    require(actor, Permission.SHEET_READ_OWN, within=transcript)
    access.refuse_strangers(actor, transcript.person_id)
    recent = Issue.objects.filter(transcript=transcript, kind="package", at__gt=at - timedelta(hours=1))
    if recent.filter(by_id=actor.account_id).count() >= MOST_AN_HOUR:
        raise TooManyPackages(count=MOST_AN_HOUR)
    # What other schools of this node have sealed is the learner's as well.
    with scope.raised(actor):
        made = packed_as_listed(transcript)
    digest = hashlib.sha256(made).hexdigest()
    Issue.objects.create(
        organisation_id=transcript.organisation_id, transcript=transcript, kind="package", digest=digest,
        by_id=actor.account_id, by_name=actor.name, at=at,
    )  # fmt: skip
    audit.record(actor, "transcript.downloaded", transcript, sha256=digest)
    return made


def packed_as_listed(transcript: Transcript) -> bytes:
    """The files that the sealed list names, with the list. In a scope that reaches all schools of the learner.

    refuses  NoListYet
    """
    from khue.records.signing.packages import packed

    sealed = SealedList.objects.filter(transcript=transcript).first()
    if sealed is None:
        raise NoListYet
    return packed(_named(sealed, documents_of(transcript)), bytes(sealed.xml))


def _named(sealed: SealedList, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that the list names, and no newer ones: those wait for the next seal."""
    known = {**contents, **{f"chung-thu/{n}.pem": pem.encode() for n, pem in enumerate(sealed.certificates)}}
    names = listed_in(bytes(sealed.xml))
    found = {name: known[name] for name, digest in names.items() if name in known}
    if any(hashlib.sha256(found[name]).hexdigest() != names[name] for name in found) or len(found) < len(names):
        raise NoListYet
    return found
