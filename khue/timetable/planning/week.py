"""A draft as a problem for the solver and the checker."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from khue.curriculum import queries as curriculum
from khue.timetable.planning import rules
from khue.timetable.planning.frame import OPENING, Frame, Lesson, Names, When
from khue.timetable.planning.ways import Ways
from khue.timetable.planning.wishes import Asked
from khue.timetable.solver.problem import AllowedStarts, Block, GapsPerDay, Kind, Problem, Resource, Rule


@dataclass(frozen=True, slots=True)
class Planned:
    """A draft as a problem: the first blocks are its lessons in order, the others the openings of the classes."""

    problem: Problem
    frame: Frame
    lessons: tuple[Lesson, ...]
    teachers: Mapping[int, int]
    classes: Mapping[int, int]

    @property
    def starts(self) -> tuple[int | None, ...]:
        """Where everything lies now."""
        own = tuple(None if each.at is None else self.frame.time(each.at) for each in self.lessons)
        return own + self.fixed

    @property
    def fixed(self) -> tuple[int, ...]:
        """Where the openings lie, in the order of their blocks."""
        return tuple(self.frame.openings() * len(self.classes))

    @property
    def locked(self) -> dict[int, int]:
        """What the search must leave: by number of block."""
        return {
            number: self.frame.time(each.at)
            for number, each in enumerate(self.lessons)
            if each.is_locked and each.at is not None
        }


def plan(
    name: str,
    frame: Frame,
    lessons: Sequence[Lesson],
    asked: Sequence[Asked],
    names: Names,
    rooms: Mapping[tuple[str, int | None], int],
    ways: Ways,
) -> Planned:
    """The problem of a draft.

    rooms   how many rooms of a kind stand at a campus; None is the main one
    ways    free periods between two campuses, where the way was measured
    """
    teachers = {key: place for place, key in enumerate(sorted({part.staff for each in lessons for part in each.parts}))}
    grades = {part.school_class: part.grade for each in lessons for part in each.parts}
    classes = {key: len(teachers) + place for place, key in enumerate(sorted(grades))}
    resources = [Resource(names.staff[key], Kind.TEACHER, rules.busy(frame, asked, key)) for key in teachers]
    resources += [
        Resource(names.classes[key], Kind.CLASS, rules.no_school(frame, asked, key, grades[key])) for key in classes
    ]
    blocks = [_block(each, names, teachers, classes) for each in lessons]
    openings = [Block(OPENING, 1, (number,)) for number in classes.values() for _ in frame.openings()]
    ruling: list[Rule] = [
        *(
            AllowedStarts((len(lessons) + place,), frozenset({start}))
            for place, start in enumerate(frame.openings() * len(classes))
        ),
        *_never_in_an_opening(frame, lessons),
        *(GapsPerDay(number, 0) for number in classes.values()),
        *rules.spread(frame, lessons),
        *rules.of_subjects(frame, lessons, asked, rooms),
        *rules.fixed(frame, lessons, asked, names),
        *rules.of_teachers(frame, lessons, asked, teachers, ways),
    ]
    problem = Problem(name, frame.grid, tuple(resources), (*blocks, *openings), tuple(ruling))
    return Planned(problem, frame, tuple(lessons), teachers, classes)


def moved(planned: Planned, number: int, to: When | None) -> Planned:
    """The same draft with one lesson somewhere else."""
    lessons = list(planned.lessons)
    lessons[number] = replace(lessons[number], at=to)
    return replace(planned, lessons=tuple(lessons))


def _never_in_an_opening(frame: Frame, lessons: Sequence[Lesson]) -> Iterator[Rule]:
    """A week that is too full shows as clashes in periods that people see, never before the first of them."""
    openings = frozenset(frame.openings())
    for duration in sorted({each.duration for each in lessons}):
        blocks = tuple(number for number, each in enumerate(lessons) if each.duration == duration)
        yield AllowedStarts(blocks, frozenset(frame.grid.starts(duration)) - openings)


def _block(lesson: Lesson, names: Names, teachers: Mapping[int, int], classes: Mapping[int, int]) -> Block:
    subjects = " + ".join(dict.fromkeys(curriculum.subject_named(part.subject_name) for part in lesson.parts))
    where = ", ".join(dict.fromkeys(names.classes[part.school_class] for part in lesson.parts))
    taken = [teachers[part.staff] for part in lesson.parts] + [classes[part.school_class] for part in lesson.parts]
    campuses = {part.campus for part in lesson.parts}
    place = str(campuses.pop() or "main") if len(campuses) == 1 else ""
    return Block(f"{subjects} · {where}", lesson.duration, tuple(dict.fromkeys(taken)), place)
