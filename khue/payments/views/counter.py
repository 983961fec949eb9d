"""The counter: a family's book, cash, refunds, receipts, and the end of the day."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, labels, payment_codes, queries
from khue.payments.access import Permission
from khue.payments.forms.counter import CashForm, CloseForm, PassForm, RefundForm
from khue.payments.models import Invoice
from khue.payments.queries import FamilyBook
from khue.payments.views.office import school_of, tabs

LATEST = 60


@require_safe
def family(request: Request, public_id: UUID) -> HttpResponse:
    """What a family paid and when; to the office, also the counter."""
    return _family(request, queries.family_of(request.actor, public_id))


@require_POST
def cash(request: Request, public_id: UUID) -> HttpResponse:
    """Take cash and open its receipt."""
    book = queries.family_of(request.actor, public_id)
    form = CashForm(request.POST, owed=queries.open_of_family(book.organisation.id, book.person.id))
    if form.is_valid():
        with refusals_on(form):
            receipt = actions.take_cash(
                actor=request.actor, organisation=book.organisation, family=book.person, on=clock.today(),
                at=clock.now(), **form.cleaned_data,
            )  # fmt: skip
            return flash.say(see_other("payments:receipt", receipt.public_id), _("Đã thu tiền mặt."))
    key = form.cleaned_data.get("key")
    known = queries.receipt_of_cash(request.actor, book.organisation.id, key) if key and not form.is_valid() else None
    if known is not None:  # sent twice: what was ticked is paid by now
        return see_other("payments:receipt", known.public_id)
    return _family(request, book, cash=form)


@require_POST
def refund(request: Request, public_id: UUID) -> HttpResponse:
    """Give back what was paid ahead."""
    book = queries.family_of(request.actor, public_id)
    accounts = list(queries.visible_accounts(request.actor).filter(organisation=book.organisation))
    form = RefundForm(request.POST, accounts=accounts)
    if form.is_valid():
        with refusals_on(form):
            filled = form.cleaned_data
            actions.give_back(
                actor=request.actor, organisation=book.organisation, family=book.person, amount=filled["amount"],
                account=form.account, reason=filled["reason"], key=filled["key"], on=clock.today(), at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("payments:family", public_id), _("Đã hoàn tiền."))
    return _family(request, book, refund=form)


@require_POST
def pass_on(request: Request, public_id: UUID) -> HttpResponse:
    """Let what was paid ahead pay for another family."""
    book = queries.family_of(request.actor, public_id)
    form = PassForm(request.POST)
    if form.is_valid():
        filled = form.cleaned_data
        named = queries.invoices_named(request.actor, book.organisation.id, filled["invoice"])
        if not payment_codes.numbers_in(filled["invoice"]) or not named:
            form.add_error("invoice", _("Không thấy phiếu có mã này. Hãy xem lại mã trên phiếu thu."))
            return _family(request, book, passing=form)
        with refusals_on(form):
            actions.pass_on(
                actor=request.actor, organisation=book.organisation, family=book.person, to=named[0].family,
                amount=filled["amount"], reason=filled["reason"], key=filled["key"], on=clock.today(), at=clock.now(),
            )  # fmt: skip
            said = _("Đã chuyển cho gia đình %(name)s.") % {"name": named[0].family.full_name}
            return flash.say(see_other("payments:family", public_id), said)
    return _family(request, book, passing=form)


def _family(
    request: Request,
    book: FamilyBook,
    *,
    cash: Form | None = None,
    refund: Form | None = None,
    passing: Form | None = None,
) -> HttpResponse:
    may_take = request.actor.may(Permission.MONEY_TAKE, book.organisation.id)
    accounts = list(queries.visible_accounts(request.actor).filter(organisation=book.organisation)) if may_take else []
    owed = queries.open_of_family(book.organisation.id, book.person.id) if may_take and cash is None else []
    context = {
        "book": book,
        "kinds": labels.MOVES,
        "may_take": may_take,
        "of_office": request.actor.may(Permission.MONEY_READ, book.organisation.id),
        "cash": cash or CashForm(owed=owed, initial=_of_cash(owed)),
        "refund": refund or RefundForm(accounts=accounts, initial={"key": uuid4(), "amount": book.ahead}),
        "passing": passing or PassForm(initial={"key": uuid4(), "amount": book.ahead}),
    }
    return page(request, "payments/family.html", context, status=422 if cash or refund or passing else 200)


def _of_cash(owed: Sequence[Invoice]) -> dict[str, object]:
    """One open invoice is what the money is for; of several the cashier ticks."""
    return {"key": uuid4(), "ticked": [str(owed[0].public_id)] if len(owed) == 1 else []}


@require_safe
def receipt(request: Request, public_id: UUID) -> HttpResponse:
    """A receipt: one copy on the screen, two on an A4 sheet."""
    found = queries.receipt_of(request.actor, public_id)
    context = {"receipt": found, "is_void": queries.is_void(found), "banked_on": queries.banked_on(found)}
    return page(request, "payments/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def days(request: Request) -> HttpResponse:
    """Where the books stand today, the form that closes a day, and the days that are closed."""
    school = school_of(request, Permission.DAY_CLOSE)
    today = clock.today()
    form = CloseForm(request.POST or None, initial={"on": today})
    if form.is_valid():
        with refusals_on(form):
            actions.close_day(
                actor=request.actor, organisation_id=school.id, at=clock.now(), **form.cleaned_data
            )  # fmt: skip
            return flash.say(see_other("payments:days"), _("Đã khoá sổ."))
    closed = queries.closed_through(request.actor, school.id)
    context = {
        "tabs": tabs(request.actor, "days"),
        "day": queries.day_of(request.actor, school.id, today),
        "form": form,
        "closed": closed,
        "is_over": closed is not None and closed >= today,
        "later": queries.banked_after(request.actor, school.id, today),
        "closings": list(queries.visible_closings(request.actor).filter(organisation=school)[:LATEST]),
    }
    return page(request, "payments/days.html", context, status=422 if form.errors else 200)
