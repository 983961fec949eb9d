"""Subjects, the grades they are taught in, and what a grade adds up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.curriculum.models import GradePlan, Strand, Subject, SubjectGrade
from khue.foundation.clock import today
from khue.foundation.compiled import compiled
from khue.foundation.record import one

#: The programme in force in every grade since 2024-25.
PROGRAMME = "GDPT2018"
GRADES = range(1, 13)


def subject_of(public_id: UUID) -> Subject:
    """Raises NotFound."""
    return one(Subject.objects.select_related("programme"), public_id=public_id)


def subject_by_code(code: str, *, programme: str = PROGRAMME) -> Subject:
    """ "TOAN". Raises NotFound."""
    return one(Subject.objects.select_related("programme"), programme__code=programme, code=code)


def subjects(on: date | None = None) -> list[Subject]:
    """All subjects of the programmes in force on a day, in their printed order. One query, about thirty rows."""
    return _subjects_on(on or today())


@compiled
def _subjects_on(day: date) -> QuerySet[Subject]:
    rows = Subject.objects.filter(Q(programme__valid_to=None) | Q(programme__valid_to__gte=day))
    return rows.filter(programme__valid_from__lte=day).order_by("order", "id")


def subjects_in(grade: int, on: date | None = None, *, block: str = "") -> list[SubjectGrade]:
    """What is taught in a grade on a day, each with its subject: compulsory first, then electives, topics, optional.

    block  one of SubjectGrade.Block, or "" for all
    cost   one query
    """
    rows = _in_force(SubjectGrade.objects.filter(grade=grade), on or today()).select_related("subject")
    if block:
        rows = rows.filter(block=block)
    order = [str(value) for value in SubjectGrade.Block.values]
    return sorted(rows, key=lambda row: (order.index(row.block), row.subject.order))


def subject_grade(subject_id: int, grade: int, *, on: date, block: str = "") -> SubjectGrade | None:
    """How a subject is taught and assessed in a grade on a day; None when it is not.

    block  "" means: compulsory, or elective, or optional, whichever the grade has; topic clusters only when asked for
    """
    rows = list(_in_force(SubjectGrade.objects.filter(subject_id=subject_id, grade=grade), on))
    wanted = [block] if block else ["compulsory", "elective", "optional"]
    found = sorted((row for row in rows if row.block in wanted), key=lambda row: wanted.index(row.block))
    return found[0] if found else None


def grade_plan(grade: int, on: date | None = None, *, programme: str = PROGRAMME) -> GradePlan | None:
    """Weeks, lesson length, periods and choices of a grade on a day; None when nothing is known. One query."""
    rows = GradePlan.objects.filter(programme__code=programme, grade=grade, valid_from__lte=on or today())
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on or today())).order_by("-valid_from").first()


def strands_of(subject: Subject, grade: int) -> list[Strand]:
    """The parts, or orientations, of an integrated subject in a grade; empty for most. One query."""
    return list(Strand.objects.filter(subject=subject, first_grade__lte=grade, last_grade__gte=grade).order_by("order"))


def strand_names() -> dict[tuple[str, str], str]:
    """The names of the strands of integrated subjects, by the code of the subject and of the strand. One query."""
    rows = Strand.objects.filter(kind=Strand.Kind.STRAND).values_list("subject__code", "code", "name")
    return {(subject, code): name for subject, code, name in rows}


def grades_of(subject: Subject) -> list[int]:
    """The grades in which a subject is taught today, in order; grade 1 when in none. One query."""
    rows = _in_force(SubjectGrade.objects.filter(subject=subject), today())
    return sorted(set(rows.values_list("grade", flat=True))) or [1]


@dataclass(frozen=True, slots=True)
class GradeColumn:
    """The foot of one column of the programme table."""

    grade: int
    total: int | None
    per_week: float | None


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One subject in one block; periods a year by grade."""

    subject: Subject
    periods: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ProgrammeTable:
    """Subjects x grades: compulsory rows, rows of the other blocks, and what each grade adds up to."""

    columns: Sequence[GradeColumn]
    blocks: Mapping[str, Sequence[SubjectRow]]


def programme_table(on: date | None = None) -> ProgrammeTable:
    """The whole programme on a day. Three queries."""
    day = on or today()
    blocks: dict[str, dict[int, dict[int, int]]] = {str(block): {} for block in SubjectGrade.Block.values}
    by_id = {subject.id: subject for subject in _subjects(PROGRAMME)}
    for subject_id, block, grade, periods in _cells(PROGRAMME, day):
        blocks[block].setdefault(subject_id, {})[grade] = periods
    plans = {plan.grade: plan for plan in _plans(PROGRAMME, day)}
    columns = [
        GradeColumn(grade, plan.total_periods, plan.total_periods / plan.weeks)
        if (plan := plans.get(grade))
        else GradeColumn(grade, None, None)
        for grade in GRADES
    ]
    return ProgrammeTable(
        columns,
        {
            block: [SubjectRow(by_id[key], periods) for key, periods in found.items()]
            for block, found in blocks.items()
            if found
        },
    )


@compiled
def _subjects(programme: str) -> QuerySet[Subject]:
    return Subject.objects.filter(programme__code=programme)


@compiled
def _cells(programme: str, on: date) -> "QuerySet[SubjectGrade, tuple[int, str, int, int]]":
    rows = _in_force(SubjectGrade.objects.filter(subject__programme__code=programme), on)
    return rows.order_by("subject__order", "grade").values_list("subject_id", "block", "grade", "periods_per_year")


@compiled
def _plans(programme: str, on: date) -> QuerySet[GradePlan]:
    return GradePlan.objects.filter(programme__code=programme, valid_from__lte=on)


def _in_force(rows: QuerySet[SubjectGrade], on: date) -> QuerySet[SubjectGrade]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
