"""Results of procedures: drafted when a case is granted, sealed by their office in a batch, handed to the applicant."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from khue.foundation import audit, files, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.records import results, sealing
from khue.records.access import Permission, require_own
from khue.records.models import ResultDocument, SigningBatch, SigningKey
from khue.records.queries.signing import RESULT, place_of_secret, refuse_unless_set_up
from khue.records.refusals import AlreadyRunning, KeyRetired, NoResultWaits
from khue.registry.models import Organisation
from khue.registry.queries.places import above_on_paper

SIGN_RESULTS = "records.sign_results"
RESULT_FILE = "records.result"


@dataclass(frozen=True, slots=True)
class SealedResult:
    """A document that a session has sealed."""

    document: ResultDocument
    pdf: bytes
    pages: int


@transaction.atomic
def draft_result(*, actor: Actor, slip_id: int, at: datetime) -> ResultDocument | None:
    """Draft the document of a result; told twice, there is one. None where the school seals nothing for the procedure.

    Where the case does not hold what the paper would state, nothing is drafted: a paper without its facts is none.
    """
    require(actor, Permission.RESULT_SEAL, within=None)

    found = cases.granted(slip_id)
    form = results.FORMS.get(found.facts.procedure)
    facts = form.facts(found.facts.data, found.facts.born_on) if form else None
    if form is None or facts is None:
        return None
    result = results.Result(
        superior=above_on_paper(found.office), office=found.office.name, heading=form.heading,
        sentence=form.sentence, number=f"{found.slip.number}/{found.slip.year}", code=found.facts.code,
        on=f"{found.slip.issued_at.astimezone(VIETNAM):%d/%m/%Y}", facts=facts,
    )  # fmt: skip
    made, is_new = ResultDocument.objects.get_or_create(
        slip=found.slip,
        defaults={"organisation": found.office, "content": results.as_json(result), "drafted_at": at},
    )
    if is_new:
        audit.record(actor, "result.drafted", made, slip=slip_id, case=found.facts.code)
    return made


@transaction.atomic
def begin_results(
    *, actor: Actor, organisation: Organisation, key: SigningKey, secret: str, at: datetime
) -> SigningBatch:
    """Ask for all results of the school that wait to be sealed with its key, as a job.

    secret   PIN or password; kept encrypted until the job ends, no longer
    refuses  NoResultWaits, KeyRetired, AlreadyRunning, SigningNotSetUp
    """
    require_own(actor, Permission.RESULT_SEAL, organisation.id)
    if key.organisation_id != organisation.id or key.holder_id is not None:
        raise Forbidden
    refuse_unless_set_up()
    if key.retired_at is not None:
        raise KeyRetired
    # What waits is the lock: of two taps on one button the second sees the batch of the first.
    rows = ResultDocument.objects.select_for_update(of=("self",)).filter(organisation=organisation, sealed_at=None)
    if not rows.order_by("id").values_list("id", flat=True):
        raise NoResultWaits
    if SigningBatch.objects.filter(organisation=organisation, role=RESULT, ended_at=None).exists():
        raise AlreadyRunning
    batch = SigningBatch(organisation=organisation, role=RESULT, key=key, begun_at=at, begun_by_id=actor.account_id)
    batch.secret = sealing.seal(secret.encode(), place_of_secret(batch))
    batch.save()
    batch.job = jobs.start(
        actor=actor, kind=SIGN_RESULTS, organisation_id=organisation.id, at=at, title=_("Đóng dấu kết quả thủ tục"),
        arguments={"batch": batch.id},
    )  # fmt: skip
    batch.save(update_fields=["job"])
    audit.record(actor, "signing_batch.begun", batch, role=RESULT, key=key.serial)
    return batch


@transaction.atomic
def keep_result(*, actor: Actor, batch: SigningBatch, sealed: SealedResult, at: datetime) -> bool:
    """Keep a document that a session has sealed, and hand it to its case. Whether it was new: of two, one is kept."""
    require_own(actor, Permission.RESULT_SEAL, batch.organisation_id)
    if batch.ended_at is not None:
        raise Forbidden

    waiting = ResultDocument.objects.select_for_update(of=("self",)).filter(id=sealed.document.id, sealed_at=None)
    document = waiting.select_related("slip").first()
    if document is None:
        return False
    number = f"{document.slip.number}-{document.slip.year}"
    document.pdf = files.store(
        actor=actor, stream=BytesIO(sealed.pdf), name=f"ket-qua-{number}.pdf", purpose=RESULT_FILE,
        organisation_id=document.organisation_id, at=at,
    )  # fmt: skip
    document.batch, document.pages, document.sealed_at = batch, sealed.pages, at
    document.digest = hashlib.sha256(sealed.pdf).hexdigest()
    document.save(update_fields=["pdf", "batch", "pages", "digest", "sealed_at"])
    audit.record(actor, "result.sealed", document, digest=document.digest, key=batch.key.serial)
    procedures.keep_signed_result(actor=actor, slip=document.slip, file=document.pdf, at=at)
    return True
