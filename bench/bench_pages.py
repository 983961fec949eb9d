"""The pages of the school day over real HTTP: processor time of the whole node, queries, bytes; the node's memory."""

import time
from collections.abc import Iterator

from bench import node
from bench.node import Node
from bench.row import Row, at_most, noted
from bench.visitor import Visitor

MEGABYTE = 1e6
MOST_QUERIES = 15
#: As the demonstration prints it at every start.
PASSWORD = "KhueDemo2026"


def rows() -> Iterator[Row]:
    """A warm start, idle memory, every page, memory afterwards."""
    is_cold = not (node.VAR / "pg").exists() and not (node.VAR / "postgres.home").exists()
    with node.serving() as at:
        yield noted("start.cold" if is_cold else "start.warm", at.seconds_to_start, "s")
        time.sleep(3)
        yield at_most("memory.idle", at.processes.memory() / MEGABYTE, "MB, proportional, with the database", 300)
        yield from _pages(at)
        yield at_most("memory.loaded", at.processes.memory() / MEGABYTE, "MB, proportional, with the database", 450)


def _pages(at: Node) -> Iterator[Row]:
    yield from _page("login", Visitor(at), "/sign-in/", 3)
    pupil = Visitor(at).sign_in("hs1.1", PASSWORD)
    yield from _page("pupil_home", pupil, "/", 10)
    yield from _page("pupil_courses", pupil, "/courses/", 10)
    yield from _page("course", pupil, pupil.first_link("/courses/", "/courses/[0-9a-f-]{36}/"), 10)
    yield from _page("pupil_tests", pupil, "/do/", 10)
    yield from _page("pupil_marks", pupil, "/marks/mine/", 10)
    teacher = Visitor(at).sign_in("gv1.1", PASSWORD)
    yield from _page("teacher_home", teacher, "/", 10)
    yield from _page("mark_books", teacher, "/marks/", 10)
    yield from _page("mark_grid", teacher, teacher.first_link("/marks/", "/marks/books/[0-9a-f-]{36}/"), 10)
    yield from _page("question_bank", teacher, "/bank/", 10)
    head = Visitor(at).sign_in("hieutruong1", PASSWORD)
    yield from _page("head_home", head, "/", 10)
    yield from _page("people_search", head, "/people/?q=nguyen+van", 5)
    guardian = Visitor(at).sign_in("ph1.1", PASSWORD)
    yield from _page("guardian_home", guardian, "/", 10)


def _page(name: str, visitor: Visitor, path: str, budget: float) -> Iterator[Row]:
    try:
        measured = visitor.measure(path)
    except RuntimeError as missing:
        yield Row(f"{name}.cost", 0.0, f"not measured: {missing}", budget=f"<= {budget:g}", ok=False)
        return
    yield at_most(f"{name}.cost", measured.cost, "processor ms", budget)
    yield at_most(f"{name}.queries", measured.queries, "queries", MOST_QUERIES)
    yield noted(f"{name}.bytes", measured.sent, "bytes, gzip")
