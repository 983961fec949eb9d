"""Where a school collects, and what for."""

from datetime import date

from django.db import IntegrityError, transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import vietqr
from khue.payments.access import Permission
from khue.payments.models import CollectionAccount, FeeItem
from khue.payments.refusals import AccountTaken, AmountNotPositive


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
) -> FeeItem:
    """Set a fee from a day on. A fee is never changed: the old one gets its last day, and a new one follows.

    base     a FeeItem.Base
    amount   đồng for one unit
    refuses  AmountNotPositive
    source   domain §6.2: every fee states the act that allows it
    """
    require(actor, Permission.FEE_WRITE, within=account)
    if amount <= 0:
        raise AmountNotPositive
    before = FeeItem.objects.filter(
        organisation_id=account.organisation_id, name=name, valid_to=None, valid_from__lt=valid_from
    )
    before.update(valid_to=valid_from)
    made = FeeItem.objects.create(
        organisation_id=account.organisation_id,
        account=account,
        name=name,
        legal_basis=legal_basis,
        base=base,
        amount=amount,
        is_voluntary=is_voluntary,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    audit.record(actor, "fee.set", made, name=name, amount=amount, base=base, legal_basis=legal_basis)
    return made
