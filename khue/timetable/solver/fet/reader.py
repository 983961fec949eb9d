"""From the bytes of a `.fet` file to a problem, with a list of what could not be read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

from khue.timetable.solver.fet import constraints
from khue.timetable.solver.fet.document import UnreadableFet, items, parsed, text, yes
from khue.timetable.solver.fet.school import School, school_of
from khue.timetable.solver.problem import AllowedStarts, Block, Kind, Problem, Resource, Rule

MOST_RULES = 300_000
ALWAYS = {"ConstraintBasicCompulsoryTime", "ConstraintBasicCompulsorySpace"}

__all__ = ["Reading", "Unread", "UnreadableFet", "read"]


@dataclass(frozen=True, slots=True)
class Unread:
    """A kind of constraint, in FET's own word, that the file uses and Khuê does not know."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file said.

    activity_ids   the file's number of each block, in the order of the blocks
    unread         empty when the problem is the whole of the file
    """

    problem: Problem
    activity_ids: tuple[int, ...]
    unread: tuple[Unread, ...]


def read(data: bytes) -> Reading:
    """Read a `.fet` file of any version since 5.

    refuses  UnreadableFet, saying where
    """
    root = parsed(data)
    school = school_of(root)
    closed: dict[int, set[int]] = {}
    rules: list[Rule] = []
    unread: Counter[str] = Counter()
    mode = text(root, "Mode")
    if mode not in ("", "Official"):
        unread[f"Mode {mode}"] += 1
    for element in _switched_on(root):
        kind = str(element.tag)
        if kind in constraints.CLOSINGS:
            for resource, times in constraints.CLOSINGS[kind](school, element):
                closed.setdefault(resource, set()).update(times)
        elif kind in constraints.KINDS:
            rules += constraints.KINDS[kind](school, element)
        elif kind not in ALWAYS:
            unread[kind] += 1
        if len(rules) > MOST_RULES:
            raise UnreadableFet(detail=_("có nhiều hơn %(most)s ràng buộc.") % {"most": MOST_RULES})
    rules += _when_nobody_is_needed(school, closed)
    return Reading(
        _problem(school, closed, rules),
        tuple(activity.id for activity in school.activities),
        tuple(Unread(kind, count) for kind, count in sorted(unread.items())),
    )


def _switched_on(root: etree._Element) -> Iterable[etree._Element]:
    for name in ("Time_Constraints_List", "Space_Constraints_List"):
        yield from (item for item in items(root, name) if yes(item, "Active", absent=True))


def _when_nobody_is_needed(school: School, closed: dict[int, set[int]]) -> Iterable[Rule]:
    """A block without any resource still keeps out of the breaks, which else are times closed to everybody."""
    breaks = closed.get(constraints.EVERYBODY, set())
    for index, activity in enumerate(school.activities):
        if breaks and not activity.teachers and not activity.students:
            starts = (
                start
                for start in school.grid.starts(activity.duration)
                if breaks.isdisjoint(range(start, start + activity.duration))
            )
            yield AllowedStarts((index,), frozenset(starts))


def _problem(school: School, closed: dict[int, set[int]], rules: list[Rule]) -> Problem:
    breaks = closed.get(constraints.EVERYBODY, set())
    named = [(name, Kind.TEACHER) for name in school.teachers] + [(name, Kind.CLASS) for name in school.part_names]
    resources = tuple(
        Resource(name, kind, frozenset(closed.get(index, set()) | breaks)) for index, (name, kind) in enumerate(named)
    )
    blocks = tuple(
        Block(
            name=" · ".join((activity.subject, *activity.students)),
            duration=activity.duration,
            resources=constraints.resources_of(school, activity),
        )
        for activity in school.activities
    )
    return Problem(school.name, school.grid, resources, blocks, tuple(rules))
