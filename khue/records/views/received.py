"""What pupils brought from other schools."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.lists import Column, Listing
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, labels, queries, rendering
from khue.records.access import Permission
from khue.records.forms import TakeInForm
from khue.records.models import ReceivedPackage
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person

PACKAGES: Listing[ReceivedPackage] = Listing(
    order=("-received_at", "id"),
    columns=(
        Column(gettext_lazy("Học sinh"), lambda p: p.person.full_name, width=28),
        Column(gettext_lazy("Trường cấp"), lambda p: p.issuer, width=36),
        Column(gettext_lazy("Số năm học"), lambda p: p.sheets, width=12),
        Column(gettext_lazy("Ký bởi"), lambda p: p.signed_by, width=36),
        Column(gettext_lazy("Nhận lúc"), lambda p: p.received_at, width=18),
        Column(gettext_lazy("Người nhận"), lambda p: p.received_by_name, width=28),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def received(request: Request) -> HttpResponseBase:
    """What was taken in, and the form that takes in one more."""
    place = _place(request)
    form = TakeInForm(request.POST or None, request.FILES or None)
    found: list[Person] = []
    if form.is_valid():
        found = registry.pupils_named(place.id, form.cleaned_data["pupil"], clock.today())
        if not found:
            form.add_error("pupil", _("Không thấy học sinh nào có tên này ở trường."))
        with refusals_on(form):
            if made := _taken_in(request, place, found, form):
                return flash.say(
                    see_other("records:received_package", made.public_id), _("Học bạ hợp lệ, đã nhận vào hồ sơ.")
                )
    rows, given = queries.visible_packages(request.actor), request.GET.dict()
    if lists.EXPORT in given:
        return PACKAGES.export(rows, given, "hoc-ba-nhan-ve")
    context = {"form": form, "seen": PACKAGES.page(rows, given)}
    return page(request, "records/received.html", context, status=422 if form.errors else 200, fragment="rows")


def _taken_in(request: Request, place: Organisation, found: list[Person], form: TakeInForm) -> ReceivedPackage | None:
    """Taken in for the one of these pupils whose it is; among namesakes the file says which."""
    data, last = form.cleaned_data["file"].read(), len(found) - 1
    for number, person in enumerate(found):
        try:
            return actions.take_in_package(
                actor=request.actor, organisation=place, person=person, data=data, at=clock.now()
            )
        except Refusal as refusal:
            if refusal.code != "another_pupil" or number == last:
                raise
    return None


@require_safe
def received_package(request: Request, received_id: UUID) -> HttpResponse:
    """One package: who sealed it, its years, and what may be done with them."""
    found = queries.package_of(request.actor, received_id)
    sheets = [(one, queries.content_of(one)) for one in queries.sheets_in(found)]
    context = {
        "package": found, "sheets": sheets, "verdicts": labels.VERDICTS, "shown": rendering.shown,
        "may_list": request.actor.may(Permission.PACKAGE_RECEIVE, found),
        "may_carry": request.actor.may(Permission.SHEET_COMPARE, found),
    }  # fmt: skip
    return page(request, "records/received_package.html", context)


@require_POST
def carry(request: Request, received_id: UUID, number: int) -> HttpResponse:
    """Carry the results of one of its years into the mark-book."""
    found = queries.package_of(request.actor, received_id)
    sheets = queries.sheets_in(found)
    if not 1 <= number <= len(sheets):
        raise NotFound
    sheet = sheets[number - 1]
    try:
        count = actions.carry_results(
            actor=request.actor, sheet=sheet, content=queries.content_of(sheet), at=clock.now()
        )
        said = _("Đã đưa %(count)s kết quả vào sổ điểm.") % {"count": count}
    except Refusal as refusal:
        said = str(refusal)
    return flash.say(see_other("records:received_package", received_id), said)


def _place(request: Request) -> Organisation:
    for place in registry.working_places(request.actor, Permission.PACKAGE_RECEIVE):
        return place
    raise NotFound
