"""What a bank's file would change, before anything is taken from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from khue.foundation import files
from khue.payments import payment_codes, statements
from khue.payments.lines import Kept, Line, content_of, reference_of, sorted_out
from khue.payments.models import BankLine, Statement


@dataclass(frozen=True, slots=True)
class Told:
    """A file as it is shown before it is taken.

    known    how many of its transfers are in the books already
    rows     the new transfers, and whether their content names an invoice
    strange  as statements.Statement
    """

    kind: str
    amount: int
    known: int
    rows: list[tuple[Line, bool]]
    gone: int
    strange: tuple[tuple[int, str], ...]

    @property
    def named(self) -> int:
        return sum(is_named for _line, is_named in self.rows)


def told_by(statement: Statement) -> Told:
    """Read a file that `statement_of` gave again and compare it with the books. One query."""
    with files.open_file(statement.file) as stream:
        read = statements.read(stream.read())
    found = sorted_out(read.lines, kept_like(statement.account_id, read.lines))
    return Told(
        kind=read.kind,
        amount=sum(line.amount for line in found.new),
        known=found.known,
        rows=[(line, bool(payment_codes.numbers_in(line.purpose))) for line in found.new],
        gone=read.gone,
        strange=read.strange,
    )


def kept_like(account_id: int, told: Sequence[Line]) -> list[Kept]:
    """Lines of an account in the books that may be the same as some that were told. One query."""
    references = {reference_of(line) for line in told} - {""}
    alike = Q(reference__in=references) | Q(content__in={content_of(line) for line in told})
    rows = BankLine.objects.filter(alike, account_id=account_id)
    return [Kept(*row) for row in rows.values_list("reference", "amount", "content")]
