"""Loading the programme that ships: subjects, strands, periods, totals, and the worked outcome trees."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.db import models, transaction

from khue.curriculum.access import Permission
from khue.curriculum.actions.outcomes import merge
from khue.curriculum.models import GradePlan, Outcome, Programme, Strand, Subject, SubjectGrade
from khue.curriculum.outcome_csv import parse_csv
from khue.curriculum.shipped import outcome_files, rows
from khue.foundation import audit
from khue.foundation.actor import Actor, require

Row = TypeVar("Row", bound=models.Model)
WORKED_START = "worked start of the house, own wording"


@transaction.atomic
def load_reference_data(*, actor: Actor) -> int:
    """Bring GDPT 2018 to what this release ships. Doing it again changes nothing.

    Outcome trees that ship are only a start: a subject and grade that already has outcomes is left alone.
    returns  how many rows were written
    """
    require(actor, Permission.REFERENCE_WRITE, within=None)

    written = _bring(Programme, ("code",), _programmes())
    programme = Programme.objects.get(code="GDPT2018")
    written += _bring(Subject, ("programme_id", "code"), _subjects(programme))
    subjects = {subject.code: subject for subject in Subject.objects.filter(programme=programme)}
    written += _bring(SubjectGrade, ("subject_id", "grade", "block", "valid_from"), _subject_grades(subjects))
    written += _bring(Strand, ("subject_id", "code"), _strands(subjects))
    written += _bring(GradePlan, ("programme_id", "grade", "valid_from"), _grade_plans(programme))
    for code, grade, text in outcome_files():
        if not Outcome.objects.filter(subject=subjects[code], grade=grade).exists():
            nodes = parse_csv(text, grade=grade).nodes
            written += merge(subjects[code], nodes, source=WORKED_START, on=date(2026, 9, 5)).created
    if written:
        audit.record(actor, "reference.programme_loaded", programme, written=written)
    return written


def _bring(model: type[Row], key: tuple[str, ...], wanted: Sequence[Row]) -> int:
    """Write rows that are new or differ. A row is known by its key."""
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in ("id", "public_id")]
    known = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    new, changed = [], []
    for row in wanted:
        there = known.get(tuple(getattr(row, name) for name in key))
        if there is None:
            new.append(row)
        elif any(getattr(there, name) != getattr(row, name) for name in names):
            for name in names:
                setattr(there, name, getattr(row, name))
            changed.append(there)
    model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, [model._meta.get_field(name).name for name in names])
    return len(new) + len(changed)


def _programmes() -> list[Programme]:
    return [
        Programme(
            code=row["code"],
            title=row["title"],
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            verified=row["verified"] == "true",
        )
        for row in rows("programme.csv")
    ]


def _subjects(programme: Programme) -> list[Subject]:
    return [
        Subject(
            programme_id=programme.id,
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            hue=row["hue"],
            order=int(row["order"]),
        )
        for row in rows("subjects.csv")
    ]


def _subject_grades(subjects: dict[str, Subject]) -> list[SubjectGrade]:
    return [
        SubjectGrade(
            subject_id=subjects[row["subject"]].id,
            grade=int(row["grade"]),
            block=row["block"],
            periods_per_year=int(row["periods_per_year"]),
            mode=row["mode"],
            regular_marks_per_term=_number(row["regular_marks_per_term"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            verified=row["verified"] == "true",
        )
        for row in rows("subject_grades.csv")
    ]


def _strands(subjects: dict[str, Subject]) -> list[Strand]:
    return [
        Strand(
            subject_id=subjects[row["subject"]].id,
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            name_en=row["name_en"],
            order=int(row["order"]),
            first_grade=int(row["first_grade"]),
            last_grade=int(row["last_grade"]),
            periods_per_year=_number(row["periods_per_year"]),
            source=row["source"],
            verified=row["verified"] == "true",
        )
        for row in rows("strands.csv")
    ]


def _grade_plans(programme: Programme) -> list[GradePlan]:
    return [
        GradePlan(
            programme_id=programme.id,
            grade=int(row["grade"]),
            weeks=int(row["weeks"]),
            lesson_minutes=int(row["lesson_minutes"]),
            compulsory_periods=int(row["compulsory_periods"]),
            electives_to_take=int(row["electives_to_take"]),
            topics_to_take=int(row["topics_to_take"]),
            total_periods=int(row["total_periods"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            verified=row["verified"] == "true",
        )
        for row in rows("grade_plans.csv")
    ]


def _number(text: str) -> int | None:
    return int(text) if text else None
