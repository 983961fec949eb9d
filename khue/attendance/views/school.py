"""The school's day for its head, and a class's year for its homeroom teacher."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse

from khue.attendance import queries
from khue.attendance.absent_sessions import MOST_SESSIONS, NEAR
from khue.attendance.access import Permission
from khue.attendance.views.days import day_of
from khue.foundation import clock
from khue.foundation.errors import NotFound
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import queries as schools


def day(request: Request) -> HttpResponse:
    """Lessons without a roll, who is missing by class, leave that waits."""
    places = registry.working_places(request.actor, Permission.DAY_READ)
    if not places:
        raise NotFound
    shown = day_of(request.GET.get("day", ""))
    context = {
        "place": places[0],
        "day": shown,
        "previous": shown - timedelta(days=1),
        "next": shown + timedelta(days=1),
        "sheet": queries.day_sheet(
            places[0].id, shown, clock.now(), **({"most": None} if "all" in request.GET else {})
        ),
    }
    return page(request, "attendance/day.html", context)


def class_year(request: Request, class_id: UUID) -> HttpResponse:
    """How often the pupils of a class were absent this year, and who comes near 45 sessions."""
    school_class = schools.class_of(request.actor, class_id)
    if not request.actor.may(Permission.ROLL_READ, school_class):
        raise NotFound
    rows = queries.class_year(school_class)
    missed = [row for row in rows if not row.was_always_there]
    context = {
        "school_class": school_class,
        "missed": sorted(missed, key=lambda row: (-row.sessions, -row.unexcused)),
        "there": [row for row in rows if row.was_always_there],
        "near": NEAR,
        "most": MOST_SESSIONS,
    }
    return page(request, "attendance/class_year.html", context)
