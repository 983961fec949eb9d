"""One pupil's marks, as the pupil and the family see them. Nobody ranks anybody (TT 15/2026 Điều 22)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.gradebook import mark_table
from khue.gradebook.models import Mark, MarkColumn, TermResult
from khue.gradebook.typed_marks import TypedMark, display, display_result
from khue.schools import queries as schools
from khue.schools.models import Enrolment, Term


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """One subject of one pupil in one term: what the family sees.

    marks   by kind "regular", "mid", "end": the marks as shown
    result  the term mean as it stands, or Đ / CĐ; empty while nothing counts
    """

    subject: str
    hue: str
    marks: dict[str, list[str]]
    result: str


def report_of(enrolment: Enrolment, term: Term) -> list[SubjectReport]:
    """One pupil's marks in one term by subject, for an enrolment from `schools.enrolment_of`. Three queries."""
    by_book: dict[int, dict[str, list[str]]] = defaultdict(lambda: {kind: [] for kind in MarkColumn.Kind.values})
    for book, kind, tenths, passed, exempt in _marks(int(term.school_year.code[:4]), enrolment.id, term.id):
        by_book[book][kind].append(display(TypedMark(tenths, passed, exempt)))
    return [
        SubjectReport(subject, hue, by_book[book], display_result(mean_tenths if passed is None else passed))
        for subject, hue, book, mean_tenths, passed in _results(enrolment.id, term.id)
    ]


#: book, kind of the column, tenths, passed, is exempt
_MarkRow = tuple[int, str, int | None, bool | None, bool]


@compiled
def _marks(school_year: int, enrolment_id: int, term_id: int) -> QuerySet[Mark, _MarkRow]:
    rows = Mark.objects.filter(school_year=school_year, enrolment_id=enrolment_id, column__book__term_id=term_id)
    return rows.order_by("column__position").values_list(
        "column__book_id", "column__kind", "tenths", "passed", "is_exempt"
    )


@compiled
def _results(enrolment_id: int, term_id: int) -> QuerySet[TermResult, tuple[str, str, int, int | None, bool | None]]:
    rows = TermResult.objects.filter(enrolment_id=enrolment_id, book__term_id=term_id)
    subject = "book__class_subject__subject"
    return rows.order_by(f"{subject}__order").values_list(
        f"{subject}__name", f"{subject}__hue", "book_id", "mean_tenths", "passed"
    )


@dataclass(frozen=True, slots=True)
class ReportedPupil:
    """A pupil in a class, as the family's pages name it.

    year  code of the school year, "2026-2027"
    """

    enrolment_id: int
    enrolment: UUID
    full_name: str
    school_class_id: int
    class_name: str
    year: str
    organisation_id: int
    person_id: int
    school: str


def reported_pupils(actor: Actor, on: date) -> list[ReportedPupil]:
    """The actor and the actor's wards, each in every class of that day. One query."""
    own = actor.wards | ({actor.person_id} if actor.person_id is not None else set())
    return [ReportedPupil(*row) for row in _pupils(actor, clock.today(), sorted(own), on)]


@compiled
def _pupils(
    actor: Actor, today: date, own: Sequence[int], on: date
) -> QuerySet[Enrolment, tuple[int, UUID, str, int, str, str, int, int, str]]:
    rows = schools.visible_enrolments(actor, today).filter(person_id__in=own, starts_on__lte=on)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=on)).values_list(
        "id",
        "public_id",
        "person__full_name",
        "school_class_id",
        "school_class__name",
        "school_class__school_year__code",
        "organisation_id",
        "person_id",
        "organisation__name",
    )


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark that appeared lately, as a guardian's card shows it."""

    subject: str
    hue: str
    kind: str
    shown: str
    recorded_on: date


def new_marks(pupils: Sequence[ReportedPupil], since: date, limit: int = 10) -> dict[int, list[NewMark]]:
    """The latest marks of pupils from `reported_pupils` since a day, newest first, by enrolment. One query."""
    begun = datetime.combine(since, time(), clock.VIETNAM)
    years, enrolments = {int(pupil.year[:4]) for pupil in pupils}, [pupil.enrolment_id for pupil in pupils]
    found: dict[int, list[NewMark]] = {enrolment_id: [] for enrolment_id in enrolments}
    rows = _latest_marks(sorted(years), enrolments, begun) if pupils else []
    for enrolment_id, subject, hue, kind, at, tenths, passed, is_exempt in rows:
        if len(found[enrolment_id]) < limit:
            mark = NewMark(subject, hue, kind, display(TypedMark(tenths, passed, is_exempt)), _day(at))
            found[enrolment_id].append(mark)
    return found


def _day(at: datetime) -> date:
    return at.astimezone(clock.VIETNAM).date()


#: Of all children of a family.
MOST_NEW = 200

#: enrolment, subject, hue, kind, recorded at, tenths, passed, is exempt
_NewRow = tuple[int, str, str, str, datetime, int | None, bool | None, bool]


@compiled
def _latest_marks(years: Sequence[int], enrolments: Sequence[int], since: datetime) -> QuerySet[Mark, _NewRow]:
    rows = Mark.objects.filter(school_year__in=years, enrolment_id__in=enrolments, recorded_at__gte=since)
    subject = "column__book__class_subject__subject"
    return rows.order_by("-recorded_at", "column_id").values_list(
        "enrolment_id", f"{subject}__name", f"{subject}__hue", "column__kind", "recorded_at", "tenths", "passed",
        "is_exempt",
    )[:MOST_NEW]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldMark:
    """A mark with all that a message to the family says."""

    column_id: int
    enrolment_id: int
    enrolment: UUID
    person_id: int
    full_name: str
    class_name: str
    subject: str
    kind: str
    shown: str
    recorded_by_id: int | None  # the account that entered it; None when a test did


def marks_to_tell(cells: Sequence[tuple[int, int]]) -> list[ToldMark]:
    """Those of these (column id, enrolment id) cells that hold a mark now. One query."""
    wanted = set(cells)
    rows = Mark.objects.filter(
        column_id__in={column for column, _ in cells}, enrolment_id__in={enrolment for _, enrolment in cells}
    ).select_related("enrolment__person", "enrolment__school_class", "column__book__class_subject__subject")
    return [
        ToldMark(
            mark.column_id,
            mark.enrolment_id,
            mark.enrolment.public_id,
            mark.enrolment.person_id,
            mark.enrolment.person.full_name,
            mark.enrolment.school_class.name,
            mark.column.book.class_subject.subject.name,
            mark.column.kind,
            display(mark_table.meaning(mark)),
            mark.recorded_by_id,
        )
        for mark in rows.order_by("column_id", "enrolment_id")
        if (mark.column_id, mark.enrolment_id) in wanted
    ]
