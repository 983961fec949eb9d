"""Pages of period reports: a school fills in, signs and sends; an office sees what came and who is late."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists, media, spreadsheets
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.indicators import actions, official_report, official_sheet, queries
from khue.indicators.models import PeriodReport
from khue.indicators.report_forms import CorrectionsForm, DeadlineForm, SignForm
from khue.indicators.views.tabs import tabs
from khue.registry.models import Organisation

PERIODS = {
    "start": gettext_lazy("Đầu năm học"),
    "mid": gettext_lazy("Giữa năm học"),
    "end": gettext_lazy("Cuối năm học"),
}
#: What a file of a period is called.
FILED_AS = {"start": "dau-nam", "mid": "giua-nam", "end": "cuoi-nam"}
SCHOOLS: lists.Listing[Organisation] = lists.Listing(order=("folded_name", "id"), search=("folded_name",))
#: What of an office's schools is shown.
SHOWN = [
    ("", gettext_lazy("Mọi trường")),
    ("late", gettext_lazy("Chậm")),
    ("missing", gettext_lazy("Chưa gửi")),
    ("sent", gettext_lazy("Đã gửi")),
]


@require_safe
def place(request: Request, organisation_id: UUID) -> HttpResponseBase:
    """A school's reports of the year, or what an office has received."""
    found = queries.organisation_of(request.actor, organisation_id)
    year = queries.school_year_of(clock.today())
    due = queries.due_dates(found, year)
    shown: dict[str, object] = {
        "organisation": found, "year": year, "due": due, "periods": PERIODS,
        "tabs": tabs(request.actor, found, "reports"),
    }  # fmt: skip
    if found.kind == Organisation.Kind.SCHOOL:
        held = queries.reports_at(found, year)
        may_report = queries.may_report(request.actor, found)
        if not may_report:
            held = {key: row for key, row in held.items() if row.state == PeriodReport.State.SENT}
        return page(request, "indicators/reports_school.html", {**shown, "held": held, "may_report": may_report})
    return _office(request, _round(found, year, request.GET.get("period", "start"), due), shown)


def _round(office: Organisation, year: str, period: str, due: Mapping[str, date]) -> queries.Round:
    period = period if period in PERIODS else "start"
    return queries.Round(office, year, period, due.get(period))


def _office(request: Request, of: queries.Round, shown: dict[str, object]) -> HttpResponseBase:
    """What an office received of a period: the sums of it, or school by school."""
    which, today = request.GET.get("show", ""), clock.today()
    if lists.EXPORT in request.GET:
        rows, arguments = queries.schools_reporting(of, today, which)
        return _sheet(of, SCHOOLS.narrowed(rows(*arguments), request.GET))
    shown |= {"period": of.period, "due_on": of.due, "which": which, "choices": SHOWN}
    if "totals" in request.GET:
        held = queries.sum_at(of.office, of.school_year, of.period)
        shown |= {"sum": held, "totals": official_report.shown(held) if held else []}
        return page(request, "indicators/reports_office.html", shown)
    tally = queries.tally_of(of)
    rows, arguments = queries.schools_reporting(of, today, which, tally)
    seen = SCHOOLS.page(rows, request.GET, of=arguments)
    kept = urlencode({"period": of.period, "show": which} if which else {"period": of.period})
    shown |= {
        "totals": None, "seen": seen, "kept": kept, "lines": queries.report_lines(of, seen.rows, today, tally),
        "received": queries.received(of, today, tally), "may_receive": queries.may_receive(request.actor, of.office),
        "form": DeadlineForm(initial={"due_on": of.due, "period": of.period}),
        "sums": tally.once(("sums", today), lambda: queries.sums_received(of, today)),
    }  # fmt: skip
    may_sum = queries.may_report(request.actor, of.office)
    own = queries.reports_at(of.office, of.school_year).get(of.period) if may_sum else None
    shown |= {"may_sum": may_sum, "own_sum": own}
    return page(request, "indicators/reports_office.html", shown, fragment="results")


def _sheet(of: queries.Round, schools: QuerySet[Organisation]) -> HttpResponseBase:
    """The list as it is seen, on all its pages."""
    rows = list(schools[: spreadsheets.MOST_ROWS])
    lines = [
        [
            line.school.name, line.school.code, _("đã gửi") if line.report else _("chưa gửi"),
            line.sent_at.astimezone(clock.VIETNAM).date() if line.sent_at else None, _("chậm") if line.is_late else "",
        ]
        for line in queries.report_lines(of, rows, clock.today())
    ]  # fmt: skip
    columns = [(_("Trường"), 50), (_("Mã"), 14), (_("Tình hình gửi"), 16), (_("Ngày gửi"), 14), (_("Chậm"), 10)]
    return spreadsheets.download(f"tinh-hinh-gui-{FILED_AS[of.period]}-{of.school_year}", columns, lines)


@require_safe
def offices(request: Request, organisation_id: UUID, period: str) -> HttpResponseBase:
    """The offices below one: how far their schools are, and whether their own sum has come."""
    found = queries.organisation_of(request.actor, organisation_id)
    if period not in PERIODS or found.kind == Organisation.Kind.SCHOOL:
        raise NotFound
    year, today, which = queries.school_year_of(clock.today()), clock.today(), request.GET.get("show", "")
    of = _round(found, year, period, queries.due_dates(found, year))
    rows, arguments = queries.offices_reporting(of, today, which)
    if lists.EXPORT in request.GET:
        listed = list(SCHOOLS.narrowed(rows(*arguments), request.GET)[: spreadsheets.MOST_ROWS])
        return _offices_sheet(of, queries.office_lines(of, listed, today))
    seen = SCHOOLS.page(rows, request.GET, of=arguments)
    shown = {
        "organisation": found, "year": year, "period": period, "periods": PERIODS, "due_on": of.due, "seen": seen,
        "lines": queries.office_lines(of, seen.rows, today), "which": which,
        "choices": [("", _("Mọi đơn vị")), *SHOWN[1:]], "kept": urlencode({"show": which} if which else {}),
        "tabs": tabs(request.actor, found, "reports"),
    }  # fmt: skip
    return page(request, "indicators/reports_offices.html", shown, fragment="results")


def _offices_sheet(of: queries.Round, lines: Sequence[queries.OfficeLine]) -> HttpResponseBase:
    rows = [
        [
            line.office.name, line.office.code, line.schools, line.sent, line.late, line.due,
            line.sent_at.astimezone(clock.VIETNAM).date() if line.sent_at else None,
            line.summed if line.report else None, _("chậm") if line.is_late else "",
        ]
        for line in lines
    ]  # fmt: skip
    columns = [
        (_("Đơn vị"), 44), (_("Mã"), 14), (_("Trường"), 10), (_("Trường đã gửi"), 14), (_("Trường chậm"), 12),
        (_("Hạn của trường"), 16), (_("Ngày gửi tổng hợp"), 18), (_("Trường trong tổng hợp"), 18), (_("Chậm"), 10),
    ]  # fmt: skip
    return spreadsheets.download(f"tong-hop-cua-don-vi-{FILED_AS[of.period]}-{of.school_year}", columns, rows)


@require_POST
def prefill(request: Request, organisation_id: UUID, period: str) -> HttpResponse:
    """Fill in a report from the rows, or sum up what came."""
    found = queries.organisation_of(request.actor, organisation_id)
    if period not in PERIODS:
        raise NotFound
    try:
        made = actions.prefill_report(
            actor=request.actor, organisation=found, school_year=queries.school_year_of(clock.today()), period=period,
            at=clock.now(),
        )  # fmt: skip
    except actions.NothingToSum as refusal:
        return flash.say(see_other("indicators:reports", found.public_id), str(refusal), tone="late")
    return see_other("indicators:report", made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, report_id: UUID) -> HttpResponse:
    """One report: corrected while it is a draft, read afterwards."""
    found = queries.report_of(request.actor, report_id)
    is_own = queries.may_report(request.actor, found.organisation)
    form = None
    if is_own and found.state == PeriodReport.State.DRAFT:
        form = CorrectionsForm(request.POST or None, report=found)
        if form.is_valid():
            with refusals_on(form):
                actions.correct_report(
                    actor=request.actor, report=found, corrections=form.corrections(), at=clock.now()
                )
                return flash.say(see_other("indicators:report", found.public_id), _("Đã lưu."))
    shown = {"report": found, "form": form, "is_own": is_own, "title": _title(found), **_parts(found)}
    return page(request, "indicators/report.html", shown)


def _parts(found: PeriodReport) -> dict[str, object]:
    return {"tables": official_report.shown(found), "organisation": found.organisation}


def _title(found: PeriodReport) -> str:
    if found.summed is not None:
        return _summary_title(found.period, found.school_year)
    return _("Báo cáo %(period)s %(year)s") % {
        "period": str(PERIODS[found.period]).lower(), "year": found.school_year
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, report_id: UUID) -> HttpResponse:
    """Sign a report, proving who signs."""
    found = queries.report_of(request.actor, report_id)
    if not queries.may_report(request.actor, found.organisation):
        raise NotFound
    form = SignForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.sign_report(actor=request.actor, report=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("indicators:report", found.public_id), _("Đã kí báo cáo."))
    return page(request, "indicators/report_sign.html", {"report": found, "form": form, "title": _title(found)})


@require_POST
def send(request: Request, report_id: UUID) -> HttpResponse:
    """Send a signed report."""
    found = queries.report_of(request.actor, report_id)
    actions.send_report(actor=request.actor, report=found, at=clock.now())
    return flash.say(see_other("indicators:report", found.public_id), _("Đã gửi báo cáo."))


@require_safe
def download(request: Request, report_id: UUID, kind: str) -> HttpResponseBase:
    """A report as a workbook or as a Word file."""
    found = queries.report_of(request.actor, report_id)
    with translation.override("vi"):  # an official form
        paper = official_report.paper_of(found, title=_title(found))
        return _file(paper, kind, f"bao-cao-{FILED_AS[found.period]}-{found.school_year}")


@require_safe
def summary(request: Request, organisation_id: UUID, period: str, kind: str) -> HttpResponseBase:
    """What the sent reports of an office's schools come to, as a workbook or as a Word file."""
    found = queries.organisation_of(request.actor, organisation_id)
    if period not in PERIODS or found.kind == Organisation.Kind.SCHOOL:
        raise NotFound
    year = queries.school_year_of(clock.today())
    with translation.override("vi"):  # an official form
        held = queries.sum_at(found, year, period)
        tables = official_report.shown(held) if held else []
        paper = official_report.summary_of(found, tables, title=_summary_title(period, year), period=year)
        return _file(paper, kind, f"tong-hop-{FILED_AS[period]}-{year}")


def _summary_title(period: str, year: str) -> str:
    return _("Tổng hợp báo cáo %(period)s %(year)s") % {"period": str(PERIODS[period]).lower(), "year": year}


def _file(paper: official_report.Paper, kind: str, name: str) -> HttpResponseBase:
    if kind == "xlsx":
        return FileResponse(
            official_sheet.workbook(paper), as_attachment=True, filename=f"{name}.xlsx", content_type=media.XLSX
        )
    if kind != "docx":
        raise NotFound
    from khue.indicators.official_word import word  # here, because python-docx takes memory that few requests need

    response = HttpResponse(word(paper), content_type=media.DOCX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return response


@require_POST
def deadline(request: Request, organisation_id: UUID) -> HttpResponse:
    """Say by when schools send a period's report."""
    found = queries.organisation_of(request.actor, organisation_id)
    form = DeadlineForm(request.POST)
    answer = see_other("indicators:reports", found.public_id)
    if not form.is_valid():
        return flash.say(answer, _("Hãy nhập ngày hạn gửi dạng ngày/tháng/năm."), tone="late")
    actions.set_deadline(
        actor=request.actor, organisation=found, school_year=queries.school_year_of(clock.today()), at=clock.now(),
        **form.cleaned_data,
    )  # fmt: skip
    answer.headers["Location"] += f"?period={form.cleaned_data['period']}"
    return flash.say(answer, _("Đã đặt hạn gửi."))
