"""Official forms as PDF. They speak Vietnamese, whatever language their reader chose for pages."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from khue.foundation import clock, paper
from khue.foundation.errors import NotFound
from khue.foundation.request import Request
from khue.gradebook import labels, queries
from khue.gradebook.primary_items import END_OF_YEAR, MOMENTS
from khue.schools import queries as schools
from khue.schools.models import SchoolClass
from khue.schools.queries import Member


@require_safe
def book_paper(request: Request, book_id: UUID) -> HttpResponse:
    """Sổ theo dõi và đánh giá học sinh (của giáo viên): one class-subject in one term, on A4 across."""
    found = queries.book_of(request.actor, book_id)
    school_class = found.class_subject.school_class
    with translation.override("vi"):
        shown = {"book": found, "made": queries.book_paper_of(found), "labels": labels, **_heading(school_class)}
        return paper.answer("gradebook/paper/book.html", shown, name=labels.file_name(found, "So theo doi"))


@require_safe
def class_paper(request: Request, class_id: UUID) -> HttpResponse:
    """Bảng tổng hợp kết quả đánh giá of a class for a term or the year, on A3 across."""
    found = queries.result_class_of(request.actor, class_id)
    if queries.is_primary(found):
        return _primary_paper(request, found)
    with translation.override("vi"):
        sheet = queries.sheet_of(request.actor, found, _period(request))
        period = _period_name(sheet.period)
        shown = {
            "sheet": sheet,
            "totals": queries.sheet_totals(sheet),
            "lines": schools.subject_lines(found, queries.day_of(found)),
            "meeting": queries.meeting_of(found),
            "period": period,
            **_heading(found),
        }
        name = labels.safe_name("Bang tong hop", found.name, period, found.school_year.code)
        return paper.answer("gradebook/paper/class.html", shown, name=name)


def _primary_paper(request: Request, found: SchoolClass) -> HttpResponse:
    """Bảng tổng hợp kết quả đánh giá giáo dục của lớp at one of the four moments, on A3 across."""
    typed = request.GET.get("moment", "")
    moment = int(typed) if typed in {"1", "2", "3", "4"} else END_OF_YEAR
    with translation.override("vi"):
        items = queries.items_of(found)
        name = str(dict(MOMENTS)[moment])
        shown = {
            "items": items,
            "tested": queries.tested_items(items, found.grade, moment),
            "rows": queries.primary_rows(found, items, moment),
            "moment": name,
            "is_end": moment == END_OF_YEAR,
            "labels": labels,
            **_heading(found),
        }
        file = labels.safe_name("Bang tong hop", found.name, name, found.school_year.code)
        return paper.answer("gradebook/paper/primary_class.html", shown, name=file)


@require_safe
def notice_paper(request: Request, enrolment_id: UUID) -> HttpResponse:
    """Phiếu báo kết quả of one pupil, on A4: for the family and the school."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    return _notices(request, enrolment.school_class, [queries.member_of(enrolment)], enrolment.person.full_name)


@require_safe
def notices_paper(request: Request, class_id: UUID) -> HttpResponse:
    """The notices of a whole class in one file, a sheet for each pupil."""
    found = queries.result_class_of(request.actor, class_id)
    pupils = queries.members_of(found)
    if not pupils:
        raise NotFound
    return _notices(request, found, pupils, found.name)


def _notices(request: Request, found: SchoolClass, pupils: list[Member], whose: str) -> HttpResponse:
    with translation.override("vi"):
        if queries.is_primary(found):
            shown = {"reports": queries.primary_reports_of(found, pupils), "moments": MOMENTS, **_heading(found)}
            name = labels.safe_name("Phieu ket qua", whose, found.school_year.code)
            return paper.answer("gradebook/paper/primary_notices.html", shown, name=name)
        period = _period(request)
        shown = {
            "notices": queries.notices_of(pupils, period),
            "period": period,
            "period_name": _period_name(period),
            **_heading(found),
        }
        name = labels.safe_name("Phieu bao ket qua", whose, _period_name(period), found.school_year.code)
        return paper.answer("gradebook/paper/notices.html", shown, name=name)


def _heading(school_class: SchoolClass) -> dict[str, object]:
    return {
        "school_class": school_class,
        "heading": queries.heading_of(school_class),
        "homeroom_teacher": queries.homeroom_teacher_of(school_class),
        "today": clock.today(),
    }


def _period(request: Request) -> int:
    """1 or 2 for a term, 0 for the year."""
    return {"1": 1, "2": 2}.get(request.GET.get("period", ""), 0)


def _period_name(period: int) -> str:
    return {1: "Học kì 1", 2: "Học kì 2"}.get(period, "Cả năm")
