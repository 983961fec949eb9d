"""Money of a school over real HTTP: lists of ten thousand invoices, the accountant's first page, a statement taken.

Two schools of the same shape, one ten times as large: a page must ask the same number of questions at both.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from bench import node, visitor
from bench.row import Row, at_most, noted
from bench.visitor import Visitor

MOST_QUERIES = 15
MONTHS = 20
PUPILS = {"small": 50, "large": 500}


def rows() -> Iterator[Row]:
    """Pages of both schools, then what a statement of five thousand transfers costs."""
    with node.serving() as at:
        visitor.work_on_its_database()
        from bench import demonstration  # its models need Django set up

        schools = {size: _made(size, pupils) for size, pupils in PUPILS.items()}
        seconds = _paid(schools["large"])
        yield noted("statement.take", seconds, "seconds by the clock for 5,000 transfers, each placed and receipted")
        for size, made in schools.items():
            count = PUPILS[size] * MONTHS
            office = Visitor(at).bearing(demonstration.session_of(made.clerk))
            yield from _page(f"invoices_{count}", office, "/payments/")
            yield from _page(f"invoices_{count}_late", office, "/payments/?state=late")
            yield from _page(f"invoices_{count}_named", office, "/payments/?q=nguyen+van+a1")
            yield from _page(f"desk_{count}", office, "/payments/today/")
        guardian = Visitor(at).bearing(demonstration.session_of(schools["large"].guardians[7]))
        yield from _page("family_invoices", guardian, "/payments/")
        visitor.leave_its_database()


def _page(name: str, who: Visitor, path: str) -> Iterator[Row]:
    measured = who.measure(path)
    yield at_most(f"{name}.cost", measured.cost, "processor ms", 10)
    yield noted(f"{name}.database", measured.database, "processor ms of it")
    yield at_most(f"{name}.queries", measured.queries, "queries", MOST_QUERIES)


def _made(size: str, pupils: int):  # type: ignore[no-untyped-def]  # a School, whose models need Django set up
    """A school with twenty months of invoices; the node keeps it for the next run."""
    from django.db import connections, transaction

    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM
    from khue.payments import actions
    from khue.payments.tests.books import office
    from khue.registry.models import Organisation
    from tests.world import NOON, maths_subject, school

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
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made


def _paid(made) -> float:  # type: ignore[no-untyped-def]  # as _made
    """Half of the invoices are paid by one statement."""
    from django.db import connections, transaction

    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.payments import actions, payment_codes
    from khue.payments.lines import Line
    from khue.payments.models import CollectionAccount, Invoice
    from tests.world import NOON, TODAY

    with scope.of(SYSTEM), transaction.atomic():
        invoices = Invoice.objects.filter(organisation=made.organisation).order_by("id")[
            : PUPILS["large"] * MONTHS // 2
        ]
        lines = [Line(TODAY, row.total, payment_codes.code_of(row.id), f"FT{row.id}") for row in invoices]
        account = CollectionAccount.objects.get(organisation=made.organisation)
        begun = time.monotonic()
        actions.take_lines(actor=SYSTEM, account=account, lines=lines, today=TODAY, at=NOON)
        took = time.monotonic() - begun
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return took
