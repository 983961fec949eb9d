"""Pages of importing a roster: choose a file, say what its columns mean, look, apply or cancel."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, media, spreadsheets, uploads
from khue.foundation.actor import require
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.registry import queries as registry
from khue.schools import actions, labels, queries
from khue.schools.access import Permission
from khue.schools.forms.roster import PUPILS, STAFF, ColumnsForm, RosterFileForm
from khue.schools.models import RosterImport
from khue.schools.roster.preview import Preview
from khue.schools.roster.writing import excel_of, staff_excel_of

LATEST = 20
#: So many slips stand on one printed page run.
MOST_SLIPS = 500


@require_http_methods(["GET", "HEAD", "POST"])
def roster_imports(request: Request) -> HttpResponse:
    """The form for a new file, and the latest imports under it."""
    require(request.actor, Permission.ROSTER_IMPORT, within=None)
    years = queries.importable_years(request.actor)
    form = RosterFileForm(request.POST or None, request.FILES or None, years=years, of=request.GET.get("of", PUPILS))
    if form.is_valid():
        with refusals_on(form):
            return see_other("schools:roster_import", _begun(request, form).public_id)
    context = {
        "form": form,
        "years": years,
        "imports": list(queries.visible_roster_imports(request.actor)[:LATEST]),
        "states": labels.IMPORT_STATES,
    }
    return page(request, "schools/roster_imports.html", context, status=422 if form.errors else 200)


def _begun(request: Request, form: RosterFileForm) -> RosterImport:
    year = form.chosen_year
    at = clock.now()
    file = uploads.received(
        actor=request.actor,
        request=request,
        field="file",
        purpose="schools.roster",
        organisation_id=year.organisation_id,
        at=at,
    )
    if file is None:
        raise actions.FileMissing
    return actions.begin_roster_import(
        actor=request.actor, school_year=year, file=file, at=at, is_staff=form.cleaned_data["of"] == STAFF
    )


@require_safe
def roster_import(request: Request, public_id: UUID) -> HttpResponse:
    """One import, wherever it stands: columns to choose, the preview, or what became of it."""
    found = queries.roster_import_of(request.actor, public_id)
    if found.state == RosterImport.State.MAPPING or (found.is_open and "columns" in request.GET):
        return _columns(request, found, _columns_form(request, found))
    preview = Preview.restored(found.preview)
    context = {
        "roster": found,
        "preview": preview,
        "states": labels.IMPORT_STATES,
        "outcomes": labels.OUTCOMES,
        "changes": labels.CHANGES,
    }
    return page(request, "schools/roster_import.html", context)


@require_POST
def choose_columns(request: Request, public_id: UUID) -> HttpResponse:
    """Take the columns as chosen and go on to the preview."""
    found = queries.roster_import_of(request.actor, public_id)
    form = _columns_form(request, found)
    if form.is_valid():
        with refusals_on(form):
            actions.choose_columns(
                actor=request.actor,
                roster_import=found,
                mapping=form.mapping,
                creates_classes=form.cleaned_data.get("creates_classes", False),
                opens_accounts=form.cleaned_data.get("opens_accounts", False),
                applies_on=form.cleaned_data["applies_on"],
                class_name=form.cleaned_data.get("class_name", ""),
                at=clock.now(),
            )
            return see_other("schools:roster_import", public_id)
    return _columns(request, found, form)


@require_POST
def confirm(request: Request, public_id: UUID) -> HttpResponse:
    """Start the import; its job's page shows how far it is."""
    found = queries.roster_import_of(request.actor, public_id)
    running = actions.confirm_roster_import(actor=request.actor, roster_import=found, at=clock.now())
    assert running.job is not None  # confirming has just started it
    return see_other("foundation:job", running.job.public_id)


@require_POST
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    """Give the import up and go back to the list."""
    found = queries.roster_import_of(request.actor, public_id)
    actions.cancel_roster_import(actor=request.actor, roster_import=found, at=clock.now())
    return flash.say(see_other("schools:roster_imports"), _("Đã huỷ. Không có gì được nhập."), tone="info")


@never_cache
@require_POST
def slips(request: Request, public_id: UUID) -> HttpResponse:
    """Slips with activation codes for the pupils, or the guardians, whom an import brought; to print and cut."""
    found = queries.roster_import_of(request.actor, public_id)
    asked = request.POST.get("role", "")
    role = Role(asked) if asked in found.newcomers else Role.PUPIL
    made, left = actions.issue_roster_codes(
        actor=request.actor, roster_import=found, role=role, at=clock.now(), most=MOST_SLIPS
    )
    people = [account.person_id for account, _code in made if account.person_id]
    classes = queries.class_names_of(found.organisation, people, are_guardians=role == Role.GUARDIAN)
    wards = registry.wards_named(people, clock.today()) if role == Role.GUARDIAN else {}
    order = {key: number for number, key in enumerate(wards)}
    slips = sorted(
        ((classes.get(account.person_id or 0, ""), account, code) for account, code in made),
        key=lambda slip: (slip[0], order.get(slip[1].person_id or 0, 0)),
    )
    context = {"roster": found, "slips": slips, "left": left, "role": role.value, "wards": wards}
    return page(request, "schools/slips.html", context)


def _columns_form(request: Request, found: RosterImport) -> ColumnsForm:
    return ColumnsForm(
        request.POST if request.method == "POST" else None,
        roster_import=found,
        classes=queries.class_names(found.school_year),
        may_open=identity.may_give(request.actor, Role.SUBJECT_TEACHER, found.organisation),
    )


def _columns(request: Request, found: RosterImport, form: ColumnsForm) -> HttpResponse:
    context = {"roster": found, "form": form}
    return page(request, "schools/roster_columns.html", context, status=422 if form.errors else 200)


@require_safe
def excel(request: Request, year_id: UUID) -> HttpResponseBase:
    """The roster of a year as a sheet with the headings of the sector database."""
    year = queries.exportable_year_of(request.actor, year_id)
    columns, lines = excel_of(actions.export_roster(actor=request.actor, school_year=year, at=clock.now()))
    return spreadsheets.download(_("Danh sách học sinh %(year)s") % {"year": year.code}, columns, lines)


@require_safe
def staff_excel(request: Request, year_id: UUID) -> HttpResponseBase:
    """The staff of a school with what they teach in a year, as a sheet that the import reads again."""
    year = queries.exportable_year_of(request.actor, year_id)
    columns, lines = staff_excel_of(actions.export_staff(actor=request.actor, school_year=year, at=clock.now()))
    return spreadsheets.download(_("Danh sách cán bộ, giáo viên %(year)s") % {"year": year.code}, columns, lines)


@require_safe
def oneroster(request: Request, year_id: UUID) -> HttpResponse:
    """The roster of a year as a OneRoster 1.2 package."""
    year = queries.exportable_year_of(request.actor, year_id)
    package = actions.export_oneroster(actor=request.actor, school_year=year, at=clock.now())
    disposition = f'attachment; filename="{package.name}"'
    return HttpResponse(package.content, content_type=media.ZIP, headers={"Content-Disposition": disposition})
