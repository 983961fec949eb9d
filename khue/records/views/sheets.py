"""Pages of one sheet, of a holder's own transcript, and what is given out."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, files, flash, scope
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, labels, queries, rendering, sharing
from khue.records.access import Permission
from khue.records.forms import CorrectForm, ExtractForm, PackageForm, ShareForm
from khue.records.models import Transcript, YearSheet
from khue.records.sharing import Part
from khue.records.views.pictures import picture_of


@require_safe
def sheet(request: Request, sheet_id: UUID) -> HttpResponse:
    """One sheet: what it says, who did what to it, its versions, what was given out."""
    return _sheet(request, _seen(request, sheet_id))


def _seen(request: Request, sheet_id: UUID) -> YearSheet:
    return queries.sheet_of(request.actor, sheet_id)


def _sheet(
    request: Request, found: YearSheet, *, correct: CorrectForm | None = None, extract: ExtractForm | None = None
) -> HttpResponse:
    seen = queries.sheet_page_of(request.actor, found)
    context = {
        "seen": seen, "sheet": found, "content": seen.content, "states": labels.STATES, "steps": labels.STEPS,
        "roles": labels.ROLES, "issues": labels.ISSUES, "verdicts": labels.VERDICTS, "shown": rendering.shown,
        "may_correct": request.actor.may(Permission.SHEET_CORRECT, found)
        and found.is_latest and found.state in ("signed", "sealed", "deposited"),
        "may_issue": request.actor.may(Permission.SHEET_ISSUE, found) and found.sealed_at is not None,
        "of_office": request.actor.may(Permission.SHEET_READ_ALL, found),
        "correct": correct or CorrectForm(auto_id="correct_%s"),
        "extract": extract or ExtractForm(auto_id="extract_%s"),
    }  # fmt: skip
    return page(request, "records/sheet.html", context, status=422 if correct or extract else 200)


@require_POST
def correct(request: Request, sheet_id: UUID) -> HttpResponse:
    """Make the next version of a sheet."""
    found = _seen(request, sheet_id)
    form = CorrectForm(request.POST, auto_id="correct_%s")
    if form.is_valid():
        with refusals_on(form):
            made = actions.correct(
                actor=request.actor, sheet=found, reason=form.cleaned_data["reason"], at=clock.now()
            )  # fmt: skip
            return flash.say(
                see_other("records:sheet", made.public_id), _("Đã lập bản đính chính. Hãy đối chiếu và ký lại.")
            )
    return _sheet(request, found, correct=form)


@require_POST
def extract(request: Request, sheet_id: UUID) -> HttpResponse:
    """Give out an extract as PDF."""
    found = _seen(request, sheet_id)
    form = ExtractForm(request.POST, auto_id="extract_%s")
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            parts = [Part(one) for one in given["parts"]]
            made = actions.issue_extract(
                actor=request.actor, sheet=found, parts=parts, to=given["to"], reason=given["reason"], at=clock.now()
            )
            return _sent(made, "trich-luc.pdf", "application/pdf")
    return _sheet(request, found, extract=form)


@require_POST
def copy(request: Request, sheet_id: UUID, form: str) -> HttpResponseBase:
    """Give out the original file: the school to somebody, or the holder to itself."""
    found = _seen(request, sheet_id)
    file = actions.issue_copy(
        actor=request.actor, sheet=found, form=form, to=request.POST.get("to", ""), at=clock.now()
    )
    return FileResponse(files.open_file(file), as_attachment=True, filename=file.name, content_type=file.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: Request, transcript_id: UUID) -> HttpResponse:
    """The whole record of a learner as one signed package."""
    found = queries.transcript_of(request.actor, transcript_id)
    if not request.actor.may(Permission.SHEET_ISSUE, found):
        raise NotFound
    form = PackageForm(request.POST or None, keys=queries.keys_for(request.actor, found.organisation_id, queries.SEAL))
    if form.is_valid():
        with refusals_on(form):
            made = actions.package_of(
                actor=request.actor, transcript=found, key=form.signing_key, secret=form.cleaned_data["secret"],
                to=form.cleaned_data["to"], at=clock.now(),
            )  # fmt: skip
            return _sent(made, f"hoc-ba-{found.public_id.hex[:12]}.zip", "application/zip")
    context = {"transcript": found, "form": form, "sheets": queries.sheets_of_transcript(found)}
    return page(request, "records/package.html", context, status=422 if form.errors else 200)


def _sent(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def mine(request: Request) -> HttpResponse:
    """The holder's own transcript and those of wards: years, codes that are open."""
    return _mine(request)


def _mine(request: Request, failed: ShareForm | None = None, of: Transcript | None = None) -> HttpResponse:
    rows = []
    own = queries.own_transcripts(request.actor)
    with scope.raised(request.actor):
        received = queries.received_sheets_of([one.person_id for one in own])
    for one in own:
        # What another school of this node has sealed belongs to the holder as well.
        with scope.raised(request.actor):
            sheets = queries.sheets_of_transcript(one)
        form = (
            failed
            if of == one and failed
            else ShareForm(years=[sheet.school_year.code for sheet in sheets], auto_id=f"share{one.id}_%s")
        )
        shares = [(share, sharing.grouped(sharing.code_of(share.public_id))) for share in queries.shares_of(one.id)]
        brought = [each for each in received if each.person_id == one.person_id]
        rows.append((one, sheets, form, shares, brought))
    context = {
        "rows": rows, "may_share": request.actor.may(Permission.SHARE_MAKE), "now": clock.now(),
        "states": labels.STATES, "verdicts": labels.VERDICTS,
    }  # fmt: skip
    return page(request, "records/mine.html", context, status=422 if failed else 200)


@require_POST
def own_package(request: Request, transcript_id: UUID) -> HttpResponse:
    """The whole record as one signed package, for the learner and the family."""
    found = queries.transcript_of(request.actor, transcript_id)
    try:
        made = actions.download_whole_record(actor=request.actor, transcript=found, at=clock.now())
    except Refusal as refusal:
        return flash.say(see_other("records:mine"), str(refusal))
    return _sent(made, f"hoc-ba-{found.public_id.hex[:12]}.zip", "application/zip")


@require_POST
def share(request: Request, transcript_id: UUID) -> HttpResponse:
    """Make a code that shows a part for some days."""
    found = queries.transcript_of(request.actor, transcript_id)
    with scope.raised(request.actor):
        years = [sheet.school_year.code for sheet in queries.sheets_of_transcript(found)]
    form = ShareForm(request.POST, years=years)
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            made = actions.share(
                actor=request.actor, transcript=found, parts=[Part(one) for one in given["parts"]],
                years=given["years"], days=given["days"], to=given["to"], at=clock.now(),
            )  # fmt: skip
            return see_other("records:share", made.public_id)
    return _mine(request, form, found)


@require_safe
def share_page(request: Request, share_id: UUID) -> HttpResponse:
    """A code to be shown to somebody: as a picture, as letters, as an address."""
    found = queries.share_of(request.actor, share_id)
    code = sharing.code_of(found.public_id)
    address = request.build_absolute_uri(queries.address_of(code))
    context = {
        "share": found, "code": sharing.grouped(code), "address": address, "picture": picture_of(address),
        "parts": [words for part, words in labels.PARTS if part in found.parts],
        "is_open": found.ended_at is None and found.expires_at > clock.now(),
    }  # fmt: skip
    return page(request, "records/share.html", context)


@require_POST
def end_share(request: Request, share_id: UUID) -> HttpResponse:
    """Close a code."""
    found = queries.share_of(request.actor, share_id)
    actions.end_share(actor=request.actor, share=found, at=clock.now())
    return flash.say(see_other("records:mine"), _("Đã đóng mã. Người giữ mã không xem được nữa."))
