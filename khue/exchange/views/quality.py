"""How good the records of schools are, what a school says of itself, and files of a field set."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khue.exchange import actions, ndc, queries, sheets
from khue.exchange.access import Permission
from khue.exchange.catalogue import TITLES, Kind, fields_of
from khue.exchange.forms import FactsForm
from khue.exchange.models import SchoolQuality
from khue.exchange.queries import Written
from khue.foundation import clock, flash, lists, spreadsheets
from khue.foundation.actor import require
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.record import first
from khue.foundation.request import Request
from khue.registry import queries as registry

SCORES: lists.Listing[SchoolQuality] = lists.Listing(
    order=("-missed", "organisation_id"), search=("organisation__folded_name",)
)


@require_safe
def quality(request: Request) -> HttpResponse:
    """The schools with the lowest scores first; who works at one school goes to that school."""
    require(request.actor, Permission.RECORD_READ, within=None)
    schools = list(queries.readable_schools(request.actor)[:2])
    if len(schools) == 1:
        return see_other("exchange:school", schools[0].public_id)
    seen = SCORES.page(queries.visible_scores(request.actor), request.GET)
    return page(request, "exchange/quality.html", {"seen": seen, "scores": seen.rows}, fragment="results")


@require_safe
def school(request: Request, public_id: UUID) -> HttpResponse:
    """One school: each kind of record, which rule complains how often, and its files."""
    found = queries.school_of(request.actor, public_id)
    kinds = queries.quality_of(found)
    context = {
        "school": found,
        "kinds": kinds,
        "complaints": [(kind.title, *line) for kind in kinds for line in kind.complaints],
        "titles": TITLES,
        "may_declare": request.actor.may(Permission.FACT_DECLARE, found),
    }
    return page(request, "exchange/school.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: Request) -> HttpResponse:
    """What the school says of itself where no other page asks for it."""
    require(request.actor, Permission.FACT_DECLARE, within=None)
    place = first(registry.working_places(request.actor, Permission.FACT_DECLARE))
    known = queries.known_facts(place, clock.today())
    form = FactsForm(request.POST or None, declared=queries.declared_facts(place), known=known)
    if form.is_valid():
        with refusals_on(form):
            actions.declare_facts(actor=request.actor, school=place, facts=form.facts, at=clock.now())
            return flash.say(see_other("exchange:facts"), _("Đã lưu thông tin của trường."))
    labels = {field.name: field.label for field in fields_of(Kind.SCHOOL)}
    context = {"school": place, "form": form, "known": [(labels[name], value) for name, value in known.items()]}
    return page(request, "exchange/facts.html", context, status=422 if form.is_bound else 200)


@require_safe
def file(request: Request, public_id: UUID, kind: str, form: str) -> HttpResponseBase:
    """A school's records of one kind as JSON, XML or Excel. That it was read is written down."""
    found = queries.school_of(request.actor, public_id)
    if kind not in Kind._value2member_map_ or form not in WRITERS:
        raise NotFound
    written = queries.written_records(request.actor, found, Kind(kind), clock.today())
    actions.log_reading(
        actor=request.actor, deed="exported", kinds=[kind] * len(written.records), organisation_id=found.id, peer=None,
        at=clock.now(),
    )  # fmt: skip
    return WRITERS[form](Kind(kind), written, f"{kind}-{found.code or found.id}")


def _json(_kind: Kind, written: Written, name: str) -> HttpResponseBase:
    return _saved(ndc.json_of(written.records), "application/json", f"{name}.json")


def _xml(_kind: Kind, written: Written, name: str) -> HttpResponseBase:
    return _saved(ndc.xml_of(written.records), "application/xml", f"{name}.xml")


def _sheet(kind: Kind, written: Written, name: str) -> HttpResponseBase:
    payloads = [record.DuLieu for record in written.records]
    columns = sheets.headings(kind, written.allowed)
    return spreadsheets.download(name, columns, sheets.lines(kind, written.allowed, payloads))


def _saved(data: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


WRITERS: dict[str, Callable[[Kind, Written, str], HttpResponseBase]] = {"json": _json, "xml": _xml, "xlsx": _sheet}
