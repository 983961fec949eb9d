"""What would be wrong if a lesson of a draft were somewhere else: told for every place of the week at once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from khue.timetable.planning.frame import When
from khue.timetable.planning.week import Planned, moved
from khue.timetable.solver.checker import Breach, Violation, violations
from khue.timetable.solver.problem import AllowedStarts, Apart, AtOnce, Problem, Rule, Timetable
from khue.timetable.solver.words import sentence


@dataclass(frozen=True, slots=True)
class Trial:
    """One place for a lesson. with_lesson: number of the lesson it would change places with, None for none."""

    hard: tuple[str, ...]
    wishes: tuple[str, ...]
    with_lesson: int | None


def trials(planned: Planned, number: int) -> Mapping[When, Trial]:
    """Every place at which the lesson may begin, with what would newly be wrong there."""
    lesson, frame = planned.lessons[number], planned.frame
    problem, kept = _around(planned, number)
    without = _found(problem, kept, moved(planned, number, None))
    found = {}
    for start in frame.grid.starts(lesson.duration):
        if start in planned.frame.openings():
            continue
        when = frame.when(start)
        other = exchanged(planned, number, when)
        tried = moved(planned, number, when)
        if other is not None:
            tried = moved(tried, other, lesson.at)
        new = _found(problem, kept, tried) - without
        hard = tuple(sentence(problem, each) for each in new if each.is_hard)
        wishes = tuple(sentence(problem, each) for each in new if not each.is_hard)
        found[when] = Trial(hard, wishes, other)
    return found


def exchanged(planned: Planned, number: int, when: When) -> int | None:
    """The one lesson of the same classes and length that begins there and may change places; None where none does."""
    lesson = planned.lessons[number]
    mine = {part.school_class for part in lesson.parts}
    if lesson.at is None or lesson.at == when:
        return None
    there = [
        place
        for place, each in enumerate(planned.lessons)
        if place != number and each.at == when and mine & {part.school_class for part in each.parts}
    ]
    if len(there) != 1:
        return None
    other = planned.lessons[there[0]]
    same = other.duration == lesson.duration and mine == {part.school_class for part in other.parts}
    return there[0] if same and not other.is_locked else None


def _found(problem: Problem, kept: list[int], planned: Planned) -> "Counter[Violation]":
    starts = planned.starts
    part: Timetable = tuple(starts[number] for number in kept)
    return Counter(each for each in violations(problem, part) if each.breach is not Breach.UNPLACED)


def _around(planned: Planned, number: int) -> tuple[Problem, list[int]]:
    """Only what shares a teacher, a class or a rule with the lesson, and the numbers of those blocks.

    What a place for the lesson breaks is the same as in the whole draft, at a fiftieth of the work.
    """
    problem, mine = planned.problem, set(planned.problem.blocks[number].resources)
    near = {place for place, block in enumerate(problem.blocks) if mine.intersection(block.resources)}
    rules: list[Rule] = []
    for rule in problem.rules:
        if isinstance(rule, AllowedStarts | Apart | AtOnce):
            if near.intersection(rule.blocks) and (number in rule.blocks or not isinstance(rule, AtOnce)):
                rules.append(rule)
                near.update(rule.blocks if isinstance(rule, AtOnce) else ())
        elif getattr(rule, "resource", None) in mine:
            rules.append(rule)
    kept = sorted(near)
    new = {old: place for place, old in enumerate(kept)}
    narrowed = tuple(
        replace(rule, blocks=tuple(new[block] for block in rule.blocks if block in new))
        if isinstance(rule, AllowedStarts | Apart | AtOnce)
        else rule
        for rule in rules
    )
    return replace(problem, blocks=tuple(problem.blocks[place] for place in kept), rules=narrowed), kept
