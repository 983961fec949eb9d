"""Pages of a primary class: levels and tests at the four moments of a year, and what the year comes to."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import clock, spreadsheets
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.spreadsheets import Cell
from khue.gradebook import actions, labels, queries
from khue.gradebook.access import Permission
from khue.gradebook.forms import PrimaryForm, PromotionForm, ReasonForm
from khue.gradebook.primary_items import END_OF_YEAR, MOMENTS, moment_of
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolClass

REMARK = "remark"
#: What the letters of subjects, and of qualities and competences, say; in which tone one is filled.
SAID = {
    "THC": gettext_lazy("T hoàn thành tốt, H hoàn thành, C chưa hoàn thành."),
    "TĐC": gettext_lazy("T tốt, Đ đạt, C cần cố gắng."),
}
TONES = {"T": "good", "H": "", "Đ": "", "C": "late"}


def primary(request: Request, class_id: UUID) -> HttpResponse:
    """Bảng tổng hợp kết quả đánh giá giáo dục of a primary class at a moment, also for print on A3."""
    found = _primary_class(request, class_id)
    moment = _moment(request, found)
    items = queries.items_of(found)
    rows = queries.primary_rows(found, items, moment)
    shown = {
        "school_class": found,
        "items": [(item, sum(row.levels[place] != "" for row in rows)) for place, item in enumerate(items)],
        "moment": moment,
        "moments": MOMENTS,
        "rows": rows,
        "is_end": moment == END_OF_YEAR,
        "labels": labels,
        "may_write": request.actor.may(Permission.CLASS_WRITE, found),
        "decides": request.actor.may(Permission.YEAR_DECIDE, found),
    }
    return page(request, "gradebook/primary.html", shown)


def primary_file(request: Request, class_id: UUID) -> HttpResponseBase:
    """The same as an Excel file."""
    found = _primary_class(request, class_id)
    items = queries.items_of(found)
    columns = [(_("STT"), 6), (_("Họ và tên"), 28)]
    for item in items:
        columns.append((str(item.name), 12))
        if item.is_tested:
            columns.append((_("%(subject)s, bài kiểm tra") % {"subject": item.name}, 12))
    columns += [(_("Nhận xét"), 40), (_("Kết quả"), 22), (_("Danh hiệu"), 40)]
    lines: Iterator[Sequence[Cell]] = (
        (
            number,
            row.full_name,
            *(
                cell
                for item, level, test in zip(items, row.levels, row.tests, strict=True)
                for cell in ((level, test or "") if item.is_tested else (level,))
            ),
            row.remark,
            labels.year_level(row.year.level if row.year else None),
            labels.primary_award(row.year.award if row.year else ""),
        )
        for number, row in enumerate(
            queries.primary_rows(found, items, _moment(request, found), with_remarks=True), start=1
        )
    )
    return spreadsheets.download(_("Bảng tổng hợp kết quả %(name)s") % {"name": found.name}, columns, lines)


def entry(request: Request, class_id: UUID, moment: int, code: str) -> HttpResponse:
    """One subject, quality or competence of the whole class at a moment, or the class teacher's remarks."""
    found = _primary_class(request, class_id)
    items = queries.items_of(found)
    codes = [item.code for item in items]
    if moment not in dict(MOMENTS) or code not in (*codes, REMARK):
        raise NotFound
    place = None if code == REMARK else codes.index(code)
    rows = queries.primary_rows(found, items, moment, with_remarks=place is None)
    letters = "THC" if place is not None and items[place].kind == "subject" else "TĐC"
    form = PrimaryForm(request.POST or None, rows=rows, place=place, letters=letters)
    if form.is_valid():
        with refusals_on(form):
            actions.record_assessments(
                actor=request.actor, school_class=found, moment=moment, typed=form.typed(code), remarks=form.remarks(),
                at=clock.now(),
            )  # fmt: skip
            return HttpResponse(status=303, headers={"Location": f"/marks/primary/{found.public_id}/?moment={moment}"})
    shown = {
        "school_class": found,
        "name": _("Nhận xét chung") if place is None else items[place].name,
        "moment": moment,
        "moment_name": dict(MOMENTS)[moment],
        "rows": rows,
        "place": place,
        "choices": [("", "–", ""), *((letter, letter, TONES[letter]) for letter in letters)],
        "hint": SAID[letters],
        "form": form,
        "phrases": queries.phrases_of(request.actor, found) if place is None else [],
    }
    return page(request, "gradebook/primary_entry.html", shown)


def award(request: Request, enrolment_id: UUID) -> HttpResponse:
    """Name a pupil "Học sinh tiêu biểu"."""
    enrolment = _pupil(request, enrolment_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.name_outstanding(actor=request.actor, enrolment=enrolment, reason=form.cleaned_data["reason"])
            return see_other("gradebook:primary", enrolment.school_class.public_id)
    title = _("Bình chọn học sinh tiêu biểu")
    return page(request, "gradebook/primary_deed.html", {"enrolment": enrolment, "form": form, "deed": title})


def promotion(request: Request, enrolment_id: UUID) -> HttpResponse:
    """The head decides on a pupil who has not completed the year."""
    enrolment = _pupil(request, enrolment_id)
    form = PromotionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            promoted = form.cleaned_data["decision"] == "yes"
            actions.decide_promotion(
                actor=request.actor, enrolment=enrolment, promoted=promoted, reason=form.cleaned_data["reason"]
            )
            return see_other("gradebook:primary", enrolment.school_class.public_id)
    title = _("Quyết định lên lớp tiểu học")
    return page(request, "gradebook/primary_deed.html", {"enrolment": enrolment, "form": form, "deed": title})


def _primary_class(request: Request, class_id: UUID) -> SchoolClass:
    found = queries.result_class_of(request.actor, class_id)
    if not queries.is_primary(found):
        raise NotFound
    return found


def _pupil(request: Request, enrolment_id: UUID) -> Enrolment:
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    _primary_class(request, enrolment.school_class.public_id)
    return enrolment


def _moment(request: HttpRequest, school_class: SchoolClass) -> int:
    """The moment that is asked for, else the one that comes next."""
    typed = request.GET.get("moment", "")
    if typed in {"1", "2", "3", "4"}:
        return int(typed)
    today = clock.today()
    if today > school_class.school_year.ends_on:
        return END_OF_YEAR
    term = schools.current_term(school_class.organisation_id, today)
    return 1 if term is None else moment_of(term.number, term.starts_on, term.ends_on, today)
