"""Files of a case given out, signed results, and the days on which offices work otherwise than the weekday says."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from khue.foundation import audit, events, files, scope
from khue.foundation.actor import Actor, require
from khue.foundation.models import StoredFile
from khue.foundation.unreferred import unreferred
from khue.procedures.access import Permission, require_party, require_reader
from khue.procedures.attaching import CASE_FILE
from khue.procedures.events import ResultSigned
from khue.procedures.models import Case, PublicDay, SignedResult, Slip
from khue.procedures.queries.attachments import attachment_of
from khue.procedures.queries.results import result_of
from khue.procedures.queries.slips import slip_of
from khue.procedures.reach import reaching

#: A form that was begun may be sent a few days later; its upload is forgotten before.
UNSENT_FOR = timedelta(days=7)


@transaction.atomic
def keep_signed_result(*, actor: Actor, slip: Slip, file: StoredFile, at: datetime) -> SignedResult:
    """Keep the signed file of a result; the case counts as handed over. A second file for the same slip is not taken.

    slip  of the kind RESULT; whoever signs it was told by ResultIssued
    """
    require(actor, Permission.CASE_WORK, within=slip)

    made, is_new = SignedResult.objects.get_or_create(
        slip=slip, defaults={"organisation_id": slip.organisation_id, "file": file, "signed_at": at}
    )
    if is_new:
        Case.objects.filter(id=slip.case_id).update(status=Case.Status.HANDED_OVER)
        audit.record(actor, "case.result_signed", slip, case=slip.case_id, file=file.id)
        events.publish(ResultSigned(organisation_id=slip.organisation_id, case_id=slip.case_id))
    return made


@transaction.atomic
def take_result(*, actor: Actor, case: Case, proof: str) -> StoredFile:
    """Give out the signed result, to the applicant or by the office; the trail says each time who took it.

    proof   as in answer_supplement
    raises  NotFound while nothing is signed
    """
    require_party(actor, case, proof)

    with reaching(actor, case.organisation_id) as beyond:
        file = result_of(case.id)
        audit.record(actor, "case.result_taken", case, file=file.id, beyond=beyond)
    return file


@transaction.atomic
def open_attachment(*, actor: Actor, case: Case, attachment_id: UUID, proof: str) -> StoredFile:
    """Give out a file of a case to who takes part in it; the trail says each time who opened it.

    proof   as in answer_supplement
    raises  NotFound for a file of another case
    """
    require_reader(actor, case, proof)

    with reaching(actor, case.organisation_id) as beyond:
        found = attachment_of(case.id, attachment_id)
        audit.record(actor, "case.file_opened", found, case=case.code, file=found.file_id, beyond=beyond)
    return found.file


@transaction.atomic
def open_slip(*, actor: Actor, case: Case, slip_id: UUID, proof: str) -> Slip:
    """Give out a paper of the one-stop office to print; the trail says each time who took it.

    proof   as in answer_supplement
    raises  NotFound for a paper of another case
    source  domain §5.1: papers of the one-stop office
    """
    require_reader(actor, case, proof)

    with reaching(actor, case.organisation_id) as beyond:
        found = slip_of(case.id, slip_id)
        audit.record(actor, "case.slip_opened", found, case=case.code, kind=found.kind, beyond=beyond)
    return found


@transaction.atomic
def forget_unsent_files(*, actor: Actor, at: datetime, limit: int = 200) -> int:
    """Forget files that came in pieces a week ago and more, and that no case holds: their forms were never sent.

    Called again until nothing is left. Returns how many; their bytes are collected like others without a row.
    """
    require(actor, Permission.REFERENCE_WRITE, within=None)

    with scope.raised(actor):  # a row that is not seen would not protect its file
        rows = unreferred(CASE_FILE, before=at - UNSENT_FOR).select_for_update(of=("self",), skip_locked=True)
        gone = list(rows[:limit])
        files.remove(actor=actor, files=gone)
        if gone:
            audit.record(actor, "case.files_forgotten", None, files=len(gone))
    return len(gone)


@transaction.atomic
def declare_day(*, actor: Actor, day: date, is_worked: bool, title: str, source: str) -> PublicDay:
    """Say that offices do not work on a weekday, or work on a Saturday instead. Deadlines given before stay.

    source  the decision it rests on
    """
    require(actor, Permission.DAYS_WRITE, within=None)

    made, _new = PublicDay.objects.update_or_create(
        day=day, defaults={"is_worked": is_worked, "title": title.strip()[:200], "source": source.strip()[:300]}
    )
    audit.record(actor, "public_day.declared", None, day=day, is_worked=is_worked, title=title, source=source)
    return made
