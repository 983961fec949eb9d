"""A school with twenty months of invoices, half of them paid by one statement.

Works on the node's own database, in this process; see bench/visitor.py.
"""

import time
from datetime import date, timedelta
from typing import Any, cast

from django.db import connections, transaction

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.payments import actions, payment_codes
from khue.payments.lines import Line
from khue.payments.models import CollectionAccount, Invoice
from khue.payments.tests.books import office
from khue.registry.models import Organisation
from tests.world import NOON, TODAY, School, maths_subject, school

MONTHS = 20


def billed(size: str, pupils: int) -> School:
    """A new school of so many pupils; the node keeps it."""
    with scope.of(SYSTEM), transaction.atomic():
        department = cast(Organisation, Organisation.objects.filter(kind="department").order_by("id").first())
        made = school(f"Trường thu tiền {size} {clock.now():%H%M%S}", department, maths_subject(), pupils)
        place = office(made, number=f"{made.organisation.id:013}")
        for month in range(MONTHS):
            issued_on = date(2026, 9, 1) + timedelta(days=month)
            actions.issue_invoices(
                actor=place.clerk, organisation_id=made.organisation.id, title=f"Thu đợt {month + 1}",
                charges=[actions.Charge(each.person_id, place.fee) for each in made.enrolments], issued_on=issued_on,
                due_on=issued_on + timedelta(days=60 if month % 2 else 300), at=NOON,
            )  # fmt: skip
    _analyse()
    return made


def half_paid(made: School) -> float:
    """One statement pays the first half of the invoices. Seconds that taking it took."""
    with scope.of(SYSTEM), transaction.atomic():
        rows = Invoice.objects.filter(organisation=made.organisation).order_by("id")
        lines = [
            Line(TODAY, row.total, payment_codes.code_of(row.id), f"FT{row.id}") for row in rows[: rows.count() // 2]
        ]
        account = CollectionAccount.objects.get(organisation=made.organisation)
        begun = time.monotonic()
        actions.take_lines(actor=SYSTEM, account=account, lines=lines, today=TODAY, at=NOON)
        took = time.monotonic() - begun
    _analyse()
    return took


def copied(made: School) -> float:
    """Seconds of COPY of what that statement wrote into tables with the same indexes, with nothing worked out."""
    written = {
        "payments_bankline": "",
        "payments_entry": " AND key LIKE 'bank:%'",
        "payments_posting": " AND entry_id IN (SELECT id FROM payments_entry WHERE key LIKE 'bank:%')",
        "payments_receipt": "",
    }
    with connections["owner"].cursor() as cursor:
        return sum(
            _copied(cursor.connection, table, f"organisation_id = {made.organisation.id}{which}")
            for table, which in written.items()
        )


def _copied(owner: Any, table: str, which: str) -> float:
    owner.execute("DROP TABLE IF EXISTS copied")  # of a run that was cut off
    owner.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
    kept = f"COPY (SELECT {_columns(owner, table)} FROM {table} WHERE {which}) TO STDOUT"
    with owner.cursor().copy(kept) as source:
        lines = list(source)
    begun = time.monotonic()
    with owner.cursor().copy(f"COPY copied ({_columns(owner, table)}) FROM STDIN") as copy:
        for line in lines:
            copy.write(line)
    seconds = time.monotonic() - begun
    owner.execute("DROP TABLE copied")
    return seconds


def _columns(owner: Any, table: str) -> str:
    """Those that are not made by the database itself."""
    rows = owner.execute(
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return str(rows.fetchone()[0])


def _analyse() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
