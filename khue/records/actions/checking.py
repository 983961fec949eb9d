"""Somebody outside checks a file or a diploma: of what this node has issued, that is written down like an issue."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.records.models import Diploma, Issue, YearSheet
from khue.records.queries.diplomas import DiplomaFound
from khue.records.queries.verifying import Verified


@transaction.atomic
def note_verified(*, actor: Actor, found: Verified, address: str, at: datetime) -> int:
    """A file was checked: each sealed sheet of this node in it keeps when, from where, and what came out.

    For the page that anybody may open: whoever has the file may check it. Returns of how many sheets. Three statements
    and one a sheet.
    source  domain §1.9: issuing, extracts and verification are traceable
    """
    _require_document(found)
    digests = {found.digest, *(document.digest for document in found.documents)} - {""}
    with scope.raised(actor):
        sheets = list(YearSheet.objects.filter(digest__in=digests, sealed_at__isnull=False).order_by("id"))
        Issue.objects.bulk_create(
            Issue(
                organisation_id=sheet.organisation_id, transcript_id=sheet.transcript_id, sheet=sheet, kind="verify",
                verdict=found.verdict, digest=sheet.digest, to=address, by_id=actor.account_id,
                by_name=actor.name or "Khách", at=at,
            )
            for sheet in sheets
        )  # fmt: skip
        for sheet in sheets:
            audit.record(actor, "sheet.verified", sheet, result=found.verdict)
    return len(sheets)


@transaction.atomic
def note_diploma_checked(*, actor: Actor, found: DiplomaFound, address: str) -> None:
    """A line of the register was checked by somebody who knows number, name and day of birth."""
    _require_line(found)
    with scope.raised(actor):
        audit.record(actor, "diploma.checked", Diploma.objects.get(id=found.line), address=address)


def _require_document(found: Verified) -> None:
    if not (found.digest or found.documents):
        raise Forbidden


def _require_line(found: DiplomaFound) -> None:
    if not found.line:
        raise Forbidden
