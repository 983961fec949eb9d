"""What is to be mended: records that were held back, and records that came back after a restore."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from khue.exchange import actions, mending, queries
from khue.exchange.access import Permission
from khue.exchange.catalogue import TITLES
from khue.exchange.models import HeldRecord, ReportedRecord
from khue.foundation import clock, flash, lists
from khue.foundation.actor import require
from khue.foundation.page import page, see_other
from khue.foundation.request import Request

DUTIES = {
    "head": gettext_lazy("Hiệu trưởng"),
    "clerk": gettext_lazy("Văn thư"),
    "homeroom_teacher": gettext_lazy("Giáo viên chủ nhiệm"),
    "operator": gettext_lazy("Người quản trị hệ thống"),
}
HELD: lists.Listing[HeldRecord] = lists.Listing(
    order=("-id",),
    filters=(
        lists.Filter("kind", gettext_lazy("Loại"), "kind", choices=[(str(k), t) for k, t in TITLES.items()]),
        lists.Filter("duty", gettext_lazy("Ai sửa"), "duty", choices=list(DUTIES.items())),
    ),
    columns=(
        lists.Column(gettext_lazy("Đơn vị"), lambda row: row.organisation.name, width=30),
        lists.Column(gettext_lazy("Loại"), lambda row: str(TITLES.get(row.kind, row.kind)), width=24),
        lists.Column(gettext_lazy("Mã bản ghi"), lambda row: row.key, width=40),
        lists.Column(gettext_lazy("Trường dữ liệu"), lambda row: row.field, width=20),
        lists.Column(gettext_lazy("Việc cần sửa"), lambda row: _(row.message), width=60),
        lists.Column(gettext_lazy("Ai sửa"), lambda row: str(DUTIES.get(row.duty, row.duty)), width=24),
    ),
)
RECOVERED: lists.Listing[ReportedRecord] = lists.Listing(order=("-position",))


@require_safe
def work(request: Request) -> HttpResponse:
    """The work list, each line with the page where its row can be mended."""
    require(request.actor, Permission.RECORD_READ, within=None)
    rows, given = queries.visible_held(request.actor), request.GET.dict()
    if lists.EXPORT in given:
        return HELD.export(rows, given, "can-sua")  # type: ignore[return-value]  # a file
    seen = HELD.page(rows, given)
    lines = [
        (line, mending.address_of(line.held.kind, line.held.key) if line.is_here else "")
        for line in queries.work_lines(seen.rows)
    ]
    context = {"seen": seen, "lines": lines, "titles": TITLES, "duties": DUTIES}
    return page(request, "exchange/work.html", context, fragment="results")


@require_safe
def recovered(request: Request) -> HttpResponse:
    """Records that came back from above after a restore, while the rows here still say what they said before."""
    require(request.actor, Permission.RECORD_READ, within=None)
    seen = RECOVERED.page(queries.visible_recovered(request.actor), request.GET)
    names = queries.names_of({row.key for row in seen.rows})
    lines = [(row, names.get(row.key) or row.key, mending.address_of(row.kind, row.key)) for row in seen.rows]
    may_keep = request.actor.may(Permission.RECORD_SEND)
    context = {"seen": seen, "lines": lines, "titles": TITLES, "may_keep": may_keep}
    return page(request, "exchange/recovered.html", context, fragment="results")


@require_POST
def keep(request: Request, record_id: int) -> HttpResponse:
    """Say that our own row is right."""
    record = queries.recovered_record(request.actor, record_id)
    actions.keep_own_row(actor=request.actor, record=record, at=clock.now())
    return flash.say(see_other("exchange:recovered"), _("Dữ liệu của trường sẽ được gửi lên thành phiên bản mới."))
