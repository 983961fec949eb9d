"""A primary class at one of the four moments of its year, and what its pupils' years come to. Nobody is ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.curriculum import queries as curriculum
from khue.gradebook.models import PrimaryAssessment, PrimaryYear, Remark
from khue.gradebook.primary_items import COMPETENCES, QUALITIES, Item, has_test, shown_level, specific_competences
from khue.gradebook.queries.years import members_of
from khue.schools import queries as schools
from khue.schools.models import SchoolClass


def items_of(school_class: SchoolClass) -> list[Item]:
    """What a primary class is assessed in: its subjects, then qualities, general and specific competences. Two queries.

    A subject of which the programme says nothing for the grade is left out.
    """
    day = school_class.school_year.starts_on
    plans = {plan.subject_id: plan for plan in curriculum.subjects_in(school_class.grade, day)}
    offered = [line.subject_id for line in schools.offered_subjects([school_class.id])]
    subjects = [
        Item(plan.subject.code, plan.subject.name, "subject", plan.mode == "level_test")
        for subject_id in offered
        if (plan := plans.get(subject_id)) is not None
    ]
    return [*subjects, *QUALITIES, *COMPETENCES, *specific_competences(school_class.grade)]


def tested_items(items: Sequence[Item], grade: int, moment: int) -> set[str]:
    """The codes of the items that have a periodic test at a moment."""
    return {item.code for item in items if has_test(item, grade, moment)}


@dataclass(frozen=True, slots=True)
class PrimaryRow:
    """One pupil at one moment, as shown and typed again: levels and tests in the order of the items."""

    enrolment_id: int
    enrolment: UUID
    full_name: str
    levels: list[str]
    tests: list[str | None]
    remark: str
    year: PrimaryYear | None


def primary_rows(
    school_class: SchoolClass, items: Sequence[Item], moment: int, *, with_remarks: bool = False
) -> list[PrimaryRow]:
    """The pupils of a class from `result_class_of` at a moment. At most four queries, however many pupils.

    with_remarks  whether the class teacher's words are wanted too; they stay empty otherwise
    """
    pupils = members_of(school_class)
    ids = [pupil.enrolment_id for pupil in pupils]
    kept = {
        (row.enrolment_id, row.item): row
        for row in PrimaryAssessment.objects.filter(enrolment_id__in=ids, moment=moment)
    }
    said = Remark.objects.filter(enrolment_id__in=ids, moment=moment, item="")
    remarks = dict(said.values_list("enrolment_id", "text")) if with_remarks else {}
    years = {year.enrolment_id: year for year in PrimaryYear.objects.filter(enrolment_id__in=ids)}
    rows = []
    for pupil in pupils:
        found = [kept.get((pupil.enrolment_id, item.code)) for item in items]
        levels = ["" if one is None else shown_level(item, one.level) for item, one in zip(items, found, strict=True)]
        tests = [
            (str(one.test) if one and one.test else "") if has_test(item, school_class.grade, moment) else None
            for item, one in zip(items, found, strict=True)
        ]
        rows.append(
            PrimaryRow(
                pupil.enrolment_id, pupil.enrolment_public_id, pupil.full_name, levels, tests,
                remarks.get(pupil.enrolment_id, ""), years.get(pupil.enrolment_id),
            )
        )  # fmt: skip
    return rows
