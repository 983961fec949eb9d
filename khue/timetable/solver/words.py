"""What the checker found, in the words of the people who have to mend it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.timetable.solver.checker import Breach, Violation
from khue.timetable.solver.problem import Problem

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


def sentence(problem: Problem, violation: Violation) -> str:
    """One violation as a sentence in the reader's language."""
    grid = problem.grid
    return str(SENTENCES[violation.breach]) % {
        "who": "" if violation.resource is None else problem.resources[violation.resource].name,
        "blocks": "; ".join(problem.blocks[block].name for block in violation.blocks),
        "time": "" if violation.time is None else grid.label(violation.time),
        "day": "" if violation.day is None else grid.days[violation.day],
        "found": violation.found,
        "allowed": violation.allowed,
    }
