"""The curriculum for programs: subjects, outcome trees, CASE packages. Reading is free to everybody."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from khue.curriculum import queries
from khue.curriculum.models import SubjectGrade
from khue.foundation import api

router = api.router(tags=["curriculum"])


class SubjectGradeOut(Schema):
    """A subject as a grade has it. `mode`: score, comment, level or level_test."""

    subject: UUID
    code: str
    name: str
    name_en: str
    hue: str
    grade: int
    block: str
    periods_per_year: int
    mode: str
    regular_marks_per_term: int | None
    source: str
    verified: bool


class OutcomeOut(Schema):
    id: UUID
    code: str
    kind: str
    text: str
    verified: bool
    children: list["OutcomeOut"]


class OutcomeLineOut(Schema):
    id: UUID
    code: str
    text: str
    grade: int
    subject_name: str


@router.get("/grades/{grade}/subjects", response=list[SubjectGradeOut], auth=None)
def list_subjects(request: HttpRequest, grade: int, on: date | None = None) -> list[SubjectGradeOut]:  # noqa: ARG001
    """Subjects of a grade, today or on a day, in the order of the programme."""
    return [_subject(row) for row in queries.subjects_in(grade, on)]


@router.get("/subjects/{subject}/outcomes", response=list[OutcomeOut], auth=None)
def read_outcomes(request: HttpRequest, subject: UUID, grade: int) -> list[OutcomeOut]:  # noqa: ARG001
    """The outcome tree of a subject in a grade."""
    return [_outcome(node) for node in queries.outcome_tree(queries.subject_of(subject), grade)]


@router.get("/outcomes", response=list[OutcomeLineOut], auth=None)
def find_outcomes(
    request: HttpRequest,  # noqa: ARG001
    q: str = "",
    subject: UUID | None = None,
    grade: int | None = None,
) -> list[OutcomeLineOut]:
    """Required outcomes by words, diacritics or not; at most fifty."""
    chosen = queries.subject_of(subject) if subject else None
    return [
        OutcomeLineOut(
            id=line.public_id, code=line.code, text=line.text, grade=line.grade, subject_name=line.subject_name
        )
        for line in queries.search_outcomes(q, subject=chosen, grade=grade)
    ]


@router.get("/case/CFPackages/{subject}", response=dict[str, object], auth=None)
def read_case_package(request: HttpRequest, subject: UUID) -> dict[str, object]:  # noqa: ARG001
    """The outcome tree of a subject, all grades, as a CASE 1.0 package."""
    return queries.case_package(queries.subject_of(subject))


def _subject(row: SubjectGrade) -> SubjectGradeOut:
    return SubjectGradeOut(
        subject=row.subject.public_id,
        code=row.subject.code,
        name=row.subject.name,
        name_en=row.subject.name_en,
        hue=row.subject.hue,
        grade=row.grade,
        block=row.block,
        periods_per_year=row.periods_per_year,
        mode=row.mode,
        regular_marks_per_term=row.regular_marks_per_term,
        source=row.source,
        verified=row.verified,
    )


def _outcome(node: queries.OutcomeNode) -> OutcomeOut:
    return OutcomeOut(
        id=node.public_id,
        code=node.code,
        kind=node.kind,
        text=node.text,
        verified=node.verified,
        children=[_outcome(child) for child in node.children],
    )
