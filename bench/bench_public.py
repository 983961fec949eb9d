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
        ("library", "/library/"), ("directory", "/directory/"), ("directory_found", "/directory/?q=truong"),
        ("body", anybody.first_link("/directory/", f"/organisations/{ID}/")), ("open_data", "/open-data/"),
        ("school_index", "/school-index/"), ("curriculum", "/curriculum/"),
    )  # fmt: skip


def _figures(at: Node) -> Iterator[Row]:
    """Country, province, commune, school and class, each by who answers for it; every page of the unit."""
    from bench import demonstration

    def signed_in(who: str) -> Visitor:
        return Visitor(at).bearing(demonstration.session_of(demonstration.account_named(who)))

    officer, head = signed_in("chuyenvien.so"), signed_in("hieutruong1")
    country, province = _own(signed_in("chuyenvien.bo")), _own(officer)
    commune, school = f"/indicators/{demonstration.commune_with_schools()}/", _own(head)
    for name, who, place in (
        ("country", signed_in("chuyenvien.bo"), country), ("province", officer, province),
        ("commune", officer, commune), ("school", head, school),
    ):  # fmt: skip
        for which, path in (
            ("indicators", place), ("A2", f"{place}A2/"), ("lineage", f"{place}A2/lineage/"),
            ("reports", f"{place}reports/"), ("index", f"{place}index/"), ("support", f"{place}support/"),
        ):  # fmt: skip
            yield from _page(f"{name}.{which}", who, path, FIGURE)
    for code in ("A1", "A2", "A5", "A6", "B2"):
        yield from _page(f"school.{code}", head, f"{school}{code}/", FIGURE)
        if code != "A5":  # the classes of primary schools; this one is none
            below = head.first_link(f"{school}{code}/", f"{school}{code}/in/[0-9a-f-]+/")
            yield from _page(f"class.{code}", head, below, FIGURE)
    for name, who, place in (("country", signed_in("chuyenvien.bo"), country), ("province", officer, province)):
        yield from _page(f"{name}.human_capital", who, f"{place}human-capital/", FIGURE)


def _own(who: Visitor) -> str:
    """The address of the unit whose figures somebody reads first."""
    return who.first_link("/indicators/", f"/indicators/{ID}/A2/").removesuffix("A2/")


def _page(name: str, who: Visitor, path: str, budget: float) -> Iterator[Row]:
    measured = who.measure(path)
    yield at_most(f"public.{name}.cost" if budget == PUBLIC else f"{name}.cost", measured.cost, "processor ms", budget)
    yield at_most(f"{name}.queries", measured.queries, "queries", 15)
    if budget == PUBLIC:
        yield at_most(f"{name}.bytes", measured.sent, "bytes, compressed", MOST_BYTES)
