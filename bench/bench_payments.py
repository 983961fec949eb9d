"""Money of a school over real HTTP: lists of ten thousand invoices, the accountant's first page, a statement taken.

Two schools of the same shape, one ten times as large: a page must ask the same number of questions at both.
"""

from collections.abc import Iterator

from bench import node, visitor
from bench.row import Row, against, noted
from bench.visitor import Visitor

PUPILS = {"small": 50, "large": 500}


def rows() -> Iterator[Row]:
    """Pages of both schools, then what a statement of five thousand transfers costs."""
    with node.serving() as at:
        visitor.work_on_its_database()
        from bench import billed, demonstration  # their models need Django set up

        schools = {size: billed.billed(size, pupils) for size, pupils in PUPILS.items()}
        seconds, copied = billed.half_paid(schools["large"]), billed.copied(schools["large"])
        transfers = PUPILS["large"] * billed.MONTHS // 2
        yield noted("statement.take", seconds, f"s by the clock for {transfers:,} transfers, each placed and receipted")
        yield against(
            "statement.rate", transfers / seconds, "transfers/s, each placed and receipted",
            baseline="COPY of the same transfers, entries, postings and receipts", baseline_value=transfers / copied,
        )  # fmt: skip
        node.rest(at)  # ten thousand families have been told of invoices and receipts
        for size, made in schools.items():
            count = PUPILS[size] * billed.MONTHS
            office = Visitor(at).bearing(demonstration.session_of(made.clerk))
            yield from visitor.page(f"invoices_{count}", office, "/payments/")
            yield from visitor.page(f"invoices_{count}_late", office, "/payments/?state=late")
            yield from visitor.page(f"invoices_{count}_named", office, "/payments/?q=nguyen+van+a1")
            yield from visitor.page(f"desk_{count}", office, "/payments/today/")
            yield from visitor.page(f"runs_of_{count}_invoices", office, "/payments/runs/")
        guardian = Visitor(at).bearing(demonstration.session_of(schools["large"].guardians[7]))
        yield from visitor.page("family_invoices", guardian, "/payments/")
        visitor.leave_its_database()
