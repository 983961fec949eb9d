"""What goes into a pupil's digital transcript: the year as recorded, in values and not in words of a page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from khue.gradebook import labels
from khue.gradebook.models import (
    ClassMeeting,
    PrimaryAssessment,
    PrimaryYear,
    PupilYear,
    Remark,
    SubjectYear,
    TermConduct,
)
from khue.gradebook.primary_items import CODE, END_OF_YEAR, has_test, shown_level
from khue.gradebook.queries.primary import items_of
from khue.schools.models import SchoolClass


@dataclass(frozen=True, slots=True)
class SubjectOfYear:
    """One subject. Results: tenths, 100 and 0 for Đạt and Chưa đạt where it is not scored; None where there is none."""

    code: str
    name: str
    class_subject_id: int
    is_scored: bool
    is_exempt: bool
    term_1: int | None
    term_2: int | None
    year: int | None
    reassessed: int | None
    remark: str


@dataclass(frozen=True, slots=True)
class ItemOfYear:
    """One thing a primary pupil is assessed in at the end of the year. level: "" where it is missing."""

    code: str
    name: str
    kind: str
    level: str
    test: int | None
    needs_test: bool


@dataclass(frozen=True, slots=True)
class YearOfPupil:
    """One pupil's year as the gradebook has it. Levels: 0 to 3, None where something is missing.

    outcome      "promoted", "repeat", or what the year still waits for; "" where it is open
    is_settled   nothing about the year waits for a person: no doubt about a level, the meeting approved
    primary      the level of a primary year instead of study and conduct
    """

    rule_set: str
    subjects: list[SubjectOfYear] = field(default_factory=list)
    items: list[ItemOfYear] = field(default_factory=list)
    study: tuple[int | None, int | None, int | None] = (None, None, None)
    conduct: tuple[int | None, int | None, int | None] = (None, None, None)
    primary: int | None = None
    sessions_absent: int | None = None
    outcome: str = ""
    award: str = ""
    is_settled: bool = False
    missing: int = 0
    remarks: list[tuple[str, str]] = field(default_factory=list)


def years_for_transcripts(school_class: SchoolClass, enrolment_ids: Sequence[int]) -> dict[int, YearOfPupil]:
    """The years of pupils of one class by enrolment. Seven queries at most, however many pupils.

    school_class  from a query of the caller that says who may see it
    Names of subjects and titles are in Vietnamese: the caller overrides the language.
    """
    if school_class.grade <= 5:
        return _primary(school_class, enrolment_ids)
    approved = ClassMeeting.objects.filter(school_class=school_class, approved_at__isnull=False).exists()
    subjects = _subjects(enrolment_ids)
    words: dict[int, list[tuple[str, str]]] = defaultdict(list)
    spoken = TermConduct.objects.filter(enrolment_id__in=enrolment_ids).exclude(comment="").order_by("term__number")
    for pupil, number, comment in spoken.values_list("enrolment_id", "term__number", "comment"):
        words[pupil].append((str(number), comment))
    return {
        year.enrolment_id: YearOfPupil(
            year.rule_set, subjects[year.enrolment_id], [],
            (year.study_term_1, year.study_term_2, year.study),
            (year.conduct_term_1, year.conduct_term_2, year.conduct),
            None, year.sessions_absent, year.outcome, labels.award(year.award),
            approved and not year.is_ambiguous, year.missing_term_1 + year.missing_term_2, words[year.enrolment_id],
        )
        for year in PupilYear.objects.filter(enrolment_id__in=enrolment_ids)
    }  # fmt: skip


def _subjects(enrolment_ids: Sequence[int]) -> dict[int, list[SubjectOfYear]]:
    said = Remark.objects.filter(enrolment_id__in=enrolment_ids, moment=END_OF_YEAR).exclude(item="")
    remarks = {(pupil, item): text for pupil, item, text in said.values_list("enrolment_id", "item", "text")}
    found: dict[int, list[SubjectOfYear]] = defaultdict(list)
    rows = SubjectYear.objects.filter(enrolment_id__in=enrolment_ids).select_related("class_subject__subject")
    for row in rows.order_by("class_subject__subject__order", "class_subject__subject__code", "class_subject_id"):
        subject = row.class_subject.subject
        found[row.enrolment_id].append(
            SubjectOfYear(
                subject.code, subject.name, row.class_subject_id, row.is_scored, row.is_exempt, row.term_1, row.term_2,
                row.year, row.reassessed, remarks.get((row.enrolment_id, subject.code), ""),
            )
        )  # fmt: skip
    return found


def _primary(school_class: SchoolClass, enrolment_ids: Sequence[int]) -> dict[int, YearOfPupil]:
    items = items_of(school_class)
    kept: dict[int, dict[str, PrimaryAssessment]] = defaultdict(dict)
    for row in PrimaryAssessment.objects.filter(enrolment_id__in=enrolment_ids, moment=END_OF_YEAR):
        kept[row.enrolment_id][row.item] = row
    said = Remark.objects.filter(enrolment_id__in=enrolment_ids, moment=END_OF_YEAR, item="").exclude(text="")
    remarks = {remark.enrolment_id: remark.text for remark in said}
    found = {}
    for year in PrimaryYear.objects.filter(enrolment_id__in=enrolment_ids):
        levels = {code: row.level for code, row in kept[year.enrolment_id].items()}
        tests = {code: row.test for code, row in kept[year.enrolment_id].items()}
        moves = year.promoted if year.level == 0 else (True if year.level else None)
        found[year.enrolment_id] = YearOfPupil(
            CODE, [],
            [
                ItemOfYear(
                    item.code, str(item.name), item.kind,
                    shown_level(item, levels.get(item.code)), tests.get(item.code),
                    has_test(item, school_class.grade, END_OF_YEAR),
                )
                for item in items
            ],
            primary=year.level,
            outcome={True: "promoted", False: "repeat", None: ""}[moves],
            award=labels.primary_award(year.award), is_settled=year.level is not None, missing=year.missing,
            remarks=[("", remarks[year.enrolment_id])] if year.enrolment_id in remarks else [],
        )  # fmt: skip
    return found
