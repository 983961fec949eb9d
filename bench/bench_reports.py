"""Pages of period reports where 40,000 schools report to 3,321 communes, 34 departments and the Ministry, over HTTP.

For each the processor time of the whole node, and queries. What a large office's counts say may be a minute old, so
that most requests count nothing; what the one that does costs is `reports.count`.
"""

import time
from collections.abc import Iterator
from uuid import UUID

from bench import node, visitor
from bench.row import Row, noted
from bench.visitor import Visitor


def rows() -> Iterator[Row]:
    """The Ministry's, a department's and a commune's lists and offices, and the home of the first two."""
    with node.serving() as at:
        visitor.work_on_its_database()
        from bench import country_of_offices, demonstration  # their models need Django set up

        country_of_offices.make()
        ministry, department, commune = country_of_offices.offices()
        yield noted("reports.count", _count(ministry), "ms by the clock, to count the Ministry's 40,000 schools")
        officer, below = (
            Visitor(at).bearing(demonstration.session_of(demonstration.account_named(who)))
            for who in ("chuyenvien.bo", "chuyenvien.so")
        )
        visitor.leave_its_database()
        node.rest(at)
        yield from visitor.page("reports.ministry_home", officer, "/")
        yield from visitor.page("reports.department_home", below, "/")
        for name, office in (("ministry", ministry), ("department", department), ("commune", commune)):
            place = f"/indicators/{office}/reports/"
            yield from visitor.page(f"reports.{name}_totals", officer, f"{place}?totals=1")
            for which in ("", "late", "missing", "sent"):
                yield from visitor.page(f"reports.{name}_{which or 'all'}", officer, f"{place}?show={which}")
            if name != "commune":
                yield from visitor.page(f"reports.{name}_offices", officer, f"{place}start/offices/")
        visitor.leave_its_database()


def _count(ministry: UUID) -> float:
    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM
    from khue.indicators import queries
    from khue.registry.models import Organisation

    with scope.of(SYSTEM):
        office = Organisation.objects.get(public_id=ministry)
        begun = time.perf_counter()
        queries.tally_of(queries.Round(office, queries.school_year_of(clock.today()), "start", None))
        return (time.perf_counter() - begun) * 1000
