"""Money that came and that the program cannot place by itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.payments import access, payment_codes
from khue.payments.models import BankLine, Invoice


def visible_lines(actor: Actor) -> QuerySet[BankLine]:
    """Transfers into the accounts of the schools whose money the actor reads, newest first. Page before use."""
    return BankLine.objects.filter(access.of_office(actor)).select_related("family", "account").order_by("-id")


def line_of(actor: Actor, public_id: UUID) -> BankLine:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_lines(actor), public_id=public_id)


@dataclass(frozen=True, slots=True)
class Guess:
    """An invoice that a transfer may be meant for. fits: whether the amount is that of the invoice."""

    invoice: Invoice
    fits: bool


def who_it_may_be(line: BankLine) -> list[Guess]:
    """Invoices whose code begins like the cut one, and those of the same amount. At most ten; one query."""
    rows = Invoice.objects.filter(organisation_id=line.organisation_id, cancelled_at=None).select_related("family")
    likely = Q(total=line.amount)
    beginning = payment_codes.beginning_in(line.purpose)
    if beginning:
        missing = payment_codes.DIGITS - len(beginning)
        lowest = int(beginning) * 10**missing
        likely |= Q(id__gte=lowest, id__lt=lowest + 10**missing)
    found = rows.filter(likely).order_by("-id")[:10]
    return sorted((Guess(row, row.total == line.amount) for row in found), key=lambda guess: not guess.fits)
