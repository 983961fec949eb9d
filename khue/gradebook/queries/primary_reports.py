"""A primary pupil's whole year: four moments side by side, for the family and on paper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.gradebook import labels
from khue.gradebook.models import PrimaryAssessment, PrimaryYear, Remark
from khue.gradebook.primary_items import MOMENTS, Item, has_test, shown_level
from khue.gradebook.queries.primary import items_of
from khue.schools.models import SchoolClass
from khue.schools.queries import Member


@dataclass(frozen=True, slots=True)
class PrimaryLine:
    """One item at the four moments: (level, test), each as shown."""

    name: str
    kind: str
    moments: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PrimaryReport:
    """One pupil's year.

    remarks   the class teacher's words with the name of the moment
    level     what the year comes to; that it is still open
    outcome   what the head decided after further support; empty where the level alone moves the pupil up
    """

    enrolment: UUID
    full_name: str
    lines: list[PrimaryLine]
    remarks: list[tuple[str, str]]
    level: str
    award: str
    outcome: str


def primary_reports_of(school_class: SchoolClass, pupils: Sequence[Member]) -> list[PrimaryReport]:
    """The years of pupils of one primary class. Five queries, however many pupils."""
    items = items_of(school_class)
    ids = [pupil.enrolment_id for pupil in pupils]
    kept: dict[int, dict[tuple[str, int], PrimaryAssessment]] = defaultdict(dict)
    for row in PrimaryAssessment.objects.filter(enrolment_id__in=ids):
        kept[row.enrolment_id][row.item, row.moment] = row
    said: dict[int, dict[int, str]] = defaultdict(dict)
    for remark in Remark.objects.filter(enrolment_id__in=ids, item="").exclude(text=""):
        said[remark.enrolment_id][remark.moment] = remark.text
    years = {year.enrolment_id: year for year in PrimaryYear.objects.filter(enrolment_id__in=ids)}
    return [
        _report(pupil, school_class.grade, items, kept[pupil.enrolment_id], said[pupil.enrolment_id], years)
        for pupil in pupils
    ]


def _report(
    pupil: Member,
    grade: int,
    items: Sequence[Item],
    kept: dict[tuple[str, int], PrimaryAssessment],
    said: dict[int, str],
    years: dict[int, PrimaryYear],
) -> PrimaryReport:
    lines = [
        PrimaryLine(
            str(item.name),
            item.kind,
            [_shown(item, grade, moment, kept.get((item.code, moment))) for moment, _ in MOMENTS],
        )
        for item in items
    ]
    year = years.get(pupil.enrolment_id)
    promoted = year.promoted if year else None
    return PrimaryReport(
        pupil.enrolment_public_id,
        pupil.full_name,
        lines,
        [(str(name), said[moment]) for moment, name in MOMENTS if moment in said],
        labels.year_level(year.level if year else None),
        labels.primary_award(year.award if year else ""),
        "" if promoted is None else labels.outcome("promoted" if promoted else "repeat"),
    )


def _shown(item: Item, grade: int, moment: int, row: PrimaryAssessment | None) -> tuple[str, str]:
    level = shown_level(item, row.level) if row else ""
    test = str(row.test) if row and row.test and has_test(item, grade, moment) else ""
    return level, test
