"""Addresses at which banks tell of transfers by themselves, and what comes there."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import hooks, ledger
from khue.payments.access import Permission
from khue.payments.actions.transfers import Taken, take_lines
from khue.payments.lines import Line
from khue.payments.models import BankCall, BankHook, CollectionAccount
from khue.payments.refusals import HookClosed, HookOpen


@transaction.atomic
def open_hook(*, actor: Actor, account: CollectionAccount, at: datetime) -> tuple[BankHook, str]:
    """Make an address for an account. Returns it with its secret, which is shown this once.

    refuses  HookOpen
    """
    require(actor, Permission.FEE_WRITE, within=account)
    try:
        with transaction.atomic():
            made = BankHook.objects.create(organisation_id=account.organisation_id, account=account, opened_at=at)
    except IntegrityError:
        raise HookOpen from None
    audit.record(actor, "bank_hook.opened", made, account=account.number)
    return made, hooks.secret_of(made.public_id)


@transaction.atomic
def close_hook(*, actor: Actor, hook: BankHook, at: datetime) -> None:
    """Let an address take nothing any more; its secret is worth nothing from now on.

    refuses  HookClosed
    """
    require(actor, Permission.FEE_WRITE, within=hook)
    if not BankHook.objects.filter(id=hook.id, closed_at=None).update(closed_at=at):
        raise HookClosed
    audit.record(actor, "bank_hook.closed", hook)


@transaction.atomic
def take_call(
    *, actor: Actor, hook: BankHook, signature: str, lines: Sequence[Line], today: date, at: datetime
) -> Taken:
    """Take a call whose signature has been checked. The very same call again is answered as before and does nothing.

    actor  the system, in the bank's name: the signature is what allows it
    """
    require(actor, Permission.MONEY_TAKE, within=hook)
    ledger.lock(hook.organisation_id)
    digest = hashlib.sha256(signature.encode()).hexdigest()
    before = BankCall.objects.filter(hook=hook, digest=digest).first()
    if before:
        return Taken(new=before.new, known=before.known, unknown=before.unknown)
    taken = take_lines(actor=actor, account=hook.account, lines=lines, today=today, at=at)
    call = BankCall.objects.create(
        organisation_id=hook.organisation_id, hook=hook, digest=digest, came_at=at,
        new=taken.new, known=taken.known, unknown=taken.unknown,
    )  # fmt: skip
    audit.record(actor, "bank_call.taken", call, new=taken.new, known=taken.known)
    return taken
