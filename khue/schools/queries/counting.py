"""People of a school as they are counted for a province and a country: rows without names."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from khue.foundation.compiled import compiled
from khue.schools import access
from khue.schools.models import Connection, Device, Enrolment, LearnerMeans, SchoolClass, StaffMember
from khue.schools.queries.class_lists import class_order
from khue.schools.queries.means import ADEQUATE, TEACHING

#: A number that is this person's alone: of the state, or of the Ministry.
HAS_CODE = Q(person__national_id__isnull=False) | Q(person__moet_code__isnull=False)
CODED = Case(When(HAS_CODE, then=Value(True)), default=Value(False))

#: Codes of the national lists (domain §1.8, §11.1).
MALE, FEMALE, KINH = "1", "2", "01"

_COUNTS = ("classes", "pupils", "girls", "sex_unknown", "minority", "ethnicity_unknown")

COMPUTERS = (Device.Kind.COMPUTER, Device.Kind.LAPTOP, Device.Kind.TABLET)


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Somebody who learns or teaches at a school on a day; None for a class and grade a teacher does not have."""

    person: int
    school_class: int | None
    grade: int | None
    is_pupil: bool
    has_code: bool
    has_device: bool | None
    has_connection: bool | None
    has_software: bool | None


def person_facts(organisation_id: int, on: date) -> Iterator[PersonFact]:
    """Pupils, then teachers of one school. Three queries."""
    nothing = (None, None, None)
    answers = LearnerMeans.objects.filter(organisation_id=organisation_id)
    means = {
        row[0]: row[1:] for row in answers.values_list("person_id", "has_device", "has_connection", "has_software")
    }
    pupils = _pupils(organisation_id, on).annotate(has_code=CODED).order_by("school_class_id", "id")
    for person, school_class, grade, has_code in pupils.values_list(
        "person_id", "school_class_id", "school_class__grade", "has_code"
    ):
        yield PersonFact(person, school_class, grade, True, has_code, *means.get(person, nothing))
    teachers = _teachers(organisation_id, on).annotate(has_code=CODED).order_by("id")
    for person, has_code in teachers.values_list("person_id", "has_code"):
        yield PersonFact(person, None, None, False, has_code, *means.get(person, nothing))


def count_codes(organisation_id: int, on: date) -> tuple[int, int]:
    """How many pupils and teachers have a number of their own, of how many (indicator B2). Two queries."""
    found = [
        rows.aggregate(has=Count("id", filter=HAS_CODE), all=Count("id"))
        for rows in (_pupils(organisation_id, on), _teachers(organisation_id, on))
    ]
    return sum(row["has"] for row in found), sum(row["all"] for row in found)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """What indicators of people come to in one class on a day."""

    school_class: SchoolClass
    pupils: int
    with_code: int
    answered: int
    adequate: int


def count_by_class(organisation_id: int, on: date) -> list[ClassCount]:
    """Every class with pupils, 6A2 before 6A10: how many have a number, have answered, have all they need online.

    Two queries.
    """
    numbers = {key: amounts for key, *amounts in _counts(organisation_id, on)}
    return [ClassCount(row, *numbers[row.id]) for row in sorted(_classes(list(numbers)), key=class_order)]


@compiled
def _counts(organisation_id: int, on: date) -> "QuerySet[Enrolment, Any]":
    answers = LearnerMeans.objects.filter(organisation_id=organisation_id)
    answered, adequate = answers.values("person_id"), answers.filter(ADEQUATE).values("person_id")
    counts = (
        _pupils(organisation_id, on)
        .order_by()
        .values("school_class_id")
        .annotate(
            pupils=Count("id"),
            with_code=Count("id", filter=HAS_CODE),
            answered=Count("id", filter=Q(person_id__in=answered)),
            adequate=Count("id", filter=Q(person_id__in=adequate)),
        )
    )
    return counts.values_list("school_class_id", "pupils", "with_code", "answered", "adequate")


@compiled
def _classes(class_ids: Collection[int]) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(id__in=class_ids)


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Pupils and classes with pupils of one grade on a day, for statistics.

    minority  whose ethnicity is known and is not Kinh
    """

    grade: int
    classes: int
    pupils: int
    girls: int
    sex_unknown: int
    minority: int
    ethnicity_unknown: int


def count_by_grade(organisation_id: int, on: date) -> list[GradeCount]:
    """Every grade of a school that has pupils, the lowest first. One query."""
    unknown = Q(person__ethnicity="")
    counted = (
        _pupils(organisation_id, on)
        .order_by("school_class__grade")
        .values("school_class__grade")
        .annotate(
            classes=Count("school_class_id", distinct=True),
            pupils=Count("id"),
            girls=Count("id", filter=Q(person__sex=FEMALE)),
            sex_unknown=Count("id", filter=~Q(person__sex__in=(MALE, FEMALE))),
            minority=Count("id", filter=~unknown & ~Q(person__ethnicity=KINH)),
            ethnicity_unknown=Count("id", filter=unknown),
        )
    )
    return [GradeCount(*row) for row in counted.values_list("school_class__grade", *_COUNTS)]


def _pupils(organisation_id: int, on: date) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(access.in_force(on), organisation_id=organisation_id)


def _teachers(organisation_id: int, on: date) -> QuerySet[StaffMember]:
    return StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id, position__in=TEACHING)


def count_in_classes(organisation_id: int, on: date, person_ids: Any) -> dict[int, int]:
    """How many of these people are in each class, by class. One query.

    person_ids  ids, or a query of them
    """
    rows = _pupils(organisation_id, on).filter(person_id__in=person_ids).order_by()
    return dict(rows.values_list("school_class_id").annotate(Count("id")))


def without_device(organisation_id: int) -> "QuerySet[LearnerMeans, Any]":
    """People of a school who said that they have no device, as person ids for use inside other queries."""
    return LearnerMeans.objects.filter(organisation_id=organisation_id, has_device=False).values("person_id")


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the books of a school name; what they do not name may be there all the same."""

    has_computers: bool
    has_line: bool


def equipment_of(organisation_id: int) -> Equipment:
    """Whether a school has computers and a line to the Internet, by its inventory. Two queries."""
    kept = {"organisation_id": organisation_id, "retired_on": None}
    return Equipment(
        has_computers=Device.objects.filter(kind__in=COMPUTERS, **kept).exists(),
        has_line=Connection.objects.filter(**kept).exists(),
    )


def has_disabled_pupils(organisation_id: int, on: date) -> bool:
    """Whether the file of somebody who learns here says so. One query."""
    return _pupils(organisation_id, on).filter(person__is_disabled=True).exists()
