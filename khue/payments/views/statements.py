"""Pages of bank files and of transfers that somebody has to look at."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists, uploads
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, labels, queries
from khue.payments.access import Permission
from khue.payments.forms.counter import ReturnForm, SettleForm, StatementForm
from khue.payments.models import BankLine, Statement
from khue.payments.statements import STATEMENT
from khue.payments.statements.refusals import NotAStatement
from khue.payments.views.office import school_of, tabs

LATEST = 20
#: Rows of a file shown before it is taken.
SHOWN = 50


def _state(text: str) -> str:
    if text != labels.SETTLED and text not in labels.STATES:
        raise ValueError(text)
    return text


def _in_state(state: str) -> Q:
    """Of what a person has to look at, only what still waits: the same rows that the desk counts."""
    if state == labels.SETTLED:
        return Q(settled_as=F("state"))
    return Q(state=state) & queries.WAITS if state in queries.WAITING else Q(state=state)


LINES: lists.Listing[BankLine] = lists.Listing(
    order=("-id",),
    filters=(
        lists.Filter(
            "state", gettext_lazy("Tình trạng"), _in_state, parse=_state,
            choices=[
                *((key, label) for key, (label, _tone) in labels.STATES.items()),
                (labels.SETTLED, gettext_lazy("Đã giải quyết")),
            ],
        ),
    ),
    size=20,
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: Request) -> HttpResponse:
    """Bring a file; the latest ones below."""
    school = school_of(request, Permission.MONEY_TAKE)
    accounts = list(queries.visible_accounts(request.actor).filter(organisation=school))
    form = StatementForm(request.POST or None, request.FILES or None, accounts=accounts)
    if form.is_valid():
        with refusals_on(form):
            return see_other("payments:statement", _brought(request, school.id, form).public_id)
    context = {
        "tabs": tabs(request.actor, "statements"),
        "form": form,
        "school": school,
        "accounts": accounts,
        "brought": list(queries.visible_statements(request.actor)[:LATEST]),
    }
    return page(request, "payments/statements.html", context, status=422 if form.errors else 200)


def _brought(request: Request, school_id: int, form: StatementForm) -> Statement:
    at = clock.now()
    file = uploads.received(
        actor=request.actor, request=request, field="file", purpose=STATEMENT, organisation_id=school_id, at=at
    )
    if file is None:
        raise NotAStatement
    return actions.bring_statement(actor=request.actor, account=form.cleaned_data["account"], file=file, at=at)


@require_safe
def statement(request: Request, public_id: UUID) -> HttpResponse:
    """What a file would change; what came of it once it was taken."""
    found = queries.statement_of(request.actor, public_id)
    told = queries.told_by(found)
    closed = queries.closed_through(request.actor, found.organisation_id)
    context = {
        "found": found,
        "told": told,
        "rows": told.rows[:SHOWN],
        "closed": closed,
        "late": 0 if closed is None else sum(line.on <= closed for line, _is_named in told.rows),
        "next_open": closed and closed + timedelta(days=1),
    }
    return page(request, "payments/statement.html", context)


@require_POST
def take(request: Request, public_id: UUID) -> HttpResponse:
    """Write a file into the books."""
    found = queries.statement_of(request.actor, public_id)
    taken = actions.take_statement(actor=request.actor, statement=found, today=clock.today(), at=clock.now())
    said = _("Đã ghi %(new)s giao dịch mới; %(unknown)s khoản chưa rõ của ai.") % {
        "new": taken.new,
        "unknown": taken.unknown,
    }
    return flash.say(see_other("payments:transfers"), said, tone="soon" if taken.unknown else "good")


@require_safe
def transfers(request: Request) -> HttpResponse:
    """Transfers; first of all those that nobody has placed, with whom they may be from."""
    school_of(request, Permission.MONEY_READ)
    given = {"state": BankLine.State.UNKNOWN.value, **request.GET.dict()}
    seen = LINES.page(queries.visible_lines, given, of=(request.actor,))
    context = {
        "tabs": tabs(request.actor, "transfers"),
        "seen": seen,
        "chosen": given["state"],
        "choices": LINES.filters[0].choices,
        "guesses": queries.who_they_may_be(seen.rows),
        "states": labels.STATES,
        "may_take": request.actor.may(Permission.MONEY_TAKE),
    }
    return page(request, "payments/transfers.html", context)


@require_safe
def transfer(request: Request, public_id: UUID) -> HttpResponse:
    """One transfer, and a search for the family it is from."""
    return _transfer(request, queries.line_of(request.actor, public_id), ReturnForm())


def _transfer(request: Request, found: BankLine, form: ReturnForm) -> HttpResponse:
    text = request.GET.get("q", "")
    context = {
        "line": found,
        "written_on": queries.written_on(found),
        "balance": queries.balance_with(found),
        "states": labels.STATES,
        "text": text,
        "invoices": queries.coded(queries.invoices_named(request.actor, found.organisation_id, text)) if text else [],
        "guesses": queries.who_they_may_be([found]).get(found.id, []),
        "may_take": request.actor.may(Permission.MONEY_TAKE, found),
        "form": form,
        "settling": SettleForm(),
        "may_settle": found.state in actions.SETTLED_BY_HAND,
        "is_returned": found.state == BankLine.State.RETURNED,
    }
    return page(request, "payments/transfer.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: Request, public_id: UUID) -> HttpResponse:
    """Write back a transfer that the bank took back."""
    found = queries.line_of(request.actor, public_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.return_line(
                actor=request.actor, line=found, reason=form.cleaned_data["reason"], today=clock.today(),
                at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("payments:transfer", public_id), _("Đã ghi ngân hàng rút lại khoản chuyển."))
    return _transfer(request, found, form)


@require_POST
def place(request: Request, public_id: UUID) -> HttpResponse:
    """Write a transfer to the family of an invoice."""
    found = queries.line_of(request.actor, public_id)
    invoice = queries.invoice_named(request.actor, found.organisation_id, request.POST.get("invoice", ""))
    actions.assign_line(
        actor=request.actor, line=found, family=invoice.family, today=clock.today(), at=clock.now()
    )  # fmt: skip
    said = _("Đã ghi cho gia đình %(name)s.") % {"name": invoice.family.full_name}
    return flash.say(see_other("payments:transfers"), said)


@require_POST
def settle(request: Request, public_id: UUID) -> HttpResponse:
    """Say that nothing is left to do about a transfer, or that there is after all."""
    found = queries.line_of(request.actor, public_id)
    if "reopen" in request.POST:
        actions.reopen_line(actor=request.actor, line=found)
        return flash.say(see_other("payments:transfer", public_id), _("Đã mở lại; khoản này lại là việc đang chờ."))
    actions.settle_line(actor=request.actor, line=found, note=request.POST.get("note", "")[:300])
    address = f"{reverse('payments:transfers')}?state={found.state}"
    return flash.say(HttpResponseRedirect(address, status=303), _("Đã giải quyết khoản này."))
