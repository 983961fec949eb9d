"""Which columns of this term's books hold no mark yet, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from khue.foundation import clock, lists, spreadsheets
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.gradebook import queries
from khue.gradebook.access import Permission
from khue.gradebook.models import MarkBook
from khue.gradebook.views.books import refuse_unless_staff
from khue.schools import queries as schools


@dataclass(frozen=True, slots=True)
class Line:
    """One book of the list: its empty columns in order, and the names of those who teach it."""

    book: UUID
    class_name: str
    subject: str
    hue: str
    columns: list[str]
    teachers: str


_CLASS = "class_subject__school_class"
BOOKS: lists.Listing[MarkBook] = lists.Listing(
    order=(f"{_CLASS}__grade", "name_length", f"{_CLASS}__name", "class_subject__subject__order", "id"),
    filters=(lists.Filter("class", gettext_lazy("Lớp"), f"{_CLASS}__public_id", parse=UUID),),
    size=30,
)


@require_safe
def missing(request: Request) -> HttpResponseBase:
    """Books with columns that are still empty, class by class; all of them as a sheet."""
    refuse_unless_staff(request.actor)
    today = clock.today()
    terms = schools.current_terms(sorted(request.actor.organisations(Permission.MARK_READ) or ()), today)
    of = (request.actor, [term.id for term in terms], today)
    if lists.EXPORT in request.GET:
        return _sheet(BOOKS.narrowed(queries.unfilled_books(*of), request.GET.dict()))
    seen = BOOKS.page(queries.unfilled_books, request.GET.dict(), of=of)
    decides = terms and request.actor.may(Permission.YEAR_DECIDE)
    days = (min(term.starts_on for term in terms), max(term.ends_on for term in terms)) if decides else ()
    classes = sorted(schools.classes_between(request.actor, *days), key=schools.class_order) if days else []
    shown = {"seen": seen, "lines": _lines(seen.rows), "classes": [(str(one.public_id), one.name) for one in classes]}
    return page(request, "gradebook/missing.html", shown)


def _sheet(rows: QuerySet[MarkBook]) -> HttpResponseBase:
    columns = [(_("Lớp"), 10), (_("Môn"), 24), (_("Giáo viên"), 34), (_("Cột điểm chưa có điểm"), 60)]
    lines = [
        [line.class_name, line.subject, line.teachers, ", ".join(line.columns)]
        for line in _lines(rows[: spreadsheets.MOST_ROWS])
    ]
    return spreadsheets.download("cot-diem-con-trong", columns, lines)


def _lines(books: Iterable[MarkBook]) -> list[Line]:
    """Two queries, however many books."""
    books = list(books)
    empty = queries.empty_columns(books)
    teachers = schools.teachers_of([book.class_subject_id for book in books], clock.today())
    return [
        Line(
            book.public_id, book.class_subject.school_class.name, book.class_subject.subject.name,
            book.class_subject.subject.hue, empty.get(book.id, []),
            ", ".join(teachers.get(book.class_subject_id, ())),
        )
        for book in books
    ]  # fmt: skip
