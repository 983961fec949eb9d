"""The rules of a school's week: those of the law, of good sense, and those that were asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from khue.timetable.models import WishKind
from khue.timetable.planning.frame import Frame, Lesson, Names, When
from khue.timetable.planning.ways import Ways, longest_way
from khue.timetable.planning.wishes import (
    MOST_PERIODS_A_DAY,
    PREFERRED,
    Asked,
    of_kind,
    room_kind_of,
    session_of,
    usual_way,
)
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    DaysPerWeek,
    GapsPerWeek,
    PeriodsPerDay,
    Rule,
    Travel,
)

#: Days of a subject should differ; almost a duty, but a week with a pair too many is better than none.
SPREAD = 90


def busy(frame: Frame, asked: Sequence[Asked], staff: int) -> frozenset[int]:
    """When a teacher is not there."""
    return frozenset(
        frame.time(when)
        for each in of_kind(asked, WishKind.BUSY)
        if each.staff == staff and each.is_must
        for when in frame.periods()
        if _covers(each, when)
    )


def no_school(frame: Frame, asked: Sequence[Asked], school_class: int, grade: int) -> frozenset[int]:
    """When a class has no lessons: in the half-day that is not its own, and at assemblies."""
    own = session_of(asked, school_class, grade)
    assemblies = [each for each in of_kind(asked, WishKind.FIXED) if each.subject is None]
    return frozenset(
        frame.time(when)
        for when in frame.periods()
        if (own and when.session != own)
        or any(each.grade in (None, grade) and _covers(each, when) for each in assemblies)
    )


def spread(frame: Frame, lessons: Sequence[Lesson]) -> Iterator[Rule]:
    """Lessons of one subject on different days, as far as the week has days."""
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, lesson in enumerate(lessons):
        groups[tuple(part.class_subject for part in lesson.parts)].append(number)
    for numbers in groups.values():
        if 1 < len(numbers) <= len(frame.days):
            yield Apart(tuple(numbers), 1, adjoining=True, weight=SPREAD)


def of_subjects(
    frame: Frame, lessons: Sequence[Lesson], asked: Sequence[Asked], rooms: Mapping[tuple[str, int | None], int]
) -> Iterator[Rule]:
    """Special rooms, as many as a block has subjects in need of one, and subjects not taught late in a half-day."""
    in_rooms: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for number, lesson in enumerate(lessons):
        for part in lesson.parts:
            kind = room_kind_of(asked, part.subject, part.grade)
            if kind:
                in_rooms[kind, part.campus].append(number)
    for place, numbers in in_rooms.items():
        yield AtOnce(tuple(numbers), rooms.get(place, 0))
    for each in of_kind(asked, WishKind.LATEST):
        found = [
            number
            for number, lesson in enumerate(lessons)
            if each.subject is not None and any(each.is_about(part.subject, part.grade) for part in lesson.parts)
        ]
        for duration in sorted({lessons[number].duration for number in found}):
            starts = frozenset(
                frame.time(when) for when in frame.periods() if when.period + duration - 1 <= (each.period or 0)
            )
            blocks = tuple(number for number in found if lessons[number].duration == duration)
            yield AllowedStarts(blocks, starts, each.weight)


def fixed(frame: Frame, lessons: Sequence[Lesson], asked: Sequence[Asked], names: Names) -> Iterator[Rule]:
    """Periods of a subject that stand at one time in every class: one lesson of each class, its leader's first, and of
    several alike the one that lies there already.
    """
    taken: set[int] = set()
    for each in of_kind(asked, WishKind.FIXED):
        if each.subject is None:
            continue
        for school_class in sorted(names.classes):
            fits = [
                number
                for number, lesson in enumerate(lessons)
                if number not in taken
                and lesson.duration == 1
                and any(part.school_class == school_class for part in lesson.parts)
                and any(
                    each.is_about(each.subject, part.grade) for part in lesson.parts if part.subject == each.subject
                )
            ]
            if fits:
                first = min(fits, key=lambda number: _is_second(lessons[number], each, school_class, names))
                taken.add(first)
                starts = frozenset(frame.time(when) for when in frame.periods() if _covers(each, when))
                yield AllowedStarts((first,), starts)


def _is_second(lesson: Lesson, each: Asked, school_class: int, names: Names) -> tuple[bool, bool]:
    is_led = names.led.get(lesson.parts[0].staff) == school_class
    return not is_led, lesson.at is None or not _covers(each, lesson.at)


def of_teachers(
    frame: Frame, lessons: Sequence[Lesson], asked: Sequence[Asked], teachers: Mapping[int, int], ways: Ways
) -> Iterator[Rule]:
    """How much a day and a week asks of a teacher, and the way between campuses.

    Who teaches at three campuses needs the longest of the ways between any two of them.
    """
    mine: dict[int, list[int]] = defaultdict(list)
    campuses: dict[int, set[int | None]] = defaultdict(set)
    for number, lesson in enumerate(lessons):
        for part in lesson.parts:
            mine[part.staff].append(number)
            campuses[part.staff].add(part.campus)
    usual = usual_way(asked)
    for staff, number in teachers.items():
        way = longest_way(campuses[staff], ways, usual)
        if way:
            yield Travel(number, way)
        for each in _limits(asked, WishKind.MOST_A_DAY, staff):
            yield PeriodsPerDay(number, 0, each.amount or MOST_PERIODS_A_DAY, weight=each.weight)
        for each in _limits(asked, WishKind.MOST_DAYS, staff):
            last = len(frame.grid.periods) - 1
            yield DaysPerWeek(number, each.amount or len(frame.days), 0, last, weight=each.weight)
        for each in _limits(asked, WishKind.MOST_GAPS, staff):
            yield GapsPerWeek(number, each.amount or 0, weight=each.weight)
        for each in of_kind(asked, WishKind.BUSY):
            if each.staff == staff and not each.is_must:
                yield from _rather_not(frame, lessons, mine[staff], each)


def _limits(asked: Sequence[Asked], kind: WishKind, staff: int) -> list[Asked]:
    """A teacher's own limit, else the one for everybody."""
    found = of_kind(asked, kind)
    return [each for each in found if each.staff == staff] or [each for each in found if each.staff is None]


def _rather_not(frame: Frame, lessons: Sequence[Lesson], numbers: Sequence[int], each: Asked) -> Iterator[Rule]:
    unwanted = {frame.time(when) for when in frame.periods() if _covers(each, when)}
    for duration, _count in sorted(Counter(lessons[number].duration for number in numbers).items()):
        blocks = tuple(dict.fromkeys(number for number in numbers if lessons[number].duration == duration))
        starts = frozenset(
            start for start in frame.grid.starts(duration) if unwanted.isdisjoint(range(start, start + duration))
        )
        yield AllowedStarts(blocks, starts, PREFERRED)


def _covers(each: Asked, when: When) -> bool:
    """Whether a period lies in what a wish names; what it leaves open fits everything."""
    return (
        each.weekday in (None, when.weekday)
        and each.session in ("", when.session)
        and each.period in (None, when.period)
    )
