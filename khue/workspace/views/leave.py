"""Leave of the staff: asked, answered, withdrawn, and the days of the year."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists, uploads
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Person
from khue.workspace import actions, labels, queries
from khue.workspace.access import Permission
from khue.workspace.actions import Wish
from khue.workspace.forms.leave import AllowanceForm, AnswerForm, LeaveForm, year_of
from khue.workspace.models import StaffLeave
from khue.workspace.views.offices import office_of
from khue.workspace.views.tabs import tabs

LEAVE: lists.Listing[StaffLeave] = lists.Listing(
    order=("-id",),
    search=("person__folded_name",),
    filters=(lists.Filter("state", gettext_lazy("Trạng thái"), "state"),),
    columns=(
        lists.Column(gettext_lazy("Người nghỉ"), lambda row: row.person.full_name, 28),
        lists.Column(gettext_lazy("Loại nghỉ"), lambda row: str(labels.LEAVE_KINDS[row.kind]), 24),
        lists.Column(gettext_lazy("Từ ngày"), lambda row: row.first_day, 14),
        lists.Column(gettext_lazy("Đến hết ngày"), lambda row: row.last_day, 14),
        lists.Column(gettext_lazy("Số ngày làm việc"), lambda row: row.half_days / 2, 12),
        lists.Column(gettext_lazy("Người làm thay"), lambda row: _name(row.covered_by), 28),
        lists.Column(gettext_lazy("Trạng thái"), lambda row: str(labels.LEAVE_STATES[row.state]), 16),
    ),
    size=30,
)


def _name(person: Person | None) -> str:
    return person.full_name if person else ""


@require_safe
def leave_list(request: Request) -> HttpResponse:
    """One's own leave with what is left of the year, and for the board everybody's."""
    works = request.actor.may(Permission.WORK)
    office = office_of(request, Permission.WORK if works else Permission.DECIDE_BOARD)
    given = request.GET.dict()
    if lists.EXPORT in given:
        rows = queries.visible_leave(request.actor)
        return LEAVE.export(rows, given, "nghi-phep")  # type: ignore[return-value]  # a file is an answer too
    decides = request.actor.may(Permission.DECIDE if works else Permission.DECIDE_BOARD)
    own = (
        queries.balance_of(office.id, request.actor.person_id, today().year)
        if works and request.actor.person_id
        else None
    )
    context = {
        "seen": LEAVE.page(queries.leave_seen, given, of=(request.actor, queries.offices_of(request.actor))),
        "tabs": tabs("leave") if works else [],
        "works": works,
        "balance": own,
        "year": today().year,
        "days": labels.days,
        "decides": decides,
        "waiting": queries.waiting_leave(request.actor) if decides else 0,
        "choices": list(labels.LEAVE_STATES.items()),
        **_words(),
    }
    return page(request, "workspace/leave_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask for leave."""
    office = office_of(request, Permission.WORK)
    others = [each for each in registry.colleagues(office.id) if each.person_id != request.actor.person_id]
    form = LeaveForm(request.POST or None, request.FILES or None, colleagues=others)
    if form.is_valid():
        with refusals_on(form):
            made = actions.ask_leave(
                actor=request.actor, organisation_id=office.id, wish=_wish(request, office.id, form), at=now()
            )
            return flash.say(see_other("workspace:leave", made.public_id), _("Đã gửi đơn nghỉ."))
    context = {"form": form, "purpose": queries.PAPER, "office": office}
    return page(request, "workspace/ask_leave.html", context, status=422 if form.errors else 200)


def _wish(request: Request, office_id: int, form: LeaveForm) -> Wish:
    paper = uploads.received(
        actor=request.actor, request=request, field="file", purpose=queries.PAPER, organisation_id=office_id, at=now()
    )
    given = {name: value for name, value in form.cleaned_data.items() if name != "file"}
    return Wish(**given, paper=paper)


@require_safe
def leave(request: Request, public_id: UUID) -> HttpResponse:
    """One leave, and what its reader may do with it."""
    return _shown(request, queries.leave_of(request.actor, public_id), AnswerForm())


def _shown(request: Request, found: StaffLeave, form: AnswerForm) -> HttpResponse:
    is_own = found.person_id == request.actor.person_id
    decides = queries.decides_on(request.actor, found)
    context = {
        "leave": found,
        "form": form,
        "days": labels.days,
        "sees_reason": is_own or decides,
        "may_decide": decides and found.state == StaffLeave.State.WAITING,
        "may_withdraw": is_own and found.state in ("waiting", "approved") and found.last_day >= today(),
        "balance": queries.balance_of(found.organisation_id, found.person_id, found.first_day.year)
        if decides
        else None,
        **_words(),
    }
    return page(request, "workspace/leave.html", context, status=422 if form.errors else 200)


def _balance(found: StaffLeave) -> queries.Balance:
    return queries.balance_of(found.organisation_id, found.person_id, found.first_day.year)


@require_POST
def decide(request: Request, public_id: UUID) -> HttpResponse:
    """Say yes or no."""
    found, form = queries.leave_of(request.actor, public_id), AnswerForm(request.POST)
    if form.is_valid():
        act = actions.grant_leave if request.POST.get("decision") == "grant" else actions.decline_leave
        with refusals_on(form):
            act(actor=request.actor, leave=found, answer=form.cleaned_data["answer"], at=now())
            return flash.say(see_other("workspace:leave_list"), _("Đã trả lời đơn nghỉ."))
    return _shown(request, found, form)


@require_POST
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    """Take one's leave back."""
    found = queries.leave_of(request.actor, public_id)
    actions.withdraw_leave(actor=request.actor, leave=found, on=today())
    return flash.say(see_other("workspace:leave", public_id), _("Đã rút đơn nghỉ."))


@require_http_methods(["GET", "HEAD", "POST"])
def allowances(request: Request) -> HttpResponse:
    """How many days everybody has in a year, and how many are left."""
    require(request.actor, Permission.DECIDE, within=None)
    office = office_of(request, Permission.DECIDE)
    year, staff = year_of(request.GET.get("year", ""), today()), registry.colleagues(office.id)
    form = AllowanceForm(request.POST or None, colleagues=staff, year=year)
    if form.is_valid():
        given = form.cleaned_data
        actions.set_allowance(
            actor=request.actor, organisation_id=office.id, people=[given["to"]] if given["to"] else staff,
            year=given["year"], half_days=given["half_days"],
        )  # fmt: skip
        return flash.say(see_other("workspace:leave_allowances"), _("Đã đặt số ngày phép."))
    rows = queries.balances_at(office.id, year)
    context = {
        "form": form, "used": [row for row in rows if row.balance.used], "year": year, "days": labels.days,
        "unused": [row for row in rows if not row.balance.used],
    }  # fmt: skip
    return page(request, "workspace/leave_allowances.html", context, status=422 if form.errors else 200)


def _words() -> dict[str, object]:
    return {"kinds": labels.LEAVE_KINDS, "states": labels.LEAVE_STATES, "tones": labels.LEAVE_TONES}
