"""Pages of reports asked for one occasion: an office asks, follows and reminds; a school answers."""

import re
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists, spreadsheets
from khue.foundation.actor import require
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.spreadsheets import Cell
from khue.indicators import actions, queries
from khue.indicators.access import Permission
from khue.indicators.models import AskedReport
from khue.indicators.report_forms import AnswerForm, AskForm
from khue.indicators.views.tabs import tabs
from khue.registry.models import Organisation

ROWS: lists.Listing[AskedReport] = lists.Listing(order=("id",), search=("organisation__folded_name",))
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")
SHOWN = [
    ("", gettext_lazy("Mọi trường")),
    ("missing", gettext_lazy("Chưa gửi")),
    ("late", gettext_lazy("Quá hạn chưa gửi")),
    ("sent", gettext_lazy("Đã gửi")),
]


@require_safe
def place(request: Request, organisation_id: UUID) -> HttpResponse:
    """What an office asked, or what a school was asked."""
    found = queries.organisation_of(request.actor, organisation_id)
    is_school = found.kind == Organisation.Kind.SCHOOL
    shown = {
        "organisation": found,
        "tabs": tabs(request.actor, found, "asked"),
        "today": clock.today(),
        "is_school": is_school,
        "own": queries.asked_at(request.actor, found) if is_school else [],
        "rounds": [] if is_school else queries.rounds_of(found),
        "may_ask": not is_school and queries.may_receive(request.actor, found),
    }
    return page(request, "indicators/asked.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, organisation_id: UUID) -> HttpResponse:
    """Ask the schools below."""
    found = queries.organisation_of(request.actor, organisation_id)
    if found.kind == Organisation.Kind.SCHOOL:
        raise NotFound
    require(request.actor, Permission.REPORT_RECEIVE, within=found)
    form = AskForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.ask_schools(
                actor=request.actor, office=found, asking=form.asking, on=clock.today(), at=clock.now()
            )
            said = _("Đã gửi yêu cầu. Hiệu trưởng và văn thư các trường đang được báo.")
            return flash.say(see_other("indicators:asked_round", made.public_id), said)
    shown = {"organisation": found, "form": form}
    return page(request, "indicators/ask.html", shown, status=422 if form.errors else 200)


@require_safe
def one_round(request: Request, asked_id: UUID) -> HttpResponseBase:
    """Who has sent and who is late; all answers as a sheet."""
    found = _of_office(request, asked_id)
    which, today = request.GET.get("show", ""), clock.today()
    rows = queries.round_of(found, which, today)
    if lists.EXPORT in request.GET:
        return spreadsheets.download(found.title, *_sheet(found, ROWS.narrowed(rows, request.GET)))
    shown = {
        "asked": found, "round": queries.round_with(found), "seen": ROWS.page(rows, request.GET), "which": which,
        "choices": SHOWN, "today": today, "kept": urlencode({"show": which} if which else {}),
    }  # fmt: skip
    return page(request, "indicators/asked_round.html", shown, fragment="results")


def _sheet(found: AskedReport, rows: QuerySet[AskedReport]) -> tuple[list[tuple[str, int]], list[tuple[Cell, ...]]]:
    columns = [(_("Trường"), 44), (_("Mã"), 14), (_("Ngày gửi"), 12), *((each, 24) for each in found.questions)]
    return columns, [
        (
            row.organisation.name, row.organisation.code,
            row.sent_at.astimezone(clock.VIETNAM).date() if row.sent_at else None,
            *(_figure(each) for each in row.answers),
        )
        for row in rows[: spreadsheets.MOST_ROWS]
    ]  # fmt: skip


def _figure(text: str) -> Cell:
    """A number as a number, so that a column adds up: "1.250" and "12" are; "khoảng 12" is text."""
    plain = text.replace(".", "") if _GROUPED.fullmatch(text) else text
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 12 else text


@require_POST
def change(request: Request, asked_id: UUID, how: str) -> HttpResponse:
    """Remind the schools that have not sent, or ask no longer."""
    found = _of_office(request, asked_id)
    try:
        if how == "remind":
            count = actions.remind_schools(actor=request.actor, asked=found, on=clock.today(), at=clock.now())
            said = _("Đã nhắc %(count)s trường.") % {"count": count}
        elif how == "withdraw":
            actions.withdraw_asked(actor=request.actor, asked=found, at=clock.now())
            said = _("Đã rút yêu cầu báo cáo.")
        else:
            raise NotFound
    except Refusal as refusal:
        return flash.say(see_other("indicators:asked_round", asked_id), str(refusal), tone="late")
    return flash.say(see_other("indicators:asked_round", asked_id), said)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, asked_id: UUID) -> HttpResponse:
    """A school fills in and sends; until it is withdrawn, what was sent can be put right."""
    found = queries.asked_of(request.actor, asked_id)
    may_answer = request.actor.may(Permission.REPORT_ANSWER, found) and found.withdrawn_at is None
    if request.method == "POST":
        require(request.actor, Permission.REPORT_ANSWER, within=found)
    form = AnswerForm(request.POST or None, asked=found)
    if form.is_valid():
        with refusals_on(form):
            actions.answer_asked(actor=request.actor, asked=found, answers=form.answers, at=clock.now())
            return flash.say(see_other("indicators:answer_asked", asked_id), _("Đã gửi báo cáo."))
    shown = {"asked": found, "form": form, "may_answer": may_answer, "today": clock.today(),
             "lines": list(zip(found.questions, found.answers, strict=False))}  # fmt: skip
    return page(request, "indicators/answer_asked.html", shown, status=422 if form.errors else 200)


def _of_office(request: Request, asked_id: UUID) -> AskedReport:
    found = queries.asked_of(request.actor, asked_id)
    if not request.actor.may(Permission.REPORT_RECEIVE, found.office_id):
        raise NotFound
    return found
