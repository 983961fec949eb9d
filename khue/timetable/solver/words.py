"""What the checker found, in the words of the people who have to mend it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.timetable.solver.checker import Breach, Violation
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    PeriodsOnEnd,
    PeriodsPerDay,
    Problem,
    SameDay,
    SameStart,
    Travel,
)
from khue.timetable.solver.wish import Lock, Reasons, TimesOff, Wish

SENTENCES: Mapping[Breach, str | Promise] = {
    Breach.UNPLACED: _("%(blocks)s chưa được xếp."),
    Breach.OUT_OF_HOURS: _("%(blocks)s nằm ngoài buổi học."),
    Breach.CLASH: _("%(who)s bị trùng vào %(time)s: %(blocks)s."),
    Breach.CLOSED: _("%(who)s nghỉ vào %(time)s nhưng có %(blocks)s."),
    Breach.START: _("%(blocks)s không được bắt đầu vào %(time)s."),
    Breach.TOO_CLOSE: _("%(blocks)s phải cách nhau ít nhất %(allowed)d ngày, hiện cách %(found)d ngày."),
    Breach.NOT_ADJOINING: _("%(blocks)s cùng một ngày thì phải liền nhau."),
    Breach.NOT_SAME_DAY: _("%(blocks)s phải cùng một ngày, hiện nằm ở %(found)d ngày."),
    Breach.NOT_SAME_START: _("%(blocks)s phải cùng bắt đầu một lúc."),
    Breach.AT_ONCE: _("Vào %(time)s có %(found)d lớp học cùng lúc, tối đa %(allowed)d: %(blocks)s."),
    Breach.GAPS_IN_DAY: _("%(who)s có %(found)d tiết trống ngày %(day)s, tối đa %(allowed)d."),
    Breach.GAPS_IN_WEEK: _("%(who)s có %(found)d tiết trống trong tuần, tối đa %(allowed)d."),
    Breach.TOO_FEW_PERIODS: _("%(who)s chỉ có %(found)d tiết ngày %(day)s, ít nhất %(allowed)d."),
    Breach.TOO_MANY_PERIODS: _("%(who)s có %(found)d tiết ngày %(day)s, nhiều nhất %(allowed)d."),
    Breach.TOO_LONG_ON_END: _("%(who)s có %(found)d tiết liền nhau ngày %(day)s, nhiều nhất %(allowed)d."),
    Breach.TOO_MANY_DAYS: _("%(who)s có tiết trong %(found)d ngày, nhiều nhất %(allowed)d."),
    Breach.NO_TIME_TO_TRAVEL: _(
        "%(who)s cần %(allowed)d tiết trống để đi giữa hai điểm trường, hiện có %(found)d: %(blocks)s."
    ),
}

#: What they have in common, as it heads those of one kind.
KINDS: Mapping[Breach, str | Promise] = {
    Breach.UNPLACED: _("Chưa được xếp"),
    Breach.OUT_OF_HOURS: _("Nằm ngoài buổi học"),
    Breach.CLASH: _("Trùng tiết"),
    Breach.CLOSED: _("Xếp vào lúc nghỉ"),
    Breach.START: _("Đặt vào tiết không được phép"),
    Breach.TOO_CLOSE: _("Cùng một môn quá gần nhau"),
    Breach.NOT_ADJOINING: _("Cùng ngày mà không liền nhau"),
    Breach.NOT_SAME_DAY: _("Phải cùng một ngày"),
    Breach.NOT_SAME_START: _("Phải bắt đầu cùng lúc"),
    Breach.AT_ONCE: _("Quá nhiều lớp học cùng lúc"),
    Breach.GAPS_IN_DAY: _("Tiết trống trong ngày"),
    Breach.GAPS_IN_WEEK: _("Tiết trống trong tuần"),
    Breach.TOO_FEW_PERIODS: _("Ngày có quá ít tiết"),
    Breach.TOO_MANY_PERIODS: _("Ngày có quá nhiều tiết"),
    Breach.TOO_LONG_ON_END: _("Quá nhiều tiết liền nhau"),
    Breach.TOO_MANY_DAYS: _("Có tiết trong quá nhiều ngày"),
    Breach.NO_TIME_TO_TRAVEL: _("Không kịp đi giữa hai điểm trường"),
}


@dataclass(frozen=True, slots=True)
class Heap:
    """All that is wrong in one way: how much, and the first of it in words."""

    title: str
    count: int
    sentences: list[str]


def by_kind(problem: Problem, found: Iterable[Violation], *, most: int) -> list[Heap]:
    """What was found by what it is, in the order of Breach; of each kind at most so many in words."""
    heaps: dict[Breach, list[Violation]] = defaultdict(list)
    for violation in found:
        heaps[violation.breach].append(violation)
    return [
        Heap(str(KINDS[kind]), len(heaps[kind]), [sentence(problem, each) for each in heaps[kind][:most]])
        for kind in Breach
        if kind in heaps
    ]


def sentence(problem: Problem, violation: Violation) -> str:
    """One violation as a sentence in the reader's language."""
    grid = problem.grid
    return str(SENTENCES[violation.breach]) % {
        "who": "" if violation.resource is None else problem.resources[violation.resource].name,
        "blocks": _names(problem, violation.blocks),
        "time": "" if violation.time is None else grid.label(violation.time),
        "day": "" if violation.day is None else grid.days[violation.day],
        "found": violation.found,
        "allowed": violation.allowed,
    }


WISHES: Mapping[type[Wish], str | Promise] = {
    TimesOff: _("%(who)s nghỉ %(count)d tiết trong tuần."),
    Lock: _("%(blocks)s được giữ ở %(time)s."),
    AllowedStarts: _("%(blocks)s chỉ được bắt đầu vào: %(times)s."),
    Apart: _("%(blocks)s phải cách nhau ít nhất %(count)d ngày."),
    SameDay: _("%(blocks)s phải cùng một ngày."),
    SameStart: _("%(blocks)s phải cùng bắt đầu một lúc."),
    AtOnce: _("Không quá %(count)d lớp học cùng lúc trong số: %(blocks)s."),
    GapsPerDay: _("%(who)s có nhiều nhất %(count)d tiết trống mỗi ngày."),
    GapsPerWeek: _("%(who)s có nhiều nhất %(count)d tiết trống mỗi tuần."),
    PeriodsPerDay: _("%(who)s có từ %(least)d đến %(count)d tiết mỗi ngày."),
    PeriodsOnEnd: _("%(who)s có nhiều nhất %(count)d tiết liền nhau."),
    DaysPerWeek: _("%(who)s có tiết trong nhiều nhất %(count)d ngày."),
    Travel: _("%(who)s cần %(count)d tiết trống để đi giữa hai điểm trường."),
}
TOGETHER = _("Không thể xếp đủ các tiết này cùng với những yêu cầu trên: %(blocks)s.")
ALONE = _("Trong tuần không đủ chỗ cho các tiết này: %(blocks)s.")


def wish_sentence(problem: Problem, wish: Wish) -> str:
    """One wish as a sentence in the reader's language."""
    grid = problem.grid
    count, resource = 0, None
    times: tuple[int, ...] = ()
    blocks: tuple[int, ...] = ()
    match wish:
        case TimesOff():
            resource, count = wish.resource, len(problem.resources[wish.resource].closed)
        case Lock():
            blocks, times = (wish.block,), (wish.start,)
        case AllowedStarts():
            blocks, times = wish.blocks, tuple(sorted(wish.starts))
        case SameDay() | SameStart():
            blocks = wish.blocks
        case Apart():
            blocks, count = wish.blocks, wish.days
        case AtOnce():
            blocks, count = tuple(dict.fromkeys(wish.blocks)), wish.most
        case Travel():
            resource, count = wish.resource, wish.periods
        case _:
            resource, count = wish.resource, wish.most
    labels = "; ".join(grid.label(time) for time in times)
    return str(WISHES[type(wish)]) % {
        "who": "" if resource is None else problem.resources[resource].name,
        "blocks": _names(problem, blocks),
        "time": labels,
        "times": labels,
        "count": count,
        "least": wish.least if isinstance(wish, PeriodsPerDay) else 0,
    }


def reason_sentences(problem: Problem, found: Reasons) -> list[str]:
    """The wishes that contradict each other, then the lessons they leave no place for."""
    lessons = str(TOGETHER if found.wishes else ALONE) % {"blocks": _names(problem, found.blocks)}
    return [*(wish_sentence(problem, wish) for wish in found.wishes), lessons]


def _names(problem: Problem, blocks: Iterable[int]) -> str:
    """Each name once, with how many blocks have it."""
    counts = Counter(problem.blocks[block].name for block in blocks)
    return "; ".join(name if count == 1 else f"{name} ({count})" for name, count in counts.items())
