"""A school's years in few statements: what is recorded is read in sets, worked out in one pass, stored in sets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from khue.curriculum import queries as curriculum
from khue.curriculum.models import SubjectGrade
from khue.gradebook import extensions, year_rows
from khue.gradebook.rule_sets import Level, RuleSet, rule_set_for
from khue.gradebook.year_ledger import FAILED, PASSED, Recorded, SubjectTerms, YearOfPupil, year_of_pupil
from khue.schools import queries as schools
from khue.schools.models import SchoolYear
from khue.schools.queries import OfferedSubject, RollLine

_SUBJECTS = """
INSERT INTO gradebook_subjectyear AS old
       (organisation_id, enrolment_id, class_subject_id, is_scored, is_exempt, term_1, term_2, year, reassessed)
SELECT %(organisation)s, e, s, c, x, a, b, y, r
FROM unnest(%(enrolments)s::bigint[], %(subjects)s::bigint[], %(scored)s::boolean[], %(exempt)s::boolean[],
            %(term_1)s::smallint[], %(term_2)s::smallint[], %(year)s::smallint[], %(reassessed)s::smallint[])
     AS new (e, s, c, x, a, b, y, r)
ON CONFLICT (enrolment_id, class_subject_id) DO UPDATE
SET is_scored = excluded.is_scored, is_exempt = excluded.is_exempt, term_1 = excluded.term_1,
    term_2 = excluded.term_2, year = excluded.year, reassessed = excluded.reassessed
"""
_PUPILS = """
INSERT INTO gradebook_pupilyear
       (organisation_id, enrolment_id, rule_set, study_term_1, study_term_2, study, unadjusted, is_ambiguous,
        conduct_term_1, conduct_term_2, conduct, sessions_absent, outcome, award, missing_term_1, missing_term_2,
        worked_out_at)
SELECT %(organisation)s, e, g, s1, s2, s, u, a, c1, c2, c, n, o, w, m1, m2, %(at)s
FROM unnest(%(enrolments)s::bigint[], %(rule_sets)s::text[], %(study_1)s::smallint[], %(study_2)s::smallint[],
            %(study)s::smallint[], %(unadjusted)s::smallint[], %(ambiguous)s::boolean[], %(conduct_1)s::smallint[],
            %(conduct_2)s::smallint[], %(conduct)s::smallint[], %(absent)s::smallint[], %(outcomes)s::text[],
            %(awards)s::text[], %(missing_1)s::smallint[], %(missing_2)s::smallint[])
     AS new (e, g, s1, s2, s, u, a, c1, c2, c, n, o, w, m1, m2)
ON CONFLICT (enrolment_id) DO UPDATE
SET rule_set = excluded.rule_set, study_term_1 = excluded.study_term_1, study_term_2 = excluded.study_term_2,
    study = excluded.study, unadjusted = excluded.unadjusted, is_ambiguous = excluded.is_ambiguous,
    conduct_term_1 = excluded.conduct_term_1, conduct_term_2 = excluded.conduct_term_2, conduct = excluded.conduct,
    sessions_absent = excluded.sessions_absent, outcome = excluded.outcome, award = excluded.award,
    missing_term_1 = excluded.missing_term_1, missing_term_2 = excluded.missing_term_2,
    worked_out_at = excluded.worked_out_at
"""


@dataclass(slots=True)
class _Sheet:
    """What is recorded of the pupils in question, by enrolment or person and subject."""

    terms: dict[tuple[int, int], list[int | None]]  # (enrolment, subject) -> [term 1, term 2]
    exempt: set[tuple[int, int]]  # (enrolment, class-subject)
    reassessed: dict[tuple[int, int], int | None]
    recorded: dict[int, Recorded]
    electives: set[tuple[int, int]]
    #: subject and grade -> whether it is scored; a subject without a mode does not count
    scored: dict[tuple[int, int], bool]
    rules: dict[int, RuleSet | None]
    offered: Mapping[int, list[OfferedSubject]] = field(default_factory=dict)


@dataclass(slots=True)
class WorkedOut:
    """One pupil's year, ready to be stored."""

    enrolment_id: int
    rules: RuleSet
    subjects: list[SubjectTerms]
    recorded: Recorded
    year: YearOfPupil


def settle(school_year: SchoolYear, enrolment_ids: Sequence[int] | None, at: datetime) -> int:
    """Work out and store the year of these pupils, of the whole school for None. Returns how many there were.

    The last stay in a class carries the year; results of earlier stays in it are taken along by subject.

    cost  twelve statements and one for each grade, however many pupils
    """
    roll = (
        schools.roll_of_year(school_year.id)
        if enrolment_ids is None
        else schools.roll_of_people(school_year.id, enrolment_ids)
    )
    found = worked_out(school_year, roll)
    if found:
        _store(school_year.organisation_id, found, at)
    return len(found)


def worked_out(school_year: SchoolYear, roll: Sequence[RollLine]) -> list[WorkedOut]:
    """The year of everybody on the roll who is in a grade with marks. Ten statements and one for each grade."""
    if not roll:
        return []
    sheet = _read(school_year, roll)
    stays: dict[int, list[RollLine]] = defaultdict(list)
    for line in roll:
        stays[line.person_id].append(line)
    return [pupil for lines in stays.values() if (pupil := _pupil(lines, sheet))]


def _pupil(stays: Sequence[RollLine], sheet: _Sheet) -> WorkedOut | None:
    last = stays[-1]
    rules = sheet.rules[last.grade]
    if rules is None:
        return None
    subjects = [
        _subject(offered, stays, is_scored, sheet)
        for offered in sheet.offered.get(last.school_class_id, ())
        if (is_scored := sheet.scored.get((offered.subject_id, last.grade))) is not None
        and (not offered.is_elective or (last.enrolment_id, offered.class_subject_id) in sheet.electives)
    ]
    recorded = sheet.recorded.get(last.enrolment_id, _NOTHING)
    for earlier in stays[:-1]:
        recorded = _with_earlier(recorded, sheet.recorded.get(earlier.enrolment_id, _NOTHING))
    return WorkedOut(last.enrolment_id, rules, subjects, recorded, year_of_pupil(subjects, recorded, rules))


_NOTHING = Recorded()
_EMPTY: list[int | None] = [None, None]
_EMPTY_LEVELS: list[Level | None] = [None, None]


def _subject(offered: OfferedSubject, stays: Sequence[RollLine], is_scored: bool, sheet: _Sheet) -> SubjectTerms:
    key = (stays[-1].enrolment_id, offered.class_subject_id)
    term_1, term_2 = sheet.terms.get((key[0], offered.subject_id), _EMPTY)
    for earlier in stays[-2::-1] if len(stays) > 1 else ():
        before = sheet.terms.get((earlier.enrolment_id, offered.subject_id), _EMPTY)
        term_1 = before[0] if term_1 is None else term_1
        term_2 = before[1] if term_2 is None else term_2
    again = sheet.reassessed.get(key)
    awaits = again is None and key in sheet.reassessed
    return SubjectTerms(key[1], is_scored, term_1, term_2, key in sheet.exempt, again, awaits)


def _with_earlier(recorded: Recorded, before: Recorded) -> Recorded:
    """A pupil who moved within the school keeps the conduct of the former class; absences add up."""
    absent = [number for number in (recorded.sessions_absent, before.sessions_absent) if number is not None]
    return Recorded(
        before.conduct_term_1 if recorded.conduct_term_1 is None else recorded.conduct_term_1,
        before.conduct_term_2 if recorded.conduct_term_2 is None else recorded.conduct_term_2,
        sum(absent) if absent else None,
        recorded.trained,
        recorded.decided,
    )


def _read(school_year: SchoolYear, roll: Sequence[RollLine]) -> _Sheet:
    enrolments = [line.enrolment_id for line in roll]
    offered: dict[int, list[OfferedSubject]] = defaultdict(list)
    for subject in schools.offered_subjects(sorted({line.school_class_id for line in roll})):
        offered[subject.school_class_id].append(subject)
    electives = [
        subject.class_subject_id for of_class in offered.values() for subject in of_class if subject.is_elective
    ]
    grades = sorted({line.grade for line in roll})
    return _Sheet(
        terms=_terms(school_year, enrolments),
        exempt=set(year_rows.exemptions(enrolments, school_year.ends_on)),
        reassessed=_reassessed(enrolments),
        recorded=_recorded(school_year, enrolments),
        electives=schools.elective_choices(electives) if electives else set(),
        scored={
            (plan.subject_id, grade): plan.mode == SubjectGrade.Mode.SCORE
            for grade in grades
            for plan in curriculum.subjects_in(grade, school_year.starts_on)
            if plan.mode in (SubjectGrade.Mode.SCORE, SubjectGrade.Mode.COMMENT) and plan.block != "topic"
        },
        rules={grade: rule_set_for(grade, school_year.starts_on) for grade in grades},
        offered=offered,
    )


def _terms(school_year: SchoolYear, enrolments: Sequence[int]) -> dict[tuple[int, int], list[int | None]]:
    """Results of the terms by enrolment and subject; what another school sent stands where ours has nothing."""
    found: dict[tuple[int, int], list[int | None]] = {}
    for enrolment, subject, number, mean, passed in (
        *year_rows.received(school_year.id, enrolments),
        *year_rows.term_results(school_year.id, enrolments),
    ):
        result = mean if passed is None else (PASSED if passed else FAILED)
        if result is not None:
            found.setdefault((enrolment, subject), [None, None])[number - 1] = result
    return found


def _reassessed(enrolments: Sequence[int]) -> dict[tuple[int, int], int | None]:
    return {
        (enrolment, subject): tenths if passed is None else (PASSED if passed else FAILED)
        for enrolment, subject, tenths, passed in year_rows.reassessments(enrolments)
    }


def _recorded(school_year: SchoolYear, enrolments: Sequence[int]) -> dict[int, Recorded]:
    levels: dict[int, list[Level | None]] = {}
    counted: dict[int, int] = {}
    for enrolment, number, level, absent in year_rows.conducts(school_year.id, enrolments):
        levels.setdefault(enrolment, [None, None])[number - 1] = None if level is None else Level(level)
        if absent is not None:
            counted[enrolment] = counted.get(enrolment, 0) + absent
    counted.update(_sessions_absent(enrolments, school_year.starts_on, school_year.ends_on))
    trained = dict(year_rows.trainings(enrolments))
    decided = dict(year_rows.decisions(enrolments))
    return {
        enrolment: Recorded(
            conduct_term_1=levels.get(enrolment, _EMPTY_LEVELS)[0],
            conduct_term_2=levels.get(enrolment, _EMPTY_LEVELS)[1],
            sessions_absent=counted.get(enrolment),
            trained=trained.get(enrolment),
            decided=Level(decided[enrolment]) if enrolment in decided else None,
        )
        for enrolment in {*levels, *counted, *trained, *decided}
    }


def _sessions_absent(enrolments: Sequence[int], first: date, last: date) -> Mapping[int, int]:
    return extensions.sessions_absent.filling(enrolments, first, last)


def _store(organisation_id: int, pupils: Sequence[WorkedOut], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, _subject_values(organisation_id, pupils))
        cursor.execute(_PUPILS, _pupil_values(organisation_id, pupils, at))


def _subject_values(organisation_id: int, pupils: Sequence[WorkedOut]) -> dict[str, Any]:
    rows = [
        (pupil.enrolment_id, subject, year)
        for pupil in pupils
        for subject, year in zip(pupil.subjects, pupil.year.subjects, strict=True)
    ]
    return {
        "organisation": organisation_id,
        "enrolments": [enrolment for enrolment, _, _ in rows],
        "subjects": [subject.class_subject_id for _, subject, _ in rows],
        "scored": [subject.is_scored for _, subject, _ in rows],
        "exempt": [subject.is_exempt for _, subject, _ in rows],
        "term_1": [subject.term_1 for _, subject, _ in rows],
        "term_2": [subject.term_2 for _, subject, _ in rows],
        "year": [year for _, _, year in rows],
        "reassessed": [subject.reassessed for _, subject, _ in rows],
    }


def _pupil_values(organisation_id: int, pupils: Sequence[WorkedOut], at: datetime) -> dict[str, Any]:
    years = [pupil.year for pupil in pupils]
    recorded = [pupil.recorded for pupil in pupils]
    return {
        "organisation": organisation_id,
        "at": at,
        "enrolments": [pupil.enrolment_id for pupil in pupils],
        "rule_sets": [pupil.rules.code for pupil in pupils],
        "study_1": [year.study_term_1 for year in years],
        "study_2": [year.study_term_2 for year in years],
        "study": [year.study for year in years],
        "unadjusted": [year.unadjusted for year in years],
        "ambiguous": [year.is_ambiguous for year in years],
        "conduct_1": [of.conduct_term_1 for of in recorded],
        "conduct_2": [of.conduct_term_2 for of in recorded],
        "conduct": [year.conduct for year in years],
        "absent": [of.sessions_absent for of in recorded],
        "outcomes": [year.outcome.value if year.outcome else "" for year in years],
        "awards": [str(year.award) for year in years],
        "missing_1": [year.missing_term_1 for year in years],
        "missing_2": [year.missing_term_2 for year in years],
    }
