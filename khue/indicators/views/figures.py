"""Pages of figures: always down to the rows behind a number, and to where it came from."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from khue.attendance.models import LessonLog
from khue.foundation import clock, lists, spreadsheets
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.indicators import queries, tiles
from khue.indicators.access import Permission
from khue.indicators.catalogue import Indicator
from khue.indicators.human_capital import COMPONENTS
from khue.indicators.queries import Value
from khue.indicators.views.tabs import tabs
from khue.registry.models import Organisation, Person

PEOPLE: lists.Listing[Person] = lists.Listing(order=("sort_key", "id"), search=("folded_name",))
LESSONS: lists.Listing[LessonLog] = lists.Listing(
    order=("-day", "-id"),
    filters=(
        lists.Filter(
            "mode",
            gettext_lazy("Hình thức"),
            "mode",
            choices=[("online", gettext_lazy("Trực tuyến")), ("classroom", gettext_lazy("Tại lớp"))],
        ),
    ),
)
PEOPLE_CODES, LESSON_CODES = ("A1", "A2", "B2"), ("A5", "A6")


@require_safe
def own(request: Request) -> HttpResponse:
    """Go to the organisation the actor answers for."""
    return see_other("indicators:organisation", queries.own_organisation(request.actor).public_id)


@require_safe
def organisation(request: Request, organisation_id: UUID) -> HttpResponseBase:
    """All indicators of one organisation against their targets."""
    found = queries.organisation_of(request.actor, organisation_id)
    year = queries.school_year_of(clock.today())
    values = queries.values_of(found, year)
    if lists.EXPORT in request.GET:
        return spreadsheets.download(f"chi-so-{year}", _columns(_("Chỉ số")), [_line(v, _text(v)) for v in values])
    shown = {
        "organisation": found,
        "year": year,
        "values": values,
        "tabs": tabs(request.actor, found, "figures"),
        "reported": queries.reported_at(found),
        "may_type": request.actor.may(Permission.FIGURE_REPORT, found),
        "components": tuple(COMPONENTS.values()),
        "measures": queries.country_measures() if found.kind == Organisation.Kind.MINISTRY else {},
    }
    return page(request, "indicators/organisation.html", shown)


@require_safe
def indicator(request: Request, organisation_id: UUID, code: str) -> HttpResponseBase:
    """One indicator: over time, by the bodies below, and at a school by class and by the rows that made it."""
    found = queries.organisation_of(request.actor, organisation_id)
    chosen = queries.indicator_of(code)
    year = queries.school_year_of(clock.today())
    value = next(value for value in queries.values_of(found, year) if value.indicator is chosen)
    shown = {
        "organisation": found,
        "year": year,
        "indicator": chosen,
        "value": value,
        "months": queries.months_of(found, chosen),
    }
    if found.kind != Organisation.Kind.SCHOOL:
        return _parts(request, found, chosen, shown)
    return _school(request, found, chosen, shown)


def _parts(request: Request, found: Organisation, chosen: Indicator, shown: dict[str, object]) -> HttpResponseBase:
    parts = queries.parts_of(found, chosen, str(shown["year"]))
    if lists.EXPORT in request.GET:
        lines = [_line(part.value, part.name) for part in parts]
        return spreadsheets.download(f"{chosen.code}-{shown['year']}", _columns(_("Đơn vị")), lines)
    shown = {**shown, "tiles": ()}
    if found.kind == Organisation.Kind.MINISTRY:
        by_code = queries.parts_by_province(parts)
        drawn = [(square, by_code.get(square.code), queries.PROVINCES[square.code]) for square in tiles.squares()]
        shown = {**shown, "tiles": drawn, "view_box": tiles.view_box(), "tile": tiles}
    return page(request, "indicators/parts.html", {**shown, "parts": parts})


def _school(request: Request, found: Organisation, chosen: Indicator, shown: dict[str, object]) -> HttpResponse:
    today = clock.today()
    since = queries.first_day(found, today)
    classes = queries.classes_of(found, chosen, since, today)
    wanted = request.GET.get("class", "")
    school_class = next((part.school_class for part in classes if str(part.school_class.public_id) == wanted), None)
    shown = {**shown, "classes": classes, "school_class": school_class}
    key = school_class.id if school_class else None
    if chosen.code in PEOPLE_CODES:
        seen = PEOPLE.page(queries.people_behind(request.actor, found, chosen.code, today, key), request.GET)
        rows = queries.described(found, seen.rows, since, today)
        return page(request, "indicators/people.html", {**shown, "seen": seen, "rows": rows}, fragment="results")
    if chosen.code in LESSON_CODES:
        lessons = LESSONS.page(queries.lessons_behind(found, chosen.code, since, today, key), request.GET)
        return page(request, "indicators/lessons.html", {**shown, "seen": lessons}, fragment="results")
    return page(request, "indicators/school.html", shown)


@require_safe
def lineage(request: Request, organisation_id: UUID, code: str) -> HttpResponse:
    """Where a number comes from: definition, law, counting, files."""
    found = queries.organisation_of(request.actor, organisation_id)
    chosen = queries.indicator_of(code)
    origin = queries.lineage_of(found, chosen, queries.school_year_of(clock.today()))
    shown = {"organisation": found, "indicator": chosen, "origin": origin}
    return page(request, "indicators/lineage.html", shown)


def _columns(first: str) -> list[tuple[str, int]]:
    return [
        (first, 60), (_("Đơn vị tính"), 16), (_("Tử số"), 14), (_("Mẫu số"), 14), (_("Chưa rõ"), 12),
        (_("Tỉ lệ (%)"), 12), (_("Mục tiêu 2025 (%)"), 18),
    ]  # fmt: skip


def _text(value: Value) -> str:
    return f"{value.indicator.code} {value.indicator.text}"


def _line(value: Value, first: str) -> list[spreadsheets.Cell]:
    """A line of the workbook; what is not known is empty, not zero."""
    known = value.percent is not None
    return [
        first,
        str(value.indicator.unit),
        value.numerator if known else None,
        value.denominator if known else None,
        value.unknown,
        float(value.percent) if value.percent is not None else None,
        value.indicator.target_2025,
    ]
