"""Pages of the indicators: always down to the rows behind a number."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from khue.attendance.models import LessonLog
from khue.foundation import clock, lists
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.indicators import queries
from khue.registry.models import Organisation, Person

PEOPLE: lists.Listing[Person] = lists.Listing(order=("sort_key", "id"), search=("folded_name",))
LESSONS: lists.Listing[LessonLog] = lists.Listing(
    order=("-day", "-id"),
    filters=(
        lists.Filter(
            "mode", _("Hình thức"), "mode", choices=[("online", _("Trực tuyến")), ("classroom", _("Tại lớp"))]
        ),
    ),
)


def own(request: Request) -> HttpResponse:
    """Go to the organisation the actor answers for."""
    return see_other("indicators:organisation", queries.own_organisation(request.actor).public_id)


def organisation(request: Request, organisation_id: UUID) -> HttpResponse:
    """All indicators of one organisation against their targets."""
    found = queries.organisation_of(request.actor, organisation_id)
    year = queries.school_year_of(clock.today())
    values = queries.values_of(found, year)
    return page(request, "indicators/organisation.html", {"organisation": found, "year": year, "values": values})


def indicator(request: Request, organisation_id: UUID, code: str) -> HttpResponse:
    """One indicator: by the bodies below, and at a school by the rows that made it."""
    found = queries.organisation_of(request.actor, organisation_id)
    chosen = queries.indicator_of(code)
    year = queries.school_year_of(clock.today())
    value = next(value for value in queries.values_of(found, year) if value.indicator is chosen)
    shown = {"organisation": found, "year": year, "indicator": chosen, "value": value}
    if found.kind != Organisation.Kind.SCHOOL:
        parts = queries.parts_of(found, chosen, year)
        return page(request, "indicators/parts.html", {**shown, "parts": parts})
    if code in ("A1", "A2"):
        seen = PEOPLE.page(queries.people_behind(request.actor, found, code, clock.today()), request.GET)
        rows = queries.described(found, seen.rows, clock.today())
        return page(request, "indicators/people.html", {**shown, "seen": seen, "rows": rows}, fragment="results")
    lessons = LESSONS.page(queries.lessons_behind(found, code, clock.today()), request.GET)
    return page(request, "indicators/lessons.html", {**shown, "seen": lessons}, fragment="results")
