"""Pages of what was published: versions with their weeks, what differs between two, sheets for paper and for Excel."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khue.foundation import clock, spreadsheets
from khue.foundation.actor import require
from khue.foundation.errors import NotFound
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.foundation.text import name_sort_key
from khue.schools import queries as schools
from khue.timetable import labels, queries
from khue.timetable.access import Permission
from khue.timetable.models import TimetableVersion
from khue.timetable.planning.differences import Taught, differences
from khue.timetable.planning.frame import When
from khue.timetable.planning.sheets import CLASSES_ACROSS, Sheet, of_class, of_teacher, sheets, short_names
from khue.timetable.planning.tables import tables

MOST_SHOWN = 60
KINDS = ("school", "teachers", "classes")


@require_safe
def versions(request: Request) -> HttpResponse:
    """What was published, the latest first, each with the weeks in which it holds."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    found = queries.version_weeks(list(queries.visible_versions(request.actor)[:MOST_SHOWN]))
    return page(request, "timetable/versions.html", {"versions": found})


@require_safe
def version(request: Request, public_id: UUID) -> HttpResponse:
    """One version and what differs from another, the one before it unless another is chosen."""
    found = queries.version_of(request.actor, public_id)
    beside = list(queries.visible_versions(request.actor).filter(organisation=found.organisation_id)[:MOST_SHOWN])
    asked = request.GET.get("with", "")
    other = next((each for each in beside if str(each.public_id) == asked), None) if asked else None
    if asked and other is None:
        raise NotFound
    other = other or queries.version_before(found.organisation_id, found.valid_from)
    before, after = queries.taught_in(other) if other else [], queries.taught_in(found)
    changes = differences(before, after)
    classes = {each.class_id: each.class_name for each in (*before, *after)}
    staff = {each.staff_id: each.teacher for each in (*before, *after)}
    context = {
        "shown": queries.version_weeks([found])[0],
        "other": other,
        "choices": [(str(each.public_id), _named(each)) for each in beside if each.id != found.id],
        "grades": schools.grades_of_year(found.term.school_year),
        "lessons": len(after),
        "classes": sorted(
            ((classes[key], each) for key, each in changes.classes.items()), key=lambda each: schools.by_number(each[0])
        ),
        "teachers": sorted(
            ((staff[key], each) for key, each in changes.teachers.items()), key=lambda each: name_sort_key(each[0])
        ),
        "said": labels.said,
    }
    return page(request, "timetable/version.html", context)


@require_safe
def printed(request: Request, public_id: UUID, kind: str) -> HttpResponse:
    """A version on paper: the whole school or a grade on A3, teachers on A3, or one A4 for each class."""
    found = queries.version_of(request.actor, public_id)
    if kind not in KINDS:
        raise NotFound
    taught = queries.taught_in(found)
    grades = schools.grades_of_year(found.term.school_year)
    grade = next((each for each in grades if str(each) == request.GET.get("grade", "")), None)
    if grade is not None:
        members = {row.id for row in schools.visible_classes(request.actor).filter(
            school_year=found.term.school_year_id, grade=grade)[:200]}  # fmt: skip
        taught = [each for each in taught if each.class_id in members]
    shown = queries.version_weeks([found])[0]
    called, meets = _names(shown, taught)
    here = reverse("timetable:printed", args=[public_id, kind])
    context = {
        "shown": shown,
        "kind": kind,
        "sheets": _sheets(taught, kind),
        "short": short_names(each.teacher for each in taught),
        "called": called,
        "meets": meets,
        "weekdays": labels.WEEKDAYS,
        "sessions": labels.SESSIONS,
        "tabs": [(_("Tất cả"), here, grade is None)]
        + [(_("Khối %(grade)s") % {"grade": each}, f"{here}?grade={each}", each == grade) for each in grades],
    }
    return page(request, "timetable/printed.html", context)


@require_safe
def excel(request: Request, public_id: UUID) -> HttpResponseBase:
    """A version as a workbook: the whole school, teachers, and a list to filter."""
    found = queries.version_of(request.actor, public_id)
    return _workbook(queries.taught_in(found), f"thoi-khoa-bieu-{found.valid_from:%Y-%m-%d}")


@require_safe
def draft_excel(request: Request, public_id: UUID) -> HttpResponseBase:
    """A draft as a workbook, to be talked about before it is published."""
    found = queries.draft_of(request.actor, public_id)
    require(request.actor, Permission.TIMETABLE_WRITE, within=found)
    return _workbook(queries.taught_by_plan(queries.planned(found)), "thoi-khoa-bieu-nhap")


def _workbook(taught: list[Taught], name: str) -> HttpResponseBase:
    def named(when: When) -> tuple[str, str, int]:
        return str(labels.WEEKDAYS[when.weekday]), str(labels.SESSIONS[when.session]), when.period

    return spreadsheets.download_tables(name, tables(taught, named, schools.by_number))


def _names(
    shown: queries.VersionWeeks, taught: list[Taught]
) -> tuple[Callable[[Taught], str], Callable[[int, When], str]]:
    """What a lesson is called on paper, and what a class meets for in a period without one. As of a day it is for."""
    day = min(max(clock.today(), shown.version.valid_from), shown.ends_on)
    fixed = queries.fixed_periods(shown.version.organisation_id, day)
    grades = {each.class_id: each.grade for each in taught}

    def called(each: Taught) -> str:
        return fixed.of_lesson(each.weekday, each.session, each.period, each.grade, each.subject) or each.subject

    def meets(class_id: int, when: When) -> str:
        return fixed.assembly(when.weekday, when.session, when.period, grades[class_id])

    return called, meets


def _sheets(taught: list[Taught], kind: str) -> list[Sheet]:
    if kind == "teachers":
        return sheets(taught, of_teacher, name_sort_key, across=len(taught) or 1)
    if kind == "school":
        return sheets(taught, of_class, schools.by_number, across=CLASSES_ACROSS)
    return sorted(
        sheets(taught, of_class, schools.by_number, across=1), key=lambda each: schools.by_number(each.whose[0][1])
    )


def _named(each: TimetableVersion) -> str:
    return _("%(title)s (từ %(day)s)") % {"title": each.title, "day": f"{each.valid_from:%d/%m/%Y}"}
