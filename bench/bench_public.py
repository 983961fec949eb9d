"""Pages that anybody opens, and stored figures, over real HTTP: processor time of the whole node, queries, bytes.

A cache before the node may keep a public page (Cache-Control); what is measured here is what it costs when none does.
"""

from collections.abc import Iterator

from bench import node, visitor
from bench.node import Node
from bench.row import Row, at_most
from bench.visitor import Visitor

ID = "[0-9a-f-]{36}"
PUBLIC, FIGURE = 5, 10
MOST_BYTES = 30_000


def rows() -> Iterator[Row]:
    """Public pages, then an officer's and a head's figures from the stored counts."""
    with node.serving() as at:
        visitor.work_on_its_database()
        node.rest(at)
        anybody = Visitor(at)
        for name, path in _public(anybody):
            yield from _page(name, anybody, path, PUBLIC)
        visitor.leave_its_database()
        yield from _figures(at)
        visitor.leave_its_database()


def _public(anybody: Visitor) -> Iterator[tuple[str, str]]:
    procedure = anybody.first_link("/procedures/", f"/procedures/{ID}/")
    yield from (
        ("front", "/"), ("procedures", "/procedures/"), ("procedure", procedure), ("follow", "/procedures/follow/"),
        ("verify", "/verify/"), ("news", "/news/"), ("article", anybody.first_link("/news/", f"/news/{ID}/")),
        ("campaigns", "/news/campaigns/"),
        ("campaign", anybody.first_link("/news/campaigns/", f"/news/campaigns/{ID}/")),
        ("directory", "/directory/"), ("directory_found", "/directory/?q=truong"),
        ("body", anybody.first_link("/directory/", f"/organisations/{ID}/")), ("open_data", "/open-data/"),
        ("school_index", "/school-index/"), ("curriculum", "/curriculum/"),
    )  # fmt: skip


def _figures(at: Node) -> Iterator[Row]:
    from bench import demonstration

    for who in ("chuyenvien.bo", "chuyenvien.so", "hieutruong1"):
        officer = Visitor(at).bearing(demonstration.session_of(demonstration.account_named(who)))
        own = officer.first_link("/indicators/", f"/indicators/{ID}/A2/")
        name = who.replace(".", "_")
        for which, path in (
            ("indicators", own.removesuffix("A2/")), ("indicator", own), ("lineage", f"{own}lineage/"),
            ("reports", f"{own.removesuffix('A2/')}reports/"), ("index", f"{own.removesuffix('A2/')}index/"),
        ):  # fmt: skip
            yield from _page(f"{name}.{which}", officer, path, FIGURE)


def _page(name: str, who: Visitor, path: str, budget: float) -> Iterator[Row]:
    measured = who.measure(path)
    yield at_most(f"public.{name}.cost" if budget == PUBLIC else f"{name}.cost", measured.cost, "processor ms", budget)
    yield at_most(f"{name}.queries", measured.queries, "queries", 15)
    if budget == PUBLIC:
        yield at_most(f"{name}.bytes", measured.sent, "bytes, compressed", MOST_BYTES)
