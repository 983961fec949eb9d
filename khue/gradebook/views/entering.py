"""Pages of what comes into a book besides typed marks: workbooks, make-up tests, another school's marks, remarks."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khue.foundation import clock, flash, spreadsheets, uploads
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.gradebook import actions, labels, queries
from khue.gradebook.forms.entering import MakeUpForm, MarkFileForm, ReceivedMarksForm, RemarksForm, SettleForm
from khue.gradebook.models import MarkBook, MarkImport
from khue.gradebook.queries import Grid
from khue.gradebook.refusals import NoMarkColumns

SHOWN = 200


@require_safe
def template(request: Request, book_id: UUID) -> HttpResponseBase:
    """The book as a workbook: to keep, or to fill in and bring again."""
    found = queries.book_of(request.actor, book_id)
    columns, lines = queries.book_sheet(queries.grid_of(found))
    return spreadsheets.download(labels.file_name(found, "So diem"), columns, lines)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request, book_id: UUID) -> HttpResponse:
    """Choose a workbook with marks."""
    found = _writable(request, book_id)
    form = MarkFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            return see_other("gradebook:mark_import", _brought(request, found).public_id)
    shown = {"book": found, "form": form}
    return page(request, "gradebook/bring.html", shown, status=422 if form.errors else 200)


def _brought(request: Request, book: MarkBook) -> MarkImport:
    at = clock.now()
    file = uploads.received(
        actor=request.actor, request=request, field="file", purpose="gradebook.marks",
        organisation_id=book.organisation_id, at=at,
    )  # fmt: skip
    if file is None:
        raise NoMarkColumns
    return actions.bring_marks(actor=request.actor, book=book, file=file, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def mark_import(request: Request, import_id: UUID) -> HttpResponse:
    """What a workbook would change, line by line; then take it."""
    found = queries.import_of(request.actor, import_id)
    refused = ""
    if request.method == "POST":
        try:
            count = actions.take_marks(
                actor=request.actor, found=found, seen=request.POST.get("seen", ""), at=clock.now()
            )
        except Refusal as refusal:
            refused = str(refusal)
        else:
            said = _("Đã ghi %(count)s điểm từ tệp.") % {"count": count}
            return flash.say(see_other("gradebook:book", found.book.public_id), said)
    preview = None if found.taken_at else queries.preview_of(request.actor, found)
    shown = {"found": found, "preview": preview, "most": SHOWN, "refused": refused}
    return page(request, "gradebook/mark_import.html", shown, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request, book_id: UUID) -> HttpResponse:
    """Marks that a pupil has brought from the former school, and all that were received in this book."""
    found = _writable(request, book_id)
    grid = queries.grid_of(found)
    form = ReceivedMarksForm(request.POST or None, rows=grid.rows, columns=grid.columns, names=_names(grid))
    if form.is_valid():
        with refusals_on(form):
            enrolment = queries.learner_of(request.actor, found, form.cleaned_data["pupil"])
            actions.receive_marks(
                actor=request.actor, book=found, enrolment=enrolment, typed=form.typed(),
                origin=form.cleaned_data["origin"], at=clock.now(),
            )  # fmt: skip
            return see_other("gradebook:receive_marks", found.public_id)
    shown = {"book": found, "form": form, "received": queries.received_marks_of(found)}
    return page(request, "gradebook/receive_marks.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def make_ups(request: Request, book_id: UUID) -> HttpResponse:
    """Make-up tests of a book: those that wait, those that are settled, and a form for one more."""
    found = queries.book_of(request.actor, book_id)
    may = queries.rights_on(request.actor, found)
    grid = queries.grid_of(found)
    form = MakeUpForm(request.POST or None, rows=grid.rows, columns=grid.columns, names=_names(grid))
    if form.is_valid():
        with refusals_on(form):
            actions.plan_make_up(
                actor=request.actor, column=queries.column_in(found, form.cleaned_data["column"]),
                enrolment=queries.learner_of(request.actor, found, form.cleaned_data["pupil"]),
                reason=form.cleaned_data["reason"], due_on=form.cleaned_data["due_on"], at=clock.now(),
            )  # fmt: skip
            return see_other("gradebook:make_ups", found.public_id)
    shown = {"book": found, "may": may, "form": form, "planned": queries.make_ups_of(found), "today": clock.today()}
    return page(request, "gradebook/make_ups.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settle_make_up(request: Request, make_up_id: UUID) -> HttpResponse:
    """Enter the mark of a make-up test, or 0 when it was not held in time."""
    found = queries.make_up_of(request.actor, make_up_id)
    book = _writable(request, found.column.book.public_id)
    form = SettleForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.settle_make_up(
                actor=request.actor, make_up=found, typed=form.cleaned_data["mark"], at=clock.now()
            )  # fmt: skip
            return flash.say(see_other("gradebook:make_ups", book.public_id), _("Đã ghi kết quả kiểm tra bù."))
    shown = {"book": book, "make_up": found, "form": form}
    return page(request, "gradebook/settle_make_up.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: Request, book_id: UUID) -> HttpResponse:
    """The subject teacher's words on each pupil in the term."""
    found = _writable(request, book_id)
    names = queries.learners_of(found)
    said = queries.remarks_in(found, list(names))
    form = RemarksForm(request.POST or None, names=names, said=said)
    if form.is_valid():
        with refusals_on(form):
            actions.record_remarks(actor=request.actor, book=found, remarks=form.typed(), at=clock.now())
            return flash.say(see_other("gradebook:book", found.public_id), _("Đã lưu nhận xét."))
    phrases = queries.phrases_of(request.actor, found.class_subject.school_class)
    shown = {"book": found, "form": form, "phrases": phrases}
    return page(request, "gradebook/remarks.html", shown, status=422 if form.errors else 200)


def _writable(request: Request, book_id: UUID) -> MarkBook:
    """A book the actor may write into: NotFound to whoever only looks."""
    found = queries.book_of(request.actor, book_id)
    may = queries.rights_on(request.actor, found)
    if not (may.write or may.ask_correction):
        raise NotFound
    return found


def _names(grid: Grid) -> list[str]:
    return [labels.column(column.kind, column.position) for column in grid.columns]
