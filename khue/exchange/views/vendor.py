"""Pages of files from other programs: bring one, see how it stands to our rows, take over what may be."""

from functools import partial
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.exchange import actions, queries
from khue.exchange.access import Permission
from khue.exchange.models import SheetLine, VendorSheet
from khue.exchange.sheet_forms import SheetForm, TargetsForm
from khue.exchange.vendor.columns import SETS, FieldSet, has_key, targets_of
from khue.exchange.vendor.comparing import Standing, Trouble
from khue.foundation import clock, files, flash, lists, media, uploads
from khue.foundation.actor import require
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.record import first
from khue.foundation.request import Request
from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.marked import Remark, marked
from khue.registry import queries as registry

PURPOSE = "exchange.vendor_sheet"
LATEST = 20
STANDINGS = {
    Standing.DIFFERS: (gettext_lazy("Khác"), "soon"),
    Standing.WRONG: (gettext_lazy("Cần sửa"), "late"),
    Standing.UNKNOWN: (gettext_lazy("Hệ thống chưa có"), "soon"),
    Standing.ABSENT: (gettext_lazy("Tệp không có"), ""),
    Standing.SAME: (gettext_lazy("Giống"), "good"),
}
TROUBLES = {
    Trouble.NO_KEY: gettext_lazy("Dòng thiếu mã nên không biết là ai, là gì."),
    Trouble.TWICE: gettext_lazy("Tệp đã có một dòng như thế ở phía trên."),
    Trouble.NO_SCHOOL: gettext_lazy("Không có trường mang mã này trong phạm vi của Thầy/Cô."),
    Trouble.UNREADABLE: gettext_lazy("Có ô không đọc được."),
}


def _said(which: FieldSet, target: str, value: object) -> str:
    """A value as people read it: yes and no in words, what is not known too."""
    if value is None:
        return _("chưa có")
    if targets_of(which)[target].field.type == "bool":
        return _("Có") if value == 1 else _("Không")
    return str(value)


def _told(which: FieldSet, line: SheetLine) -> str:
    """Everything about a row in one cell."""
    said = [str(STANDINGS[Standing(line.standing)][0])]
    said += [str(TROUBLES[Trouble(each)]) for each in line.troubles if each != Trouble.UNREADABLE]
    for each in line.unread:
        label = each["label"]
        said.append(f"{_(label)}: “{each['text']}” ({each['why']})")
    for each in line.differences:
        label, theirs, ours = each["label"], *(_said(which, each["target"], each[side]) for side in ("theirs", "ours"))
        shown = {"label": _(label), "theirs": theirs, "ours": ours}
        said.append(_("%(label)s: tệp ghi “%(theirs)s”, hệ thống ghi “%(ours)s”") % shown)
    return "; ".join(said)


LINES: lists.Listing[SheetLine] = lists.Listing(
    order=("id",),
    filters=(
        lists.Filter(
            "standing",
            gettext_lazy("Tình trạng"),
            "standing",
            choices=[(str(key), label) for key, (label, _tone) in STANDINGS.items() if key is not Standing.SAME],
        ),
    ),
    columns=(
        lists.Column(gettext_lazy("Dòng"), lambda line: line.line or None, width=8),
        lists.Column(gettext_lazy("Mã trường"), lambda line: line.school, width=14),
        lists.Column(gettext_lazy("Bản ghi"), lambda line: line.title, width=30),
        lists.Column(
            gettext_lazy("Kết quả đối chiếu"), lambda line: _told(FieldSet(line.sheet.field_set), line), width=90
        ),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: Request) -> HttpResponse:
    """The form for a new file, and the latest ones under it."""
    require(request.actor, Permission.RECORD_READ, within=None)
    place = first(registry.working_places(request.actor, Permission.RECORD_READ))
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        at = clock.now()
        with refusals_on(form):
            file = uploads.received(
                actor=request.actor, request=request, field="file", purpose=PURPOSE, organisation_id=place.id, at=at
            )
            made = actions.read_sheet(
                actor=request.actor, organisation=place, file=form.present(file), wanted=form.wanted, at=at
            )
            return see_other("exchange:sheet", made.public_id)
    shown = {
        "form": form,
        "place": place,
        "purpose": PURPOSE,
        "sheets": list(queries.visible_sheets(request.actor)[:LATEST]),
        "sets": {str(key): about.label for key, about in SETS.items()},
    }
    return page(request, "exchange/vendor_sheets.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, public_id: UUID) -> HttpResponseBase:
    """How one file stands to our rows; what its columns mean may be said here."""
    found = queries.sheet_of(request.actor, public_id)
    form = TargetsForm(request.POST or None, sheet=found)
    if form.is_valid():
        with refusals_on(form):
            actions.choose_targets(actor=request.actor, sheet=found, targets=form.targets, at=clock.now())
            return see_other("exchange:sheet", found.public_id)
    lines = queries.lines_of(found)
    if lists.EXPORT in request.GET:
        return LINES.export(lines.select_related("sheet"), request.GET.dict(), "doi-chieu")
    return page(request, "exchange/vendor_sheet.html", _shown(request, found, form), fragment="results",
                status=422 if form.errors else 200)  # fmt: skip


def _shown(request: Request, found: VendorSheet, form: TargetsForm) -> dict[str, object]:
    lines = LINES.page(queries.lines_of(found), request.GET.dict())
    return {
        "sheet": found,
        "about": SETS[FieldSet(found.field_set)],
        "form": form,
        "seen": lines,
        "standings": STANDINGS,
        "troubles": TROUBLES,
        "is_named": has_key(FieldSet(found.field_set), [column["target"] for column in found.columns]),
        "said": partial(_said, FieldSet(found.field_set)),
        "takeable": sum(each["may"] for line in lines.rows for each in line.differences),
    }


@require_POST
def take_over(request: Request, public_id: UUID) -> HttpResponse:
    """Keep what the file says where the school itself may say it."""
    found = queries.sheet_of(request.actor, public_id)
    taken = actions.take_over(actor=request.actor, sheet=found, at=clock.now())
    answer = see_other("exchange:sheet", found.public_id)
    return flash.say(answer, ngettext("Đã ghi %(n)s thông tin.", "Đã ghi %(n)s thông tin.", taken) % {"n": taken})


@require_POST
def drop(request: Request, public_id: UUID) -> HttpResponse:
    """Let go of a comparison."""
    actions.drop_sheet(actor=request.actor, sheet=queries.sheet_of(request.actor, public_id))
    return flash.say(see_other("exchange:sheets"), _("Đã xoá lần đối chiếu."), tone="info")


@require_safe
def returned(request: Request, public_id: UUID) -> FileResponse:
    """The file as it came, with a column that says how each row stands."""
    found = queries.sheet_of(request.actor, public_id)
    with files.open_file(found.file) as stream:
        tables = workbook.read(stream.read()).sheets
    table = next((each.rows for each in tables if each.name == found.sheet), tables[0].rows)
    remarks = {
        line.line: Remark(_told(FieldSet(found.field_set), line), line.standing != Standing.SAME)
        for line in queries.lines_of(found)
        if line.line
    }
    written = marked(table, remarks, title=_("Kết quả đối chiếu"), sheet_name=found.sheet, heading_row=found.heading)
    return FileResponse(written, as_attachment=True, filename=found.file.name, content_type=media.XLSX)
