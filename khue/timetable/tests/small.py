"""The smallest weeks a solver and a checker can be put to: two days of four periods, and what is placed in them."""

from collections.abc import Iterable

from khue.timetable.solver.problem import Block, Grid, Kind, Problem, Resource, Rule

DAYS = ("Thứ 2", "Thứ 3")
PERIODS = ("tiết 1", "tiết 2", "tiết 3", "tiết 4")
GRID = Grid(DAYS, PERIODS, ((0, 3),))
TWO_SESSIONS = Grid(DAYS, PERIODS, ((0, 1), (2, 3)))
AN, BINH, CLASS_6A, CLASS_6B = range(4)
RESOURCES = (
    Resource("Cô An", Kind.TEACHER),
    Resource("Thầy Bình", Kind.TEACHER),
    Resource("6A", Kind.CLASS),
    Resource("6B", Kind.CLASS),
)


def block(name: str, *resources: int, duration: int = 1, place: str = "") -> Block:
    """One block of the small week."""
    return Block(name, duration, resources, place)


def week(
    *blocks: Block, rules: Iterable[Rule] = (), grid: Grid = GRID, resources: tuple[Resource, ...] = RESOURCES
) -> Problem:
    """A problem of two teachers and two classes."""
    return Problem("Trường nhỏ", grid, resources, blocks, tuple(rules))
