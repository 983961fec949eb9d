"""The end of a day at the office."""

from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import ledger
from khue.payments.access import Permission
from khue.payments.models import Closing
from khue.payments.queries.books import day_of
from khue.payments.refusals import DayClosed, DrawerDiffers


@transaction.atomic
def close_day(*, actor: Actor, organisation_id: int, on: date, counted: int, note: str, at: datetime) -> Closing:
    """Close a day and all before it: the books take no entry of them any more. Late transfers go to the next day.

    counted  what lies in the drawer, in đồng
    note     why it is not what the books say; needed only then
    refuses  DayClosed, DrawerDiffers
    """
    require(actor, Permission.DAY_CLOSE, within=organisation_id)
    ledger.lock(organisation_id)
    closed = ledger.closed_through(organisation_id)
    if closed is not None and on <= closed:
        raise DayClosed(day=f"{closed:%d/%m/%Y}")
    day = day_of(actor, organisation_id, on)
    if counted != day.cash and not note.strip():
        raise DrawerDiffers(cash=_grouped(day.cash), difference=_grouped(counted - day.cash))
    made = Closing.objects.create(
        organisation_id=organisation_id, on=on, cash=day.cash, bank=day.bank, counted=counted, note=note.strip(),
        receipts=day.receipts, closed_at=at, closed_by_id=actor.account_id,
    )  # fmt: skip
    audit.record(actor, "day.closed", made, on=on, cash=day.cash, bank=day.bank, counted=counted, note=note)
    return made


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
