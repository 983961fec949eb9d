"""Rooms and equipment on one day: what is taken, and which hours are free to book."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from khue.foundation.clock import today
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.workspace import queries
from khue.workspace.access import Permission
from khue.workspace.views.offices import office_of
from khue.workspace.views.tabs import tabs


@require_safe
def venues(request: Request) -> HttpResponse:
    """Every venue of the office on a day; a free hour leads to the form with its hours filled in."""
    office, day = office_of(request, Permission.WORK), day_asked(request.GET.get("on", ""))
    context = {
        "venues": queries.venue_days(office.id, day),
        "day": day,
        "weekday": WEEKDAYS[day.isoweekday()],
        "previous": (day - timedelta(days=1)).isoformat(),
        "following": (day + timedelta(days=1)).isoformat(),
        "is_over": day < today(),
        "tabs": tabs("venues"),
        "may_keep": request.actor.may(Permission.REGISTER_WRITE, office),
    }
    return page(request, "workspace/venues.html", context)


def day_asked(text: str) -> date:
    """The day an address asks for; today where it means nothing."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today()
    return day if 2000 <= day.year < 2100 else today()
