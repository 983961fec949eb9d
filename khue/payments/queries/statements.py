"""What a bank's file would change, before anything is taken from it."""

from dataclasses import dataclass

from khue.foundation import files
from khue.payments import payment_codes, statements
from khue.payments.lines import Line, told_apart
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
    lines = told_apart(read.lines)
    before = BankLine.objects.filter(
        account_id=statement.account_id, reference__in=[line.reference for line in lines]
    ).values_list("reference", flat=True)
    known = set(before)
    new = [line for line in lines if line.reference not in known]
    return Told(
        kind=read.kind,
        amount=sum(line.amount for line in new),
        known=len(lines) - len(new),
        rows=[(line, bool(payment_codes.numbers_in(line.purpose))) for line in new],
        gone=read.gone,
        strange=read.strange,
    )
