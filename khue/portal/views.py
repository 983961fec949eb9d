"""Role home pages: each answers "what now?"."""

from collections.abc import Callable
from datetime import date, datetime

from django.http import HttpResponse

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.page import for_everybody, page
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.identity.models import Role
from khue.news import queries as news
from khue.portal import operating, queries, searching

Home = Callable[[Actor, datetime], object]

#: The home of the first role somebody holds, in this order: whoever answers for more begins with that.
HOMES: tuple[tuple[Role, str, Home], ...] = (
    (Role.MINISTRY_OFFICER, "portal/officer.html", queries.officer_home),
    (Role.DEPARTMENT_OFFICER, "portal/officer.html", queries.officer_home),
    (Role.HEAD, "portal/head.html", queries.head_home),
    (Role.SUBJECT_TEACHER, "portal/teacher.html", queries.teacher_home),
    (Role.HOMEROOM_TEACHER, "portal/teacher.html", queries.teacher_home),
    (Role.CLERK, "portal/clerk.html", queries.clerk_home),
    (Role.ACCOUNTANT, "portal/accountant.html", queries.accountant_home),
    (Role.PUPIL, "portal/pupil.html", queries.pupil_home),
    (Role.GUARDIAN, "portal/guardian.html", queries.guardian_home),
    (Role.OPERATOR, "portal/operator.html", operating.operator_home),
)


def home(request: Request) -> HttpResponse:
    """The home page of the actor's role; the public's for everybody else."""
    roles = request.actor.roles
    for role, template, home_of in HOMES:
        if role.value in roles:
            at = clock.now()
            day = at.astimezone(clock.VIETNAM).date()
            shown = {"home": home_of(request.actor, at), "day": day, "now": at, "named": _named}
            return page(request, template, shown)
    shown = {"doors": queries.public_doors(), "news": news.latest()}
    return for_everybody(page(request, "portal/public.html", shown), request)


def _named(day: date) -> str:
    """A day of the next weeks as people say it: "Thứ Hai, 30/11"."""
    return f"{WEEKDAYS[day.isoweekday()]}, {day:%d/%m}"


def search(request: Request) -> HttpResponse:
    """One search from the header of every page: people, documents, tasks, minutes, files."""
    if not searching.may_search(request.actor):
        raise Forbidden
    text = request.GET.get("q", "").strip()
    return page(request, "portal/search.html", {"text": text, "found": searching.found(request.actor, text)})
