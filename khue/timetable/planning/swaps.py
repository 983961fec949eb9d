"""Which two lessons of a class can change places on a day: a pure rule over everything taught that day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from khue.timetable.planning.ways import Ways, way_between


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson where it is on that day.

    teacher     who gives it that day; is_covered: in place of somebody else
    is_away     whose lesson it is is away, and nobody gives it
    campus      where its class learns, None is the main one
    moved_from  the period of the week's plan, where it has changed places already
    """

    slot: int
    class_subject: int
    school_class: int
    class_name: str
    subject: str
    hue: str
    teacher: int
    teacher_name: str
    room: int | None
    room_name: str
    session: str
    period: int
    campus: int | None = None
    is_covered: bool = False
    is_away: bool = False
    moved_from: int | None = None


class Why(StrEnum):
    """What stands against an exchange."""

    OTHER_CLASS = "other_class"
    OTHER_HALF_DAY = "other_half_day"
    SAME = "same"
    COVERED = "covered"
    AWAY = "away"
    MOVED = "moved"
    TEACHER = "teacher"
    ROOM = "room"
    CLASS = "class"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class Travelling:
    """Free periods between two campuses: those measured, and `usual` for the others."""

    ways: Ways
    usual: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Why two lessons cannot change places.

    lesson   the one that cannot be moved
    period   where it would be
    other    the lesson that is there already, of the same teacher, room or class, or too near for the way to it; None
             where that is not the reason
    """

    why: Why
    lesson: Placed
    period: int
    other: Placed | None = None


def clash(lessons: Sequence[Placed], one: Placed, other: Placed, travelling: Travelling | None = None) -> Clash | None:
    """The first thing that stands against an exchange of two lessons; None where nothing does.

    lessons     all of the school's that day. The same half-day only: leave, missed sessions and what a family is told
                of an absence are counted by half-days
    travelling  what teachers need between campuses; None where the way is not to be asked about
    """
    found = _itself(one, other) or _itself(other, one)
    if found is not None:
        return found
    found = _there(lessons, one, other) or _there(lessons, other, one)
    if found is not None or travelling is None:
        return found
    return _too_near(lessons, one, other, travelling) or _too_near(lessons, other, one, travelling)


def exchanged(lessons: Sequence[Placed], one: Placed, other: Placed) -> list[Placed]:
    """The day after the exchange, in the same order."""
    to = {one.slot: other.period, other.slot: one.period}
    return [replace(each, period=to.get(each.slot, each.period)) for each in lessons]


def _itself(lesson: Placed, other: Placed) -> Clash | None:
    reasons = {
        Why.OTHER_CLASS: lesson.school_class != other.school_class,
        Why.SAME: lesson.class_subject == other.class_subject,
        Why.OTHER_HALF_DAY: lesson.session != other.session,
        Why.CLASS: lesson.session == other.session and lesson.period == other.period,
        Why.MOVED: lesson.moved_from is not None,
        Why.COVERED: lesson.is_covered,
        Why.AWAY: lesson.is_away,
    }
    why = next((why for why, holds in reasons.items() if holds), None)
    return Clash(why, lesson, other.period, other if why == Why.CLASS else None) if why else None


def _there(lessons: Sequence[Placed], lesson: Placed, other: Placed) -> Clash | None:
    """Who or what is taken in the period the lesson would be in."""
    for each in lessons:
        if each.slot in (lesson.slot, other.slot) or (each.session, each.period) != (other.session, other.period):
            continue
        if each.teacher == lesson.teacher:
            return Clash(Why.TEACHER, lesson, other.period, each)
        if each.room is not None and each.room == lesson.room:
            return Clash(Why.ROOM, lesson, other.period, each)
        if each.school_class == lesson.school_class:
            return Clash(Why.CLASS, lesson, other.period, each)
    return None


def _too_near(lessons: Sequence[Placed], lesson: Placed, other: Placed, travelling: Travelling) -> Clash | None:
    """A lesson of the same teacher at another campus, nearer to the new period than the way, and than it was."""
    for each in lessons:
        if each.teacher != lesson.teacher or each.session != lesson.session or each.campus == lesson.campus:
            continue
        free, before = abs(each.period - other.period) - 1, abs(each.period - lesson.period) - 1
        if free < min(way_between(each.campus, lesson.campus, travelling.ways, travelling.usual), before):
            return Clash(Why.WAY, lesson, other.period, each)
    return None
