"""A sealed sheet is never changed: what was wrong is put right by a new version that names the old one."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.records.access import Permission
from khue.records.actions.preparing import fill, note
from khue.records.models import YearSheet
from khue.records.queries.compiled_years import drafted_of
from khue.records.refusals import Incomplete, NothingCorrected, NotSealedYet, ReasonMissing, StepOutOfOrder

State = YearSheet.State


@transaction.atomic
def correct(*, actor: Actor, sheet: YearSheet, reason: str, at: datetime) -> YearSheet:
    """Make the next version of a signed or sealed sheet from what is recorded now; the old one stays.

    The new version is compared, confirmed, signed and sealed like the first. From its seal on the old one is told to be
    superseded.
    refuses  ReasonMissing, NotSealedYet, StepOutOfOrder for an old version, Incomplete, NothingCorrected
    """
    require(actor, Permission.SHEET_CORRECT, within=sheet)
    if not reason.strip():
        raise ReasonMissing
    old = (
        YearSheet.objects.select_for_update(of=("self",)).select_related("transcript", "school_class").get(id=sheet.id)
    )
    if not old.is_latest:
        raise StepOutOfOrder
    if old.state not in (State.SIGNED, State.SEALED, State.DEPOSITED):
        raise NotSealedYet
    draft = next(iter(drafted_of(actor, old.school_class, [old.enrolment_id])), None)
    if draft is None or draft.content is None:
        raise Incomplete(problems="; ".join(draft.problems) if draft else "học sinh không còn trong lớp")
    if draft.fingerprint == old.source:
        raise NothingCorrected
    YearSheet.objects.filter(id=old.id).update(is_latest=False)
    made = YearSheet(
        organisation_id=old.organisation_id, transcript=old.transcript, school_year_id=old.school_year_id,
        enrolment_id=old.enrolment_id, school_class=old.school_class, version=old.version + 1, previous=old,
        reason=reason.strip(), made_at=at,
    )  # fmt: skip
    fill(made, draft)
    made.save()
    note(actor, [made], "completed", at)
    audit.record(actor, "sheet.corrected", made, previous=old.digest, reason=made.reason)
    return made
