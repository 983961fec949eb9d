"""Why a draft cannot be placed, in the words of the school: without what only the program asks for."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from khue.timetable.planning.week import Planned
from khue.timetable.solver.problem import AllowedStarts, GapsPerDay, Kind
from khue.timetable.solver.wish import Reasons, TimesOff, Wish
from khue.timetable.solver.words import reason_sentences, wish_sentence


def plain_reasons(planned: Planned, found: Reasons, untold: Collection[Wish] = ()) -> list[str]:
    """The wishes of which one has to give way, a sentence each, then the lessons they leave no place for.

    Rules that make the frame of the week (openings, and that nothing lies in them) are nobody's wish and not told; nor
    are those in `untold`.
    """
    asked = tuple(wish for wish in found.wishes if wish not in untold and not _is_of_the_frame(planned, wish))
    lessons = tuple(block for block in found.blocks if block < len(planned.lessons))
    told = reason_sentences(planned.problem, Reasons(asked, lessons))
    return [*_once(_sentence(planned, wish) for wish in asked), *(told[-1:] if lessons else [])]


def _is_of_the_frame(planned: Planned, wish: Wish) -> bool:
    if not isinstance(wish, AllowedStarts):
        return False
    if any(block >= len(planned.lessons) for block in wish.blocks):
        return True
    duration = planned.lessons[wish.blocks[0]].duration
    return wish.starts == frozenset(planned.frame.grid.starts(duration)) - frozenset(planned.frame.openings())


def _sentence(planned: Planned, wish: Wish) -> str:
    problem = planned.problem
    if isinstance(wish, GapsPerDay) and problem.resources[wish.resource].kind is Kind.CLASS:
        return _("Lớp %(name)s học liền các tiết, từ tiết đầu của buổi.") % {
            "name": problem.resources[wish.resource].name
        }
    if isinstance(wish, TimesOff):
        resource, grid = problem.resources[wish.resource], problem.grid
        days = Counter(grid.day(time) for time in resource.closed)
        whole = planned.frame.morning + planned.frame.afternoon
        when = ", ".join(_part_of_day(grid.days[day], count, whole) for day, count in sorted(days.items()))
        text = _("Lớp %(name)s không học: %(when)s.") if resource.kind is Kind.CLASS else _("%(name)s nghỉ: %(when)s.")
        return text % {"name": resource.name, "when": when}
    return wish_sentence(problem, wish)


def _part_of_day(day: str, count: int, whole: int) -> str:
    if count >= whole:
        return _("cả ngày %(day)s") % {"day": day}
    return _("%(day)s %(count)s tiết") % {"day": day, "count": count}


def _once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
