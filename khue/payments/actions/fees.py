"""Where a school collects, and what for."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import vietqr
from khue.payments.access import Permission
from khue.payments.catalogue import usual_fees
from khue.payments.models import CollectionAccount, FeeItem, Relief
from khue.payments.refusals import (
    AccountTaken,
    AmountNotPositive,
    MayNotBeCollected,
    MustBeVoluntary,
    ReliefUnclear,
    ReliefWithoutReason,
)
from khue.registry.models import Organisation, Person


@transaction.atomic
def open_account(*, actor: Actor, organisation_id: int, bank: str, number: str, holder: str) -> CollectionAccount:
    """Declare a bank account into which the school collects.

    bank     BIN, six digits; "" for an account at the Treasury, which has no code to scan
    refuses  vietqr.NoSuchBankAccount, AccountTaken
    """
    require(actor, Permission.FEE_WRITE, within=organisation_id)
    vietqr.payload(bank=bank or "000000", account=number)
    try:
        with transaction.atomic():
            made = CollectionAccount.objects.create(
                organisation_id=organisation_id, bank=bank, number=number, holder=holder
            )
    except IntegrityError:
        raise AccountTaken from None
    audit.record(actor, "collection_account.opened", made, bank=bank, number=number, holder=holder)
    return made


@transaction.atomic
def set_fee(
    *,
    actor: Actor,
    account: CollectionAccount,
    name: str,
    legal_basis: str,
    base: str,
    amount: int,
    is_voluntary: bool,
    valid_from: date,
    valid_to: date | None = None,
    kind: str = "",
) -> FeeItem:
    """Set a fee from a day on. A fee is never changed: the old one gets its last day, and a new one follows.

    base     a FeeItem.Base
    amount   đồng for one unit
    kind     its line in the catalogue, "" for a fee of the school's own
    refuses  AmountNotPositive; MustBeVoluntary, MayNotBeCollected where the catalogue says so
    source   domain §6.2: every fee states the act that allows it
    """
    require(actor, Permission.FEE_WRITE, within=account)
    if amount <= 0:
        raise AmountNotPositive
    _refuse_unlawful(account, kind, is_voluntary=is_voluntary)
    before = FeeItem.objects.filter(organisation_id=account.organisation_id, name=name, valid_to=None)
    before.filter(valid_from__lt=valid_from).update(valid_to=valid_from)
    made = FeeItem.objects.create(
        organisation_id=account.organisation_id, account=account, name=name, legal_basis=legal_basis, base=base,
        amount=amount, is_voluntary=is_voluntary, kind=kind, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    audit.record(actor, "fee.set", made, name=name, amount=amount, base=base, legal_basis=legal_basis)
    return made


def _refuse_unlawful(account: CollectionAccount, kind: str, *, is_voluntary: bool) -> None:
    """What the catalogue knows of the law: NQ 217/2025/QH15 for tuition, TT 55/2011 for the parents' fund."""
    usual = usual_fees().get(kind)
    if usual is None:
        return
    if not usual.is_for_public and account.organisation.ownership == Organisation.Ownership.PUBLIC:
        raise MayNotBeCollected(why=usual.why)
    if usual.must_be_voluntary and not is_voluntary:
        raise MustBeVoluntary(name=usual.name)


@transaction.atomic
def end_fee(*, actor: Actor, item: FeeItem, last_on: date) -> None:
    """Collect a fee no more after a day."""
    require(actor, Permission.FEE_WRITE, within=item)
    FeeItem.objects.filter(id=item.id).update(valid_to=last_on + timedelta(days=1))
    audit.record(actor, "fee.ended", item, last_on=last_on)


@transaction.atomic
def grant_relief(
    *,
    actor: Actor,
    item: FeeItem,
    child: Person | None,
    ground: str,
    percent: int | None,
    price: int | None,
    reason: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Relief:
    """Let one child, or every child on a ground that its file states, pay less for a fee, or nothing.

    child    null where it holds for a ground; ground: a Relief.Ground, "" where it is for one child
    percent  off the price, 1 to 100; or price: what one unit costs instead, from 0 to below the fee
    reason   with its evidence
    refuses  ReliefUnclear, ReliefWithoutReason
    """
    require(actor, Permission.FEE_WRITE, within=item)
    if (child is None) == (not ground) or (percent is None) == (price is None):
        raise ReliefUnclear
    if (percent is not None and not 1 <= percent <= 100) or (price is not None and not 0 <= price < item.amount):
        raise ReliefUnclear
    if not reason.strip():
        raise ReliefWithoutReason
    made = Relief.objects.create(
        organisation_id=item.organisation_id, item=item, child=child, ground=ground, percent=percent, price=price,
        reason=reason.strip(), valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    audit.record(actor, "relief.granted", made, child=child.id if child else None, ground=ground, percent=percent,
                 price=price, reason=reason)  # fmt: skip
    return made


@transaction.atomic
def end_relief(*, actor: Actor, relief: Relief, on: date) -> None:
    """Let a relief hold no more from a day on. What was billed with it stays as it is."""
    require(actor, Permission.FEE_WRITE, within=relief)
    Relief.objects.filter(id=relief.id).update(valid_to=on)
    audit.record(actor, "relief.ended", relief, on=on)
