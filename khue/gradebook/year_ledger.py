"""One pupil's year from what is recorded: the results of the terms, conduct, summer. Pure, for a whole school at once.

A commented subject stands on the same scale as a scored one: 100 is Đạt, 0 is Chưa đạt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from khue.gradebook.means import year_mean
from khue.gradebook.rule_sets import Level, RuleSet
from khue.gradebook.year_results import Outcome, StudyLevel, award, outcome, study_level, year_conduct

PASSED, FAILED = 100, 0


@dataclass(frozen=True, slots=True)
class SubjectTerms:
    """One subject of one pupil as recorded.

    term_1, term_2        result of the term; None while there is none
    reassessed            result after summer; None while there is none
    awaits_reassessment   the pupil is put down for it and it has not been held
    """

    class_subject_id: int
    is_scored: bool
    term_1: int | None = None
    term_2: int | None = None
    is_exempt: bool = False
    reassessed: int | None = None
    awaits_reassessment: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What else is recorded of one pupil's year.

    sessions_absent  None where nobody counts
    trained          whether the task of the summer was completed; None while there is none or it is not judged
    decided          the level a person chose where the circular is ambiguous
    """

    conduct_term_1: Level | None = None
    conduct_term_2: Level | None = None
    sessions_absent: int | None = None
    trained: bool | None = None
    decided: Level | None = None


@dataclass(frozen=True, slots=True)
class YearOfPupil:
    """What it all comes to; see models.PupilYear for the meaning of each field."""

    subjects: tuple[int | None, ...]
    study_term_1: Level | None
    study_term_2: Level | None
    study: Level | None
    unadjusted: Level | None
    is_ambiguous: bool
    conduct: Level | None
    outcome: Outcome | None
    award: str
    missing_term_1: int
    missing_term_2: int


def subject_year(subject: SubjectTerms, rules: RuleSet) -> int | None:
    """A subject's result of the year: the mean of the terms, or term 2's in a commented subject.

    source   TT 22/2021/TT-BGDĐT, Điều 9 khoản 1; a result after summer takes its place (Điều 14)
    """
    if subject.reassessed is not None:
        return subject.reassessed
    if subject.is_scored:
        return year_mean(subject.term_1, subject.term_2, rules)
    return subject.term_2


def year_of_pupil(subjects: Sequence[SubjectTerms], recorded: Recorded, rules: RuleSet) -> YearOfPupil:
    """Everything the circular says about one pupil's year, as far as it can be said.

    subjects  those the pupil takes; an exempted one is listed and counts for nothing
    """
    years = tuple(None if subject.is_exempt else subject_year(subject, rules) for subject in subjects)
    counted = [(subject, year) for subject, year in zip(subjects, years, strict=True) if not subject.is_exempt]
    term_1 = _level([(subject.is_scored, subject.term_1) for subject, _ in counted], rules)
    term_2 = _level([(subject.is_scored, subject.term_2) for subject, _ in counted], rules)
    whole = _level([(subject.is_scored, year) for subject, year in counted], rules)
    is_settled = whole is not None and whole.is_ambiguous and recorded.decided is not None
    level = recorded.decided if is_settled else _of(whole)
    conduct = _conduct(recorded, rules)
    return YearOfPupil(
        subjects=years,
        study_term_1=_of(term_1),
        study_term_2=_of(term_2),
        study=level,
        unadjusted=whole.unadjusted if whole else None,
        is_ambiguous=whole is not None and whole.is_ambiguous and not is_settled,
        conduct=conduct,
        outcome=_outcome(level, conduct, recorded, [subject for subject, _ in counted], rules),
        award=_award(level, conduct, counted, recorded, rules),
        missing_term_1=sum(subject.term_1 is None for subject, _ in counted),
        missing_term_2=sum(subject.term_2 is None for subject, _ in counted),
    )


def _of(found: StudyLevel | None) -> Level | None:
    return found.level if found else None


def may_be_reassessed(subject: SubjectTerms, rules: RuleSet) -> bool:
    """Whether a subject is one that a pupil may take again in summer.

    source   TT 22/2021/TT-BGDĐT, Điều 14: a mean of the year below 5,0, or Chưa đạt
    """
    year = subject_year(replace(subject, reassessed=None), rules)
    if year is None or subject.is_exempt:
        return False
    return year < rules.year.reassess_below if subject.is_scored else year == FAILED


def _level(results: Sequence[tuple[bool, int | None]], rules: RuleSet) -> StudyLevel | None:
    """The study level of complete results; None while one is missing or there is no subject at all."""
    means: list[int] = []
    failed = 0
    for is_scored, result in results:
        if result is None:
            return None
        if is_scored:
            means.append(result)
        elif result == FAILED:
            failed += 1
    return study_level(means, failed, rules.year) if results else None


def _conduct(recorded: Recorded, rules: RuleSet) -> Level | None:
    if recorded.conduct_term_1 is None or recorded.conduct_term_2 is None:
        return None
    year = year_conduct(recorded.conduct_term_1, recorded.conduct_term_2, rules.year)
    return Level.MET if year == Level.NOT_MET and recorded.trained else year


def _outcome(
    study: Level | None, conduct: Level | None, recorded: Recorded, subjects: Sequence[SubjectTerms], rules: RuleSet
) -> Outcome | None:
    absent = recorded.sessions_absent
    if absent is not None and absent > rules.year.most_absent:
        return Outcome.REPEAT
    if study is None or conduct is None:
        return None
    result = outcome(conduct=conduct, study=study, absent_sessions=absent or 0, rules=rules.year)
    if result is Outcome.PROMOTED and absent is None:
        return None  # nobody has counted the absences that the third condition asks for
    if result is Outcome.SUMMER_TRAINING and recorded.trained is False:
        return Outcome.REPEAT
    was_reassessed = any(subject.reassessed is not None for subject in subjects)
    if result is Outcome.REASSESS and was_reassessed and not any(subject.awaits_reassessment for subject in subjects):
        return Outcome.REPEAT
    return result


def _award(
    study: Level | None,
    conduct: Level | None,
    counted: Sequence[tuple[SubjectTerms, int | None]],
    recorded: Recorded,
    rules: RuleSet,
) -> str:
    """The title of the year. Whoever had to train or to be assessed again in summer has none."""
    in_summer = recorded.trained is not None or any(subject.reassessed is not None for subject, _ in counted)
    if study is None or conduct is None or in_summer:
        return ""
    means = [year for subject, year in counted if subject.is_scored and year is not None]
    return award(conduct=conduct, study=study, means=means, rules=rules.year) or ""
