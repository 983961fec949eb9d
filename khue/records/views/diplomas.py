"""The register of diplomas and certificates."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists, paper
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.lists import Column, Filter, Listing
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, queries
from khue.records.access import Permission
from khue.records.forms import DiplomaForm, HandForm, RegisterForm, ReplaceForm, WithdrawForm
from khue.records.labels import DIPLOMA_KINDS
from khue.records.models import Diploma
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person
from khue.registry.queries.places import above_on_paper

REGISTER: Listing[Diploma] = Listing(
    order=("-year", "kind", "-number", "id"),
    filters=(Filter("year", gettext_lazy("Năm"), "year", parse=int), Filter("kind", gettext_lazy("Loại"), "kind")),
    columns=(
        Column(gettext_lazy("Số vào sổ"), lambda d: f"{d.number}/{d.year}", width=12),
        Column(gettext_lazy("Số hiệu"), lambda d: d.serial, width=18),
        Column(gettext_lazy("Văn bằng, chứng chỉ"), lambda d: d.title, width=40),
        Column(gettext_lazy("Họ và tên"), lambda d: d.name, width=28),
        Column(gettext_lazy("Ngày sinh"), lambda d: d.birth, width=12),
        Column(gettext_lazy("Quyết định"), lambda d: d.decision, width=30),
        Column(gettext_lazy("Ngày cấp"), lambda d: d.issued_on, width=12),
        Column(gettext_lazy("Người nhận"), lambda d: d.handed_to, width=24),
        Column(gettext_lazy("Thu hồi"), lambda d: d.withdrawn_reason, width=30),
    ),
)


#: So many years back a register is offered.
YEARS = 12


@require_safe
def register(request: Request) -> HttpResponseBase:
    """The register, to be looked through and exported."""
    if not request.actor.may(Permission.DIPLOMA_READ):
        raise NotFound
    rows, given = queries.visible_diplomas(request.actor), request.GET.dict()
    if lists.EXPORT in given:
        return REGISTER.export(rows, given, "so-goc-van-bang")
    context = {
        "seen": REGISTER.page(rows, given), "chosen": {"kind": given.get("kind", ""), "year": given.get("year", "")},
        "years": [(str(one), str(one)) for one in range(clock.today().year, clock.today().year - YEARS, -1)],
        "may_write": request.actor.may(Permission.DIPLOMA_WRITE),
        "seals": request.actor.may(Permission.RESULT_SEAL), "is_school": request.actor.may(Permission.SHEET_READ_ALL),
        "kinds": list(DIPLOMA_KINDS.items()),
    }  # fmt: skip
    return page(request, "records/diplomas.html", context, fragment="rows")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Write the next line."""
    place = _place(request)
    form = DiplomaForm(request.POST or None, initial={"issued_on": clock.today()})
    found: list[Person] = []
    if form.is_valid():
        given = form.cleaned_data
        found = registry.pupils_named(place.id, given["pupil"], clock.today())
        chosen = [one for one in found if str(one.public_id) == request.POST.get("person")] or found
        if len(chosen) == 1:
            with refusals_on(form):
                made = _recorded(request, place, chosen[0], form)
                return flash.say(see_other("records:diploma", made.public_id), _("Đã ghi vào sổ gốc."))
        elif not found:
            form.add_error("pupil", _("Không thấy học sinh nào có tên này ở trường."))
    context = {"form": form, "found": found}
    return page(request, "records/new_diploma.html", context, status=422 if request.method == "POST" else 200)


def _recorded(request: Request, place: Organisation, person: Person, form: DiplomaForm) -> Diploma:
    given = form.cleaned_data
    new = actions.NewDiploma(given["kind"], given["title"], given["serial"], given["decision"], given["issued_on"])
    return actions.record_diploma(actor=request.actor, organisation=place, person=person, given=new, at=clock.now())


@require_safe
def diploma(request: Request, diploma_id: UUID) -> HttpResponse:
    """One line, and what may still be written to it."""
    return _diploma(request, queries.diploma_of(request.actor, diploma_id))


def _diploma(
    request: Request, found: Diploma, hand: HandForm | None = None, withdraw: WithdrawForm | None = None
) -> HttpResponse:
    context = {
        "diploma": found, "next": queries.next_of(found), "corrections": queries.corrections_of(found),
        "may_write": queries.keeps_register(request.actor, found.organisation_id),
        "hand": hand or HandForm(auto_id="hand_%s", initial={"on": clock.today(), "to": found.name}),
        "withdraw": withdraw or WithdrawForm(auto_id="withdraw_%s", initial={"on": clock.today()}),
    }  # fmt: skip
    return page(request, "records/diploma.html", context, status=422 if hand or withdraw else 200)


@require_POST
def hand_over(request: Request, diploma_id: UUID) -> HttpResponse:
    """Write down who took it."""
    found = queries.diploma_of(request.actor, diploma_id)
    form = HandForm(request.POST, auto_id="hand_%s")
    if form.is_valid():
        with refusals_on(form):
            actions.hand_over_diploma(actor=request.actor, diploma=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("records:diploma", diploma_id), _("Đã ghi người nhận."))
    return _diploma(request, found, hand=form)


@require_POST
def withdraw(request: Request, diploma_id: UUID) -> HttpResponse:
    """Withdraw it."""
    found = queries.diploma_of(request.actor, diploma_id)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        with refusals_on(form):
            actions.withdraw_diploma(actor=request.actor, diploma=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("records:diploma", diploma_id), _("Đã ghi thu hồi."))
    return _diploma(request, found, withdraw=form)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: Request, diploma_id: UUID) -> HttpResponse:
    """Issue it again, or corrected, as the next line."""
    found = queries.diploma_of(request.actor, diploma_id)
    if not queries.keeps_register(request.actor, found.organisation_id):
        raise NotFound
    form = ReplaceForm(request.POST or None, initial={"issued_on": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        new = actions.NewDiploma(found.kind, found.title, given["serial"], given["decision"], given["issued_on"])
        with refusals_on(form):
            made = actions.replace_diploma(
                actor=request.actor, diploma=found, given=new, why=given["why"], reason=given["reason"], at=clock.now()
            )
            return flash.say(see_other("records:diploma", made.public_id), _("Đã ghi dòng mới thay cho dòng cũ."))
    context = {"form": form, "diploma": found}
    return page(request, "records/replace_diploma.html", context, status=422 if form.errors else 200)


@require_safe
def register_paper(request: Request) -> HttpResponse:
    """The register of a kind and year on A4, as it is bound and stamped."""
    place = next(iter(registry.working_places(request.actor, Permission.DIPLOMA_READ)), None)
    form = RegisterForm(request.GET)
    if place is None or not form.is_valid():
        raise NotFound
    kind, year = form.cleaned_data["kind"], form.cleaned_data["year"]
    context = {
        "lines": queries.register_of(request.actor, place.id, kind, year), "kind": DIPLOMA_KINDS[kind], "year": year,
        "school": place.name, "superior": above_on_paper(place), "printed_on": clock.today(),
    }  # fmt: skip
    return paper.answer("records/paper/register.html", context, name=f"so-goc-{kind}-{year}")


def _place(request: Request) -> Organisation:
    for place in registry.working_places(request.actor, Permission.DIPLOMA_WRITE):
        return place
    raise NotFound
