"""Money that came and that the program cannot place by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.payments import access, payment_codes
from khue.payments.models import BankLine, Invoice

State = BankLine.State
#: What a person has to look at, in the order of its haste; WAITS: while nobody has said that nothing is left to do.
WAITING = (State.UNKNOWN.value, State.DUPLICATE.value, State.OVER.value, State.UNDER.value)
WAITS = ~Q(settled_as=F("state"))
#: Looked at for the guesses of one page.
MOST_GUESSES = 300
#: With an equal amount or beginning alone, as many invoices may be meant as are named; of more, none is.
MOST_ALIKE = 3


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

    @property
    def code(self) -> str:
        return payment_codes.code_of(self.invoice.id)


def who_they_may_be(lines: Sequence[BankLine]) -> dict[int, list[Guess]]:
    """The same for the lines of one page that nobody has placed, by id of the line. One query, at most three a line."""
    waiting = [line for line in lines if line.family_id is None and line.state == State.UNKNOWN]
    if not waiting:
        return {}
    ranges = {line.id: _range(line) for line in waiting}
    likely = Q(total__in={line.amount for line in waiting}, paid__lt=F("total"))
    for low, high in filter(None, ranges.values()):
        likely |= Q(id__gte=low, id__lt=high)
    likely |= Q(id__in={number for line in waiting for number in payment_codes.numbers_in(line.purpose)})
    schools = {line.organisation_id for line in waiting}
    rows = Invoice.objects.filter(likely, organisation_id__in=schools, cancelled_at=None).select_related("family")
    invoices = list(rows.order_by("-id")[:MOST_GUESSES])
    return {line.id: _guesses(line, ranges[line.id], invoices) for line in waiting}


def _range(line: BankLine) -> tuple[int, int] | None:
    """Numbers of invoices whose code begins like the one that was cut off."""
    beginning = payment_codes.beginning_in(line.purpose)
    if not beginning:
        return None
    missing = payment_codes.DIGITS - len(beginning)
    return int(beginning) * 10**missing, (int(beginning) + 1) * 10**missing


def _guesses(line: BankLine, span: tuple[int, int] | None, invoices: Sequence[Invoice]) -> list[Guess]:
    """A code that is named, or begins alike, says more than an equal amount; what many share says nothing."""
    own = [each for each in invoices if each.organisation_id == line.organisation_id]
    named = set(payment_codes.numbers_in(line.purpose))
    begun = [each for each in own if span is not None and span[0] <= each.id < span[1]]
    equal = [each for each in own if each.total == line.amount]
    found = {each.id: each for each in own if each.id in named}
    for alike in (begun, [each for each in begun if each in equal], equal):
        if len(alike) <= MOST_ALIKE:
            found |= {each.id: each for each in sorted(alike, key=lambda one: one.total != line.amount)}
    return [Guess(each, each.total == line.amount) for each in found.values()][:MOST_ALIKE]
