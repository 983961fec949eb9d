"""Pages of figures: always down to the rows behind a number, and to where it came from."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
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
from khue.indicators.human_capital import components_of
from khue.indicators.models import FarFigure
from khue.indicators.queries import STAFF, ClassPart, Value
from khue.indicators.views.tabs import tabs
from khue.registry.models import Organisation, Person
from khue.schools import queries as schools

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
LESSON_CODES = ("A5", "A6")
FAR: lists.Listing[FarFigure] = lists.Listing(order=("folded_name", "id"), search=("folded_name",))


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
        "counted_at": max((value.counted_at for value in values if value.counted_at), default=None),
        "tabs": tabs(request.actor, found, "figures"),
        "reported": queries.reported_at(found),
        "may_type": request.actor.may(Permission.FIGURE_REPORT, found),
        "has_components": bool(components_of(found.kind)),
    }
    return page(request, "indicators/organisation.html", shown)


@require_safe
def indicator(request: Request, organisation_id: UUID, code: str) -> HttpResponseBase:
    """One indicator: over time, and by the bodies below, at a school by class."""
    shown = _figure(request, organisation_id, code)
    found, chosen = shown["organisation"], shown["indicator"]
    if found.kind != Organisation.Kind.SCHOOL:
        return _parts(request, found, chosen, shown)
    return _school(request, found, chosen, shown)


def _figure(request: Request, organisation_id: UUID, code: str) -> dict[str, Any]:
    """One indicator at one organisation, as its pages show it."""
    found, chosen = queries.organisation_of(request.actor, organisation_id), queries.indicator_of(code)
    year = queries.school_year_of(clock.today())
    value = next(value for value in queries.values_of(found, year) if value.indicator is chosen)
    summary = queries.far_summary(found, chosen, year) if value.has_far else None
    return {"organisation": found, "year": year, "indicator": chosen, "value": value, "far": summary}


def _parts(request: Request, found: Organisation, chosen: Indicator, shown: dict[str, Any]) -> HttpResponseBase:
    if lists.EXPORT in request.GET:
        lines = [_line(part.value, part.name) for part in queries.parts_of(found, chosen, shown["year"])]
        return spreadsheets.download(f"{chosen.code}-{shown['year']}", _columns(_("Đơn vị")), lines)
    seen = _seen(request, found, chosen, shown["year"])
    shown = {**shown, **seen, "tiles": (), "months": queries.months_of(found, chosen)}
    if found.kind == Organisation.Kind.MINISTRY:
        first: queries.PartsPage = seen["seen"]
        is_whole = not seen["text"] and len(first.parts) == first.total
        parts = first.parts if is_whole else queries.parts_of(found, chosen, shown["year"])
        by_code = queries.parts_by_province(parts)
        drawn = [(square, by_code.get(square.code), queries.PROVINCES[square.code]) for square in tiles.squares()]
        shown = {**shown, "tiles": drawn, "view_box": tiles.view_box(), "tile": tiles}
    return page(request, "indicators/parts.html", shown, fragment="results")


def _seen(request: Request, found: Organisation, chosen: Indicator, year: str) -> dict[str, Any]:
    """The page of bodies below that the address asks for, and the addresses of the pages beside it."""
    text, asked = request.GET.get("q", "")[: lists.LONGEST_SEARCH], request.GET.get("start", "")
    order: queries.Order = "share" if request.GET.get("order") == "share" else "name"
    start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    seen = queries.parts_page(found, chosen, year, text=text, order=order, start=start)
    kept = {name: value for name, value in (("q", text), ("order", "share" if order == "share" else "")) if value}
    before = max(0, seen.start - queries.PARTS_ON_A_PAGE)
    return {
        "seen": seen,
        "text": text,
        "order": order,
        "by_name": "?" + urlencode({"q": text} if text else {}),
        "by_share": "?" + urlencode({**kept, "order": "share"}),
        "next": "?" + urlencode({**kept, "start": seen.next}) if seen.next else "",
        "previous": "?" + urlencode({**kept, "start": before} if before else kept) if seen.start else "",
    }


def _school(request: Request, found: Organisation, chosen: Indicator, shown: dict[str, Any]) -> HttpResponse:
    classes = queries.classes_of(found, shown["value"], shown["year"])
    months = queries.months_of(found, chosen)
    return page(request, "indicators/school.html", {**shown, "classes": classes, "months": months})


def _survey(request: Request, school: Organisation, part: ClassPart) -> str:
    """Where the survey behind A1 is filled in by whoever asks; "" where that is somebody else's."""
    if not schools.may_ask_means_at(request.actor, school.id):
        return ""
    return reverse("schools:staff_means") if part.key == STAFF else reverse("schools:class_means", args=[part.key])


@require_safe
def part(request: Request, organisation_id: UUID, code: str, key: str) -> HttpResponse:
    """One class of a school, or its staff: the figure and the rows behind it."""
    shown = _figure(request, organisation_id, code)
    found, chosen, today = shown["organisation"], shown["indicator"], clock.today()
    opened = queries.part_of(found, shown["value"], shown["year"], key)
    since = queries.first_day(found, today)
    shown["part"] = opened
    if opened.school_class is not None and chosen.code in LESSON_CODES:
        held = (found, chosen.code, opened.school_class, since, today)
        seen = LESSONS.page(
            lambda: queries.lessons_behind(*held), request.GET, first=lambda: queries.first_lessons_behind(*held)
        )
        return page(request, "indicators/lessons.html", {**shown, "seen": seen}, fragment="results")
    whose = (request.actor, found, opened.school_class, today)
    people = PEOPLE.page(
        lambda: queries.people_behind(*whose), request.GET, first=lambda: queries.first_people_behind(*whose)
    )
    rows = queries.described(found, chosen.code, people.rows, since, today)
    shown["survey"] = _survey(request, found, opened) if chosen.code == "A1" else ""
    return page(request, "indicators/people.html", {**shown, "seen": people, "rows": rows}, fragment="results")


@require_safe
def far(request: Request, organisation_id: UUID, code: str) -> HttpResponse:
    """Schools whose rows another node keeps: what each reported, by which node, in which version."""
    shown = _figure(request, organisation_id, code)
    rows = queries.far_figures(shown["organisation"], shown["indicator"], shown["year"])
    seen = FAR.page(rows, request.GET)
    values = {row.id: Value(shown["indicator"], row.numerator, row.denominator, row.unknown) for row in seen.rows}
    return page(request, "indicators/far.html", {**shown, "seen": seen, "values": values}, fragment="results")


@require_safe
def lineage(request: Request, organisation_id: UUID, code: str) -> HttpResponse:
    """Where a number comes from: definition, law, counting, files."""
    found = queries.organisation_of(request.actor, organisation_id)
    chosen = queries.indicator_of(code)
    year = queries.school_year_of(clock.today())
    origin = queries.lineage_of(found, chosen, year)
    shown = {
        "organisation": found, "indicator": chosen, "origin": origin, "provinces": queries.PROVINCES,
        "far": queries.far_summary(found, chosen, year) if origin.has_far else None,
    }  # fmt: skip
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
