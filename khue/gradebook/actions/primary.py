"""What a primary class teacher and the head do with the levels of a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.gradebook import queries
from khue.gradebook.access import Permission, refuse_unless_leading
from khue.gradebook.guards import refuse_if_approved, refuse_others
from khue.gradebook.models import PrimaryAssessment, PrimaryYear, Remark
from khue.gradebook.primary import YearLevel
from khue.gradebook.primary_items import CODE, END_OF_YEAR, MOMENTS, Item, has_test, read_level, year_of
from khue.gradebook.refusals import AwardNotDue, NotAPrimaryEntry, NothingToDecide, ReasonNeeded
from khue.schools.models import Enrolment, SchoolClass

LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class TypedAssessment:
    """What a teacher typed of one pupil in one item: T, H, C or Đ, and the test from 1 to 10. "" is nothing."""

    enrolment_id: int
    item: str
    level: str
    test: str = ""


#: Level and test by enrolment id and item.
Meant = Mapping[tuple[int, str], tuple[int | None, int | None]]


@transaction.atomic
def record_assessments(
    *,
    actor: Actor,
    school_class: SchoolClass,
    moment: int,
    typed: Sequence[TypedAssessment],
    remarks: dict[int, str],
    at: datetime,
) -> None:
    """Enter levels, tests and remarks of pupils of a primary class at one of the four moments.

    remarks  by enrolment id
    refuses  NotAPrimaryEntry for what is no level, or no whole mark from 1 to 10; ResultsStand once approved
    source   TT 27/2020/TT-BGDĐT, Điều 7
    """
    require(actor, Permission.CLASS_WRITE, within=school_class)
    refuse_unless_leading(actor, school_class)
    refuse_if_approved(school_class)
    items = {item.code: item for item in queries.items_of(school_class)}
    if moment not in dict(MOMENTS) or any(one.item not in items for one in typed):
        raise NotFound
    pupils = {one.enrolment_id for one in typed} | set(remarks)
    refuse_others(school_class, pupils, queries.day_of(school_class))
    kept = {
        (row.enrolment_id, row.item): (row.level, row.test)
        for row in PrimaryAssessment.objects.filter(enrolment_id__in=pupils, moment=moment)
    }
    meant = {(one.enrolment_id, one.item): _meaning(items[one.item], one, school_class.grade, moment) for one in typed}
    changed = {key: new for key, new in meant.items() if kept.get(key, (None, None)) != new}
    _keep(actor, school_class, moment, changed, at)
    _keep_remarks(actor, school_class, moment, remarks, at)
    changes = [[*key, kept.get(key), new] for key, new in changed.items()]
    audit.record(actor, "assessments.recorded", school_class, moment=moment, entries=changes, remarks=len(remarks))
    if moment == END_OF_YEAR:
        _settle(school_class, list(items.values()), at)


def _keep(actor: Actor, school_class: SchoolClass, moment: int, meant: Meant, at: datetime) -> None:
    PrimaryAssessment.objects.bulk_create(
        [
            PrimaryAssessment(
                organisation_id=school_class.organisation_id, enrolment_id=pupil, moment=moment, item=item, level=level,
                test=test, recorded_at=at, recorded_by_id=actor.account_id,
            )
            for (pupil, item), (level, test) in meant.items()
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "moment", "item"],
        update_fields=["level", "test", "recorded_at", "recorded_by_id"],
    )  # fmt: skip


def _meaning(item: Item, typed: TypedAssessment, grade: int, moment: int) -> tuple[int | None, int | None]:
    text = typed.test.strip() if has_test(item, grade, moment) else ""
    try:
        level = read_level(item, typed.level)
        test = int(text) if text else None
    except ValueError:
        raise NotAPrimaryEntry(typed=f"{typed.level} {typed.test}".strip()[:20]) from None
    if test is not None and not 1 <= test <= 10:
        raise NotAPrimaryEntry(typed=text[:20])
    return level, test


def _keep_remarks(actor: Actor, school_class: SchoolClass, moment: int, remarks: dict[int, str], at: datetime) -> None:
    Remark.objects.bulk_create(
        [
            Remark(
                organisation_id=school_class.organisation_id, enrolment_id=pupil, moment=moment, item="", text=text,
                written_at=at, written_by_id=actor.account_id,
            )
            for pupil, text in remarks.items()
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "moment", "item"],
        update_fields=["text", "written_at", "written_by_id"],
    )  # fmt: skip


def _settle(school_class: SchoolClass, items: list[Item], at: datetime) -> None:
    """Work out the year of every pupil of the class. Three statements."""
    pupils = [pupil.enrolment_id for pupil in queries.members_of(school_class)]
    levels: dict[int, dict[str, int | None]] = {pupil: {} for pupil in pupils}
    tests: dict[int, dict[str, int | None]] = {pupil: {} for pupil in pupils}
    for row in PrimaryAssessment.objects.filter(enrolment_id__in=pupils, moment=END_OF_YEAR):
        levels[row.enrolment_id][row.item] = row.level
        tests[row.enrolment_id][row.item] = row.test
    years = {pupil: year_of(items, school_class.grade, levels[pupil], tests[pupil]) for pupil in pupils}
    PrimaryYear.objects.bulk_create(
        [
            PrimaryYear(
                organisation_id=school_class.organisation_id, enrolment_id=pupil, rule_set=CODE, level=level,
                missing=missing, award="excellent" if level == YearLevel.EXCELLENT else "", worked_out_at=at,
            )
            for pupil, (level, missing) in years.items()
        ],
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["rule_set", "level", "missing", "award", "worked_out_at"],
    )  # fmt: skip


@transaction.atomic
def name_outstanding(*, actor: Actor, enrolment: Enrolment, reason: str) -> None:
    """Name a pupil "Học sinh tiêu biểu", as the class has voted.

    reason   the outstanding achievement or the progress
    refuses  AwardNotDue unless the year is Hoàn thành tốt, ReasonNeeded
    source   TT 27/2020/TT-BGDĐT, Điều 13
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    refuse_if_approved(enrolment.school_class)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded
    due = PrimaryYear.objects.filter(enrolment=enrolment, level=YearLevel.WELL_COMPLETED)
    if not due.update(award="outstanding", award_reason=reason.strip()):
        raise AwardNotDue
    audit.record(actor, "award.given", enrolment, reason=reason.strip())


@transaction.atomic
def decide_promotion(*, actor: Actor, enrolment: Enrolment, promoted: bool, reason: str) -> None:
    """The head decides whether a pupil who has not completed the year, after further support, moves up.

    refuses  NothingToDecide unless the year is Chưa hoàn thành, ReasonNeeded
    source   TT 27/2020/TT-BGDĐT, Điều 11
    """
    require(actor, Permission.YEAR_DECIDE, within=enrolment)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded
    open_years = PrimaryYear.objects.filter(enrolment=enrolment, level=YearLevel.NOT_COMPLETED)
    if not open_years.update(promoted=promoted, decision_reason=reason.strip()):
        raise NothingToDecide
    audit.record(actor, "promotion.decided", enrolment, promoted=promoted, reason=reason.strip())
