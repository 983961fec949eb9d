"""Pages of classes: the list of a year, one class, and what can be done to it."""

from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, paper, spreadsheets
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import queries as messaging
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import actions, labels, queries
from khue.schools.access import Permission
from khue.schools.forms.classes import GRADES, ClassForm, CloseForm, HomeroomForm, NewClassesForm
from khue.schools.models import SchoolClass, StaffMember
from khue.schools.views.years import chosen_year, year_choices

_GRADES_OF_LEVEL = {"02": range(1, 6), "03": range(6, 10), "04": range(10, 13), "05": range(1, 13)}


@require_safe
def classes(request: Request) -> HttpResponseBase:
    """The classes of a school year by grade, with size and homeroom teacher."""
    sees_all = request.actor.may(Permission.CLASSES_READ_ALL)
    seen_by = Permission.CLASSES_READ_ALL if sees_all else Permission.CLASSES_READ_TAUGHT
    require(request.actor, seen_by, within=None)
    year, years = chosen_year(request, seen_by)
    rows = queries.class_rows(request.actor, year, today()) if year else []
    grade = request.GET.get("grade", "")
    by_grade = {key: list(group) for key, group in groupby(rows, key=lambda row: row.grade)}
    seen = [row for row in rows if grade in ("", str(row.grade))]
    if "export" in request.GET and year:
        return spreadsheets.download(_("Lớp học %(year)s") % {"year": year.code}, *_sheet(seen))
    here = f"?year={year.public_id}" if year else ""
    open_rows = [row for row in rows if row.closed_on is None]
    context = {
        "year": year,
        "years": year_choices(years),
        "rows": rows,
        "groups": [{"grade": key, "rows": group} for key, group in by_grade.items() if grade in ("", str(key))],
        "tabs": [(_("Tất cả"), here, not grade, len(rows))]
        + [
            (_("Khối %(grade)s") % {"grade": key}, f"{here}&grade={key}", grade == str(key), len(group))
            for key, group in by_grade.items()
        ],
        "average": sum(row.size for row in open_rows) / max(len(open_rows), 1),
        "campuses": any(row.campus for row in rows),
        "unled": sum(not row.homeroom_teacher for row in open_rows),
        "export": f"{here}&grade={grade}&export=xlsx",
        "may_write": year is not None and request.actor.may(Permission.CLASSES_WRITE, year),
        "may_open": request.actor.may(Permission.CALENDAR_WRITE),
    }
    return page(request, "schools/classes.html", context)


def _sheet(rows: list[queries.ClassRow]) -> tuple[list[tuple[str, int]], list[tuple[str | int, ...]]]:
    columns = [
        (_("Khối"), 8),
        (_("Lớp"), 10),
        (_("Sĩ số"), 8),
        (_("Nữ"), 8),
        (_("Chủ nhiệm"), 28),
        (_("Điểm trường"), 40),
    ]
    return columns, [
        (r.grade, r.name, r.size, r.girls, r.homeroom_teacher, r.campus or str(_("Điểm trường chính"))) for r in rows
    ]


@require_safe
def school_class(request: Request, public_id: UUID) -> HttpResponseBase:
    """One class: its pupils in Vietnamese name order, and who has led it."""
    card = queries.class_card(request.actor, public_id, today())
    if "export" in request.GET:
        return spreadsheets.download(_("Lớp %(name)s") % {"name": card.school_class.name}, *_pupils_sheet(card))
    subjects = queries.subject_lines(card.school_class, today())
    context = {
        "card": card,
        "numbers": {row.enrolment: number for number, row in enumerate(card.pupils, start=1)},
        "subjects": subjects,
        "untaught": sum(not line.teachers for line in subjects),
        "sexes": labels.SEXES,
        "statuses": labels.ENROLMENTS,
        "may_write": request.actor.may(Permission.CLASSES_WRITE, card.school_class),
        "may_tell": messaging.may_tell_classes(request.actor),
        "may_ask": queries.may_ask_means(request.actor, card.school_class, today()),
        "today": today(),
    }
    return page(request, "schools/class.html", context)


def _pupils_sheet(card: queries.ClassCard) -> tuple[list[tuple[str, int]], list[tuple[str | int, ...]]]:
    columns = [
        (_("STT"), 6),
        (_("Mã định danh"), 14),
        (_("Họ và tên"), 30),
        (_("Ngày sinh"), 12),
        (_("Giới tính"), 10),
        (_("Vào lớp"), 12),
    ]
    return columns, [
        (number, r.moet_code, r.full_name, str(r.birth), str(labels.SEXES[r.sex]), f"{r.starts_on:%d/%m/%Y}")
        for number, r in enumerate(card.pupils, start=1)
    ]


@require_safe
def class_paper(request: Request, public_id: UUID) -> HttpResponse:
    """The list of the class on paper, with room to sign or to note."""
    card = queries.class_card(request.actor, public_id, today())
    context = {"card": card, "school_class": card.school_class, "sexes": labels.SEXES, "printed_on": today()}
    return paper.answer("schools/paper/class.html", context, name=f"danh-sach-lop-{slugify(card.school_class.name)}")


@require_http_methods(["GET", "HEAD", "POST"])
def new_class(request: Request, year_id: UUID) -> HttpResponse:
    """Make one or several classes of the year."""
    year = queries.year_of(request.actor, year_id)
    require(request.actor, Permission.CLASSES_WRITE, within=year)
    form = NewClassesForm(
        request.POST or None, campuses=_campuses(year.organisation), grades=_grades(year.organisation)
    )
    if form.is_valid():
        with refusals_on(form):
            made = actions.create_classes(actor=request.actor, school_year=year, **form.given)
            if len(made) > 1:
                answer = see_other("schools:classes")
                answer["Location"] += f"?year={year.public_id}&grade={made[0].grade}"
                return flash.say(answer, _("Đã tạo %(count)s lớp.") % {"count": len(made)})
            said = _("Đã tạo lớp %(name)s. Tạo tiếp lớp khác hoặc mở lớp vừa tạo.") % {"name": made[0].name}
            return flash.say(see_other("schools:new_class", year_id), said, href=_address(made[0]), link=made[0].name)
    context = {"form": form, "year": year, "school_class": None}
    return page(request, "schools/class_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_class(request: Request, public_id: UUID) -> HttpResponse:
    """Rename a class or correct its grade or campus; close it from here too."""
    found = queries.class_of(request.actor, public_id)
    require(request.actor, Permission.CLASSES_WRITE, within=found)
    campuses = _campuses(found.organisation)
    campus = next((each for each in campuses if each.id == found.campus_id), None)
    initial = {"grade": found.grade, "name": found.name, "campus": str(campus.public_id) if campus else ""}
    form = ClassForm(request.POST or None, campuses=campuses, grades=_grades(found.organisation), initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.change_class(actor=request.actor, school_class=found, **form.given)
            return flash.say(see_other("schools:class", public_id), _("Đã lưu lớp."))
    context = {
        "form": form,
        "year": found.school_year,
        "school_class": found,
        "close": CloseForm(initial={"on": max(today(), found.school_year.starts_on)}),
    }
    return page(request, "schools/class_form.html", context, status=422 if form.errors else 200)


@require_POST
def close_class(request: Request, public_id: UUID) -> HttpResponse:
    """Close a class that is empty."""
    found = queries.class_of(request.actor, public_id)
    close = CloseForm(request.POST)
    if close.is_valid():
        with refusals_on(close):
            actions.close_class(actor=request.actor, school_class=found, on=close.cleaned_data["on"])
            return flash.say(see_other("schools:class", public_id), _("Lớp đã giải thể. Có thể mở lại."), tone="info")
    initial = {"grade": found.grade, "name": found.name}
    form = ClassForm(campuses=_campuses(found.organisation), grades=_grades(found.organisation), initial=initial)
    context = {"form": form, "year": found.school_year, "school_class": found, "close": close}
    return page(request, "schools/class_form.html", context, status=422)


@require_POST
def reopen_class(request: Request, public_id: UUID) -> HttpResponse:
    """Take a closing back."""
    found = queries.class_of(request.actor, public_id)
    actions.reopen_class(actor=request.actor, school_class=found)
    return flash.say(see_other("schools:class", public_id), _("Lớp đã mở lại."))


@require_http_methods(["GET", "HEAD", "POST"])
def homeroom(request: Request, public_id: UUID) -> HttpResponse:
    """Appoint who leads the class."""
    found = queries.class_of(request.actor, public_id)
    require(request.actor, Permission.CLASSES_WRITE, within=found)
    day = max(today(), found.school_year.starts_on)
    form = HomeroomForm(request.POST or None, staff=_teachers(found), on=day)
    if form.is_valid():
        with refusals_on(form):
            actions.appoint_homeroom_teacher(
                actor=request.actor, school_class=found, today=today(), **form.cleaned_data
            )
            return flash.say(see_other("schools:class", public_id), _("Đã phân công chủ nhiệm."))
    context = {"form": form, "school_class": found}
    return page(request, "schools/homeroom.html", context, status=422 if form.errors else 200)


def _teachers(school_class: SchoolClass) -> list[tuple[StaffMember, str]]:
    """Who works at the school; those who lead another class already say so."""
    led = queries.homerooms_by_staff(school_class.school_year)
    staff = queries.staff_at(school_class.organisation_id, max(today(), school_class.school_year.starts_on))
    names = queries.names_apart(staff)
    return [
        (each, f"{names[each.id]} · {', '.join(led[each.id])}" if each.id in led else names[each.id]) for each in staff
    ]


def _campuses(organisation: Organisation) -> list[Organisation]:
    return list(registry.children_of(organisation))


def _grades(organisation: Organisation) -> list[int]:
    """The grades of the school's levels; all of them where its levels are not known."""
    levels = filter(None, organisation.level_groups.split(","))
    return sorted({grade for level in levels for grade in _GRADES_OF_LEVEL.get(level, ())}) or list(GRADES)


def _address(school_class: SchoolClass) -> str:
    return see_other("schools:class", school_class.public_id).headers["Location"]
