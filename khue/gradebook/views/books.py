"""Pages of the mark-book."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.foundation import clock, flash
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.refused import problem
from khue.foundation.request import Request
from khue.gradebook import actions, queries
from khue.gradebook.access import Permission
from khue.gradebook.actions import TypedCell
from khue.gradebook.forms import ColumnForm, ColumnTitleForm, CorrectionForm
from khue.gradebook.grid_rows import grid_rows
from khue.gradebook.refusals import NothingToLock
from khue.gradebook.rule_sets import rule_set_for
from khue.gradebook.typed_marks import display_result
from khue.schools import queries as schools

MOST_CELLS = 5000


class CellIn(msgspec.Struct, array_like=True):
    """One cell: column id, enrolment id, text, and what the grid showed before it was typed."""

    column: int
    enrolment: int
    text: str
    base: str | None = None


class CellsIn(msgspec.Struct):
    """What the grid sends."""

    cells: Annotated[list[CellIn], msgspec.Meta(max_length=MOST_CELLS)]


def books(request: Request) -> HttpResponse:
    """The mark-books the actor keeps or oversees this term, and class-subjects that have none yet."""
    refuse_unless_staff(request.actor)
    links = {
        "oversees": request.actor.may(Permission.RESULT_READ),
        "sets_windows": request.actor.may(Permission.WINDOW_WRITE),
        "locks": request.actor.may(Permission.BOOK_LOCK),
    }
    today = clock.today()
    if links["locks"]:
        grades = schools.grades_of(request.actor, today)
        if grades and not any(rule_set_for(grade, today) for grade in grades):
            return see_other("gradebook:classes")  # a primary school has levels, and no book
        return page(request, "gradebook/overview.html", links | _overview(request, grades))
    shelf = queries.shelf_of(request.actor, today)
    if shelf and not any(row.has_marks for row in shelf) and queries.result_classes(request.actor, today):
        return see_other("gradebook:classes")
    return page(request, "gradebook/books.html", links | {"shelf": shelf})


def _overview(request: Request, grades: Sequence[int]) -> dict[str, object]:
    """A whole school's books, one grade at a time, and what the head teaches."""
    today, asked = clock.today(), request.GET.get("grade", "")
    grade = next((one for one in grades if str(one) == asked), grades[0] if grades else None)
    return {
        "grades": grades,
        "grade": grade,
        "tabs": [(_("Khối %(grade)s") % {"grade": one}, f"?grade={one}", one == grade) for one in grades],
        "seen": None if grade is None else queries.overview_of_grade(request.actor, grade, today),
        "own": queries.own_shelf(request.actor, today),
    }


def refuse_unless_staff(actor: Actor) -> None:
    """A page of those who keep marks does not exist for pupils and families, who have theirs."""
    if not actor.may(Permission.MARK_READ):
        raise NotFound


@require_POST
def open_book(request: Request, class_subject_id: UUID) -> HttpResponse:
    """Open this term's mark-book of a class-subject, or go to it when it is open already."""
    class_subject = schools.class_subject_of(request.actor, class_subject_id)
    term = schools.current_term(class_subject.organisation_id, clock.today())
    if term is None:
        raise NotFound
    book = actions.open_book(actor=request.actor, class_subject=class_subject, term=term)
    return see_other("gradebook:book", book.public_id)


def book(request: Request, book_id: UUID) -> HttpResponse:
    """The keyboard grid."""
    found = queries.book_of(request.actor, book_id)
    grid = queries.grid_of(found)
    may = queries.rights_on(request.actor, found)
    ways = [_way_to_ask(column.public_id) for column in grid.columns] if may.ask_correction else []
    rows = grid_rows(grid.rows, may_write=may.write, ways=ways)
    return page(request, "gradebook/book.html", {"book": found, "columns": grid.columns, "rows": rows, "may": may})


def _way_to_ask(column_id: UUID) -> str:
    """Where a change of a mark of the column is asked for, with "{}" in the place of the pupil's enrolment."""
    return reverse("gradebook:ask_correction", args=[column_id, 0]).removesuffix("0/") + "{}/"


@require_POST
def cells(request: Request, book_id: UUID) -> HttpResponse:
    """Cells from the grid: answers what each now shows, what was refused, and the new means."""
    found = queries.book_of(request.actor, book_id)
    try:
        body = msgspec.json.decode(request.body, type=CellsIn)
    except msgspec.MsgspecError:
        return problem(422, "bad_cells", _("Trình duyệt gửi dữ liệu không đọc được. Hãy tải lại trang."))
    typed = [TypedCell(cell.column, cell.enrolment, cell.text, cell.base) for cell in body.cells]
    recorded = actions.record_marks(actor=request.actor, book=found, cells=typed, at=clock.now())
    return JsonResponse(
        {
            "shown": [[*cell, text] for cell, text in recorded.shown.items()],
            "refused": [[*cell, reason] for cell, reason in recorded.refused.items()],
            "conflicts": [[*cell, shown] for cell, shown in recorded.conflicts.items()],
            "results": {pupil: display_result(result) for pupil, result in recorded.results.items()},
        }
    )


def column(request: Request, column_id: UUID) -> HttpResponse:
    """One column as a plain form."""
    found = queries.column_of(request.actor, column_id)
    grid = queries.grid_of(found.book)
    place = [c.id for c in grid.columns].index(found.id)
    form = ColumnForm(request.POST or None, rows=grid.rows, place=place)
    if form.is_valid():
        with refusals_on(form):
            typed = [TypedCell(found.id, pupil, text) for pupil, text in form.typed().items()]
            recorded = actions.record_marks(actor=request.actor, book=found.book, cells=typed, at=clock.now())
            for (_column, pupil), reason in recorded.refused.items():
                form.add_error(f"e{pupil}", reason)
            if form.is_valid():
                return see_other("gradebook:book", found.book.public_id)
    shown = {"book": found.book, "column": grid.columns[place], "form": form}
    return page(request, "gradebook/column.html", shown)


def add_column(request: Request, book_id: UUID) -> HttpResponse:
    """One more regular mark."""
    found = queries.book_of(request.actor, book_id)
    form = ColumnTitleForm(request.POST or None, strands=queries.strands_of(found))
    if form.is_valid():
        with refusals_on(form):
            strand = form.cleaned_data.get("strand", "")
            actions.add_regular_column(actor=request.actor, book=found, title=form.cleaned_data["title"], strand=strand)
            return see_other("gradebook:book", found.public_id)
    return page(request, "gradebook/add_column.html", {"book": found, "form": form})


def lock(request: Request, book_id: UUID) -> HttpResponse:
    """Asks once more, then closes the book."""
    found = queries.book_of(request.actor, book_id)
    if request.method == "POST":
        actions.lock_book(actor=request.actor, book=found, at=clock.now())
        return see_other("gradebook:book", found.public_id)
    return page(request, "gradebook/lock.html", {"book": found})


def lock_all(request: Request) -> HttpResponse:
    """Asks once more, then closes every book of the school's term."""
    places = sorted(request.actor.organisations(Permission.BOOK_LOCK) or ())[:20]
    terms = [term for place in places if (term := schools.current_term(place, clock.today()))]
    if not terms:
        raise NotFound
    refused = ""
    if request.method == "POST":
        try:
            count = actions.lock_books(actor=request.actor, term=terms[0], at=clock.now())
        except NothingToLock as refusal:
            refused = str(refusal)
        else:
            return flash.say(see_other("gradebook:books"), _("Đã khoá %(count)s sổ điểm.") % {"count": count})
    shown = {"term": terms[0], "refused": refused}
    return page(request, "gradebook/lock_all.html", shown, status=422 if refused else 200)


def ask_correction(request: Request, column_id: UUID, enrolment_id: int) -> HttpResponse:
    """Ask the head to change one mark of a locked book."""
    found = queries.column_of(request.actor, column_id)
    row = queries.row_of(found.book, enrolment_id)
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            cell = TypedCell(found.id, enrolment_id, form.cleaned_data["mark"])
            actions.ask_correction(
                actor=request.actor, book=found.book, cell=cell, reason=form.cleaned_data["reason"], at=clock.now()
            )
            return see_other("gradebook:corrections")
    standing = dict(zip((column.id for column in queries.columns_of(found.book)), row.cells, strict=True))
    shown = {"book": found.book, "column": found, "row": row, "standing": standing[found.id], "form": form}
    return page(request, "gradebook/ask_correction.html", shown, status=422 if form.errors else 200)


def corrections(request: Request) -> HttpResponse:
    """Corrections asked for: the head decides, the teacher sees what became of it."""
    refuse_unless_staff(request.actor)
    rows = list(queries.visible_corrections(request.actor)[:100])
    return page(request, "gradebook/corrections.html", {"corrections": rows, "decides": queries.decides(request.actor)})


@require_POST
def decide_correction(request: Request, correction_id: UUID) -> HttpResponse:
    """Approve or decline."""
    found = queries.correction_of(request.actor, correction_id)
    approve = request.POST.get("decision") == "approve"
    actions.decide_correction(actor=request.actor, correction=found, approve=approve, at=clock.now())
    return see_other("gradebook:corrections")


def mine(request: Request) -> HttpResponse:
    """A pupil's own report; a guardian's list of children."""
    pupils = queries.reported_pupils(request.actor, clock.today())
    if len(pupils) == 1:
        return see_other("gradebook:report", pupils[0].enrolment)
    return page(request, "gradebook/mine.html", {"pupils": pupils})


def report(request: Request, enrolment_id: UUID) -> HttpResponse:
    """One pupil's marks of a term, for the pupil, the family and those who teach."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    if queries.is_primary(enrolment.school_class):
        return see_other("gradebook:year", enrolment.public_id)
    terms = schools.terms_of(enrolment.school_class.school_year)
    number = request.GET.get("term", "")
    current = schools.current_term(enrolment.organisation_id, clock.today())
    term = next((t for t in terms if str(t.number) == number), current or (terms[0] if terms else None))
    if term is None:
        raise NotFound
    subjects = queries.report_of(enrolment, term)
    shown = {"enrolment": enrolment, "terms": terms, "term": term, "subjects": subjects}
    return page(request, "gradebook/report.html", shown)
