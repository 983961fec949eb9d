"""What is asked of one teacher or one class alone. What contradicts itself there is proved at once."""

from collections import Counter
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from khue.timetable.planning.reasons import plain_reasons
from khue.timetable.planning.week import Planned
from khue.timetable.solver.checker import violations
from khue.timetable.solver.problem import AllowedStarts, BlockRule, Kind, Problem, Rule, Timetable
from khue.timetable.solver.wish import Reasons, TimesOff

#: How many teachers and classes are looked at alone, those with the most conflicts first.
MOST_LOOKED_AT = 8


def in_trouble(planned: Planned, starts: Timetable) -> list[int]:
    """Teachers and classes that have part in a conflict of this timetable, those with the most first: their numbers."""
    counted: Counter[int] = Counter()
    for each in violations(planned.problem, starts):
        if each.is_hard:
            concerned = {each.resource} if each.resource is not None else set()
            concerned |= {resource for block in each.blocks for resource in planned.problem.blocks[block].resources}
            counted.update(concerned)
    return [resource for resource, _number in counted.most_common(MOST_LOOKED_AT)]


@dataclass(frozen=True, slots=True)
class Alone:
    """The plan with nothing but the lessons of one resource and what is asked of them: less than the whole plan asks.

    hours  when whoever else has part in a lesson is there, a rule for each lesson: the frame of the week, nobody's wish
    """

    planned: Planned
    hours: tuple[AllowedStarts, ...]


def alone(planned: Planned, resource: int) -> Alone:
    """What is asked of one resource alone."""
    problem = planned.problem
    kept = [number for number in range(len(planned.lessons)) if resource in problem.blocks[number].resources]
    new = {old: number for number, old in enumerate(kept)}
    rules: list[Rule] = []
    for rule in problem.rules:
        if isinstance(rule, BlockRule):
            blocks = tuple(new[block] for block in rule.blocks if block in new)
            rules += [replace(rule, blocks=blocks)] if blocks else []
        elif rule.resource == resource:
            rules.append(replace(rule, resource=0))
    hours = tuple(AllowedStarts((new[number],), _open(problem, number, resource)) for number in kept)
    narrowed = replace(
        problem,
        resources=(problem.resources[resource],),
        blocks=tuple(replace(problem.blocks[number], resources=(0,)) for number in kept),
        rules=(*rules, *hours),
    )
    lessons = tuple(planned.lessons[number] for number in kept)
    return Alone(replace(planned, problem=narrowed, lessons=lessons), hours)


def _open(problem: Problem, number: int, resource: int) -> frozenset[int]:
    """When a block may begin for the sake of all who have part in it but one."""
    block = problem.blocks[number]
    others = [problem.resources[other] for other in block.resources if other != resource]
    closed = frozenset[int]().union(*(other.closed for other in others))
    return frozenset(
        start
        for start in problem.grid.starts(block.duration)
        if closed.isdisjoint(range(start, start + block.duration))
    )


def shortage(part: Alone) -> list[str]:
    """That there is more to teach than the week leaves, in words; nothing where there is not.

    Counting is a proof, where a solver would try all ways to put sixteen lessons into fifteen periods.
    """
    (who,), planned = part.planned.problem.resources, part.planned
    openings = frozenset(planned.frame.openings())
    needed = sum(lesson.duration for lesson in planned.lessons)
    hours = {
        start + period
        for lesson, rule in zip(planned.lessons, part.hours, strict=True)
        for start in rule.starts
        for period in range(lesson.duration)
    }
    free = len(hours - who.closed - openings)
    if needed <= free:
        return []
    text = _("%(name)s có %(needed)s tiết phải dạy, trong tuần chỉ còn %(free)s tiết không nghỉ.")
    if who.kind is Kind.CLASS:
        text = _("Lớp %(name)s có %(needed)s tiết phải học, trong tuần chỉ có %(free)s tiết.")
    why = Reasons((TimesOff(0),) if who.closed - openings else (), tuple(range(len(planned.lessons))))
    return [text % {"name": who.name, "needed": needed, "free": free}, *plain_reasons(planned, why)]
