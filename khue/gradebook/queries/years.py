"""Years as pages and forms show them: a class's result sheet, one pupil's year, what is missing. Nobody is ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.gradebook import labels
from khue.gradebook.access import Permission, oversees
from khue.gradebook.models import (
    ClassMeeting,
    EntryWindow,
    LevelDecision,
    PupilYear,
    SubjectYear,
    SummerTraining,
    TermConduct,
)
from khue.gradebook.rule_sets import rule_set_for
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolClass, Term
from khue.schools.queries import Member


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One pupil on the result sheet of a class, all as shown.

    results  in the order of the subjects
    """

    enrolment_id: int
    enrolment: UUID
    full_name: str
    results: list[str]
    study: str
    conduct: str
    absent: str
    outcome: str
    award: str
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Bảng tổng hợp kết quả of a class for a term or the year, pupils in the order of their names.

    period    1, 2, or 0 for the year
    subjects  names in the programme's order
    levels    how many pupils have reached each study level: the class as a whole, nobody by name
    """

    period: int
    subjects: list[str]
    rows: list[SheetRow]
    levels: list[tuple[str, int]]


def result_classes(actor: Actor, on: date) -> list[SchoolClass]:
    """The classes whose results the actor oversees: all to the head, the led one to its teacher. In the summer, when
    what is assessed again is decided, those of the year that has ended.
    """
    if not actor.may(Permission.RESULT_READ):
        return []
    if not actor.may(Permission.YEAR_DECIDE):
        return schools.classes_led_by(actor, on)
    places = sorted(actor.organisations(Permission.YEAR_DECIDE) or ())[:20]
    years = [year for place in places if (year := schools.school_year_on(place, on))]
    rows = schools.classes_of_years(actor, [year.id for year in years])
    return sorted(rows, key=lambda one: (one.grade, len(one.name), one.name))


def result_class_of(actor: Actor, public_id: UUID) -> SchoolClass:
    """A class whose results the actor oversees. Raises NotFound, also when it exists but is not the actor's to see."""
    found = schools.class_of(actor, public_id)
    if not oversees(actor, found):
        raise NotFound
    return found


def is_primary(school_class: SchoolClass) -> bool:
    """Whether the class is assessed by levels instead of marks."""
    return rule_set_for(school_class.grade, school_class.school_year.starts_on) is None


def period_in_view(school_class: SchoolClass, on: date) -> int:
    """What is looked at first: the first term (1) while it lasts, then the year (0). One query."""
    term = schools.current_term(school_class.organisation_id, on)
    return int(term is not None and term.number == 1 and term.school_year_id == school_class.school_year_id)


def sheet_of(actor: Actor, school_class: SchoolClass, period: int) -> Sheet:
    """The result sheet of a class from `result_class_of`. Four queries, however many pupils."""
    pupils = members_of(school_class)
    subjects = schools.class_subjects_of(actor, school_class)
    ids = [pupil.enrolment_id for pupil in pupils]
    shown = {
        (row[0], row[1]): labels.result(_of_period(row[4:8], period), is_scored=row[2], is_exempt=row[3])
        for row in _subject_years(ids)
    }
    years = {year.enrolment_id: year for year in _pupil_years(ids)}
    names = [(subject.id, subject.subject.name) for subject in subjects]
    said = labels.said_once()
    return Sheet(
        period,
        [name for _, name in names],
        [
            _row(pupil, [shown.get((pupil.enrolment_id, key), "") for key, _ in names], years, period, said)
            for pupil in pupils
        ],
        _levels([_study(year, period) for year in years.values()], len(pupils)),
    )


def _of_period(results: Sequence[int | None], period: int) -> int | None:
    """Of term 1, term 2, year, reassessed: the one that a sheet of the period shows."""
    return results[period - 1] if period else results[2]


def _study(year: PupilYear, period: int) -> int | None:
    return {1: year.study_term_1, 2: year.study_term_2}.get(period, year.study)


def _levels(reached: Sequence[int | None], pupils: int) -> list[tuple[str, int]]:
    counted = [(labels.level(level), reached.count(level)) for level in (3, 2, 1, 0)]
    return [*counted, (labels.outcome(""), pupils - sum(number for _, number in counted))]


def _row(pupil: Member, results: list[str], years: dict[int, PupilYear], period: int, said: labels.Said) -> SheetRow:
    year = years.get(pupil.enrolment_id) or PupilYear(outcome="", award="")
    conduct = {1: year.conduct_term_1, 2: year.conduct_term_2}.get(period, year.conduct)
    return SheetRow(
        pupil.enrolment_id,
        pupil.enrolment_public_id,
        pupil.full_name,
        results,
        said.level(_study(year, period)),
        said.level(conduct),
        "" if period else labels.sessions(year.sessions_absent),
        "" if period else said.outcome(year.outcome),
        "" if period else said.award(year.award),
        bool(year.is_ambiguous and not period),
    )


def members_of(school_class: SchoolClass) -> list[Member]:
    """Who is in the class today, or was on the last day of its year. One query."""
    return schools.members(school_class, day_of(school_class))


def day_of(school_class: SchoolClass) -> date:
    """Today, or the nearest day of the class's year."""
    year = school_class.school_year
    return min(max(clock.today(), year.starts_on), year.ends_on)


#: enrolment, class-subject, is scored, is exempt, term 1, term 2, year, reassessed
_SubjectRow = tuple[int, int, bool, bool, int | None, int | None, int | None, int | None]


@compiled
def _subject_years(enrolment_ids: Sequence[int]) -> QuerySet[SubjectYear, _SubjectRow]:
    rows = SubjectYear.objects.filter(enrolment_id__in=enrolment_ids)
    return rows.values_list(
        "enrolment_id", "class_subject_id", "is_scored", "is_exempt", "term_1", "term_2", "year", "reassessed"
    )


@compiled
def _pupil_years(enrolment_ids: Sequence[int]) -> QuerySet[PupilYear]:
    return PupilYear.objects.filter(enrolment_id__in=enrolment_ids)


@dataclass(frozen=True, slots=True)
class YearSubject:
    """One subject of one pupil's year, as shown."""

    subject: str
    hue: str
    term_1: str
    term_2: str
    year: str
    reassessed: str


@dataclass(frozen=True, slots=True)
class YearReport:
    """One pupil's year as the pupil, the family and the school see it, all as shown.

    ambiguous  why a person has to settle the study level; empty where nobody has to
    comments   the homeroom teacher's words on the terms
    """

    subjects: list[YearSubject]
    study: tuple[str, str, str]
    conduct: tuple[str, str, str]
    absent: str
    outcome: str
    award: str
    is_ambiguous: bool
    is_settled: bool
    comments: list[str]


def year_report_of(enrolment: Enrolment) -> YearReport:
    """One pupil's year, for an enrolment from `schools.enrolment_of`. Four queries."""
    year = next(iter(_pupil_years([enrolment.id])), None) or PupilYear(outcome="", award="")
    return YearReport(
        [_year_subject(row) for row in _subjects_of(enrolment.id)],
        (labels.level(year.study_term_1), labels.level(year.study_term_2), labels.level(year.study)),
        (labels.level(year.conduct_term_1), labels.level(year.conduct_term_2), labels.level(year.conduct)),
        labels.sessions(year.sessions_absent),
        labels.outcome(year.outcome),
        labels.award(year.award),
        year.is_ambiguous,
        bool(_decided(enrolment.id)),
        _comments(enrolment.id),
    )


@compiled
def _subjects_of(enrolment_id: int) -> QuerySet[SubjectYear]:
    rows = SubjectYear.objects.filter(enrolment_id=enrolment_id)
    return rows.select_related("class_subject__subject").order_by("class_subject__subject__order")


@compiled
def _decided(enrolment_id: int) -> QuerySet[LevelDecision, int]:
    return LevelDecision.objects.filter(enrolment_id=enrolment_id).values_list("id", flat=True)


@compiled
def _comments(enrolment_id: int) -> QuerySet[TermConduct, str]:
    rows = TermConduct.objects.filter(enrolment_id=enrolment_id).exclude(comment="")
    return rows.order_by("term__number").values_list("comment", flat=True)


def _year_subject(row: SubjectYear) -> YearSubject:
    subject = row.class_subject.subject
    shown = [
        labels.result(value, is_scored=row.is_scored, is_exempt=row.is_exempt)
        for value in (row.term_1, row.term_2, row.year, row.reassessed)
    ]
    return YearSubject(subject.name, subject.hue, shown[0], shown[1], shown[2], "" if row.is_exempt else shown[3])


@dataclass(frozen=True, slots=True)
class YearState:
    """Where one pupil's year stands, for the forms that the school is offered."""

    outcome: str
    is_ambiguous: bool
    study: int | None
    training: SummerTraining | None


def year_state_of(enrolment: Enrolment) -> YearState:
    """What may be decided about a pupil now. Two queries."""
    year = next(iter(_pupil_years([enrolment.id])), None)
    training = next(iter(_training(enrolment.id)), None)
    if year is None:
        return YearState("", is_ambiguous=False, study=None, training=training)
    return YearState(year.outcome, year.is_ambiguous, year.study, training)


@compiled
def _training(enrolment_id: int) -> QuerySet[SummerTraining]:
    return SummerTraining.objects.filter(enrolment_id=enrolment_id).order_by("id")[:1]


def conduct_of(school_class: SchoolClass, term: Term) -> dict[int, TermConduct]:
    """What is recorded of a class's conduct in a term, by enrolment id. One query."""
    return {row.enrolment_id: row for row in _conduct(school_class.id, term.id)}


@compiled
def _conduct(school_class_id: int, term_id: int) -> QuerySet[TermConduct]:
    return TermConduct.objects.filter(enrolment__school_class_id=school_class_id, term_id=term_id)


def meeting_of(school_class: SchoolClass) -> ClassMeeting | None:
    """The meeting on the class's year, if it was held. One query."""
    return next(iter(_meetings(school_class.id)), None)


def standing_of_meetings(classes: Sequence[SchoolClass]) -> dict[int, bool]:
    """Of classes whose meeting on the year was held: whether the head has approved it, by class id. One query."""
    rows = ClassMeeting.objects.filter(school_class_id__in=[one.id for one in classes])
    return {key: approved_at is not None for key, approved_at in rows.values_list("school_class_id", "approved_at")}


@compiled
def _meetings(school_class_id: int) -> QuerySet[ClassMeeting]:
    return ClassMeeting.objects.filter(school_class_id=school_class_id)


def windows_of(term: Term) -> dict[str, EntryWindow]:
    """The windows of a term by kind. One query."""
    return {window.kind: window for window in EntryWindow.objects.filter(term=term)}
