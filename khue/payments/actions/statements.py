"""Files of banks: brought, looked at, taken."""

from datetime import date, datetime, timedelta

from django.db import transaction

from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.models import StoredFile
from khue.payments import ledger, statements
from khue.payments.access import Permission
from khue.payments.actions.transfers import Taken, take_lines
from khue.payments.models import CollectionAccount, Statement
from khue.payments.refusals import NothingInStatement, StatementOfAnotherAccount, StatementTaken
from khue.payments.statements.refusals import StrangeDay

#: A bank books an evening before Tết to the first day after it; a day beyond that, or of another century, is an error.
FURTHEST, OLDEST = timedelta(days=15), date(2000, 1, 1)


@transaction.atomic
def bring_statement(*, actor: Actor, account: CollectionAccount, file: StoredFile, at: datetime) -> Statement:
    """Bring a bank's file to look at it. Nothing of it is in the books yet.

    refuses  whatever is no statement (statements.refusals, workbooks.refusals); StatementOfAnotherAccount,
             NothingInStatement, StrangeDay
    """
    require(actor, Permission.MONEY_TAKE, within=account)
    read = _read(file)
    others = [number for number in read.accounts if not _is_same(number, account.number)]
    if others and len(others) == len(read.accounts):
        raise StatementOfAnotherAccount(number=others[0])
    if not read.lines:
        raise NothingInStatement
    last = at.astimezone(VIETNAM).date() + FURTHEST
    if strange := next((line.on for line in read.lines if not OLDEST <= line.on <= last), None):
        raise StrangeDay(day=f"{strange:%d/%m}/{strange.year:04}")
    made = Statement.objects.create(organisation_id=account.organisation_id, account=account, file=file, brought_at=at)
    audit.record(actor, "statement.brought", made, file=file.name, lines=len(read.lines), strange=len(read.strange))
    return made


@transaction.atomic
def take_statement(*, actor: Actor, statement: Statement, today: date, at: datetime) -> Taken:
    """Write what a file tells into the books. What was known already stays as it is.

    refuses  StatementTaken
    """
    require(actor, Permission.MONEY_TAKE, within=statement)
    ledger.lock(statement.organisation_id)
    if not Statement.objects.filter(id=statement.id, taken_at=None).update(taken_at=at):
        raise StatementTaken
    taken = take_lines(
        actor=actor, account=statement.account, lines=_read(statement.file).lines, today=today, at=at
    )  # fmt: skip
    Statement.objects.filter(id=statement.id).update(new=taken.new, known=taken.known, unknown=taken.unknown)
    audit.record(actor, "statement.taken", statement, new=taken.new, known=taken.known, unknown=taken.unknown)
    return taken


def _read(file: StoredFile) -> statements.Statement:
    with files.open_file(file) as stream:
        return statements.read(stream.read(statements.MOST_BYTES + 1))


def _is_same(number: str, own: str) -> bool:
    """Banks put leading zeroes and the branch before a number, or leave them out."""
    number, own = number.lstrip("0"), own.lstrip("0")
    return bool(number) and (number.endswith(own) or own.endswith(number))
