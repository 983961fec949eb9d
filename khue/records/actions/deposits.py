"""Handing sealed sheets in to the repository above."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from django.db import transaction

from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.records.access import Permission
from khue.records.actions.preparing import note
from khue.records.models import Deposit, SigningBatch, YearSheet
from khue.records.refusals import NothingToDo, ReasonMissing, StepOutOfOrder

DEPOSITED = "records.deposit"


@transaction.atomic
def keep_deposit(
    *, actor: Actor, batch: SigningBatch, sheets: Sequence[YearSheet], package: bytes, recipient: str, at: datetime
) -> Deposit:
    """Keep the package of these sealed sheets as handed in. Refuses NothingToDo where they have been meanwhile."""
    require(actor, Permission.SHEET_DEPOSIT, within=batch)
    ids = [sheet.id for sheet in sheets]
    rows = YearSheet.objects.select_for_update(of=("self",)).filter(id__in=ids, state=YearSheet.State.SEALED)
    locked = list(rows.order_by("id"))
    if not locked or len(locked) != len(ids):
        raise NothingToDo
    name = f"nop-hoc-ba-{batch.year.code}.zip"
    file = files.store(
        actor=actor, stream=BytesIO(package), name=name, purpose=DEPOSITED, organisation_id=batch.organisation_id, at=at
    )
    made = Deposit.objects.create(
        organisation_id=batch.organisation_id, school_year_id=batch.year.id, file=file, sheets=len(locked),
        recipient=recipient.strip(), deposited_at=at, deposited_by_name=actor.name,
    )  # fmt: skip
    YearSheet.objects.filter(id__in=ids).update(state=YearSheet.State.DEPOSITED, deposit=made)
    note(actor, locked, "deposited", at)
    audit.record(actor, "sheets.deposited", made, count=len(locked), sha256=file.sha256)
    return made


@transaction.atomic
def note_receipt(*, actor: Actor, deposit: Deposit, receipt: str, at: datetime) -> None:
    """Write down under which number the repository took it. Once.

    refuses  ReasonMissing without a number; StepOutOfOrder where one stands already
    """
    require(actor, Permission.SHEET_DEPOSIT, within=deposit)
    if not receipt.strip():
        raise ReasonMissing
    if not Deposit.objects.filter(id=deposit.id, receipt="").update(receipt=receipt.strip()):
        raise StepOutOfOrder
    audit.record(actor, "deposit.receipted", deposit, receipt=receipt.strip(), at=at.isoformat())
