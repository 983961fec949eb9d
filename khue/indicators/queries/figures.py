"""Indicators of an organisation, and the rows that made them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from khue.activity import queries as activity
from khue.attendance import queries as attendance
from khue.attendance.models import LessonLog
from khue.foundation import lists
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import first
from khue.indicators.access import Permission
from khue.indicators.catalogue import BY_CODE, CATALOGUE, Indicator
from khue.indicators.counting import PRIMARY, SECONDARY
from khue.indicators.counts import Count, has_reached, percent
from khue.indicators.models import FarFigure, IndicatorCount
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person
from khue.schools import queries as schools
from khue.schools.models import LearnerMeans


@dataclass(frozen=True, slots=True)
class Value:
    """One indicator at one organisation. counted_at: None where nothing was, and where nobody asked when.

    has_far  whether a node below reported it for this organisation; False where nobody asked
    """

    indicator: Indicator
    numerator: int
    denominator: int
    unknown: int
    counted_at: datetime | None = None
    has_far: bool = False

    @property
    def count(self) -> Count:
        return Count(self.numerator, self.denominator, self.unknown)

    @property
    def percent(self) -> Decimal | None:
        """None while nothing is known; nothing is never zero."""
        return percent(self.count)

    @property
    def has_reached(self) -> bool:
        return has_reached(self.count, self.indicator.target_2025)

    @property
    def is_known(self) -> bool:
        """Whether anybody was counted, be it as unknown."""
        return bool(self.denominator or self.unknown)

    @property
    def away(self) -> Decimal | None:
        """How many points of a hundred are missing to the target; None while either is unknown, 0 at or above it."""
        target, share = self.indicator.target_2025, self.percent
        return None if target is None or share is None else max(Decimal(0), target - share)

    @property
    def tone(self) -> str:
        """How it stands to its target: "good" at it, "soon" half-way, "late" below, "" where either is unknown."""
        target, share = self.indicator.target_2025, self.percent
        if target is None or share is None:
            return ""
        return "good" if self.has_reached else "soon" if 2 * share >= target else "late"


@dataclass(frozen=True, slots=True)
class PersonBehind:
    """A person behind A1, A2 or B2, with what that indicator counts.

    says  what is known: True, False or None, by "device", "line", "software"
    days  on how many days the person learnt online
    """

    person: UUID
    full_name: str
    says: dict[str, bool | None]
    days: int
    has_code: bool

    @property
    def has_answered(self) -> bool:
        return any(said is not None for said in self.says.values())


def school_year_of(on: date) -> str:
    """The school year a day belongs to: from July on the one that begins that summer."""
    first = on.year if on.month >= 7 else on.year - 1
    return f"{first}-{first + 1}"


def readable_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Organisations whose indicators the actor may read. One query; page it before use."""
    places = actor.organisations(Permission.INDICATOR_READ)
    rows = registry.visible_organisations(actor)
    return rows if places is None else rows.filter(id__in=places)


def organisation_of(actor: Actor, public_id: UUID) -> Organisation:
    """Raises NotFound, also when it exists but its indicators are not the actor's to read."""
    return first(_readable(actor, public_id))


@compiled
def _readable(actor: Actor, public_id: UUID) -> QuerySet[Organisation]:
    return readable_organisations(actor).filter(public_id=public_id)


def own_organisation(actor: Actor) -> Organisation:
    """The highest organisation whose indicators the actor reads. Raises NotFound to one who reads none."""
    return first(_highest(actor) if actor.may(Permission.INDICATOR_READ) else [])


@compiled
def _highest(actor: Actor) -> QuerySet[Organisation]:
    return readable_organisations(actor).order_by("lineage")[:1]


def values_of(organisation: Organisation, year: str) -> list[Value]:
    """Every indicator of the catalogue at an organisation from `organisation_of`. One query."""
    found = {code: count for code, *count in _counts(organisation.id, year)}
    return [value_from(indicator, found.get(indicator.code)) for indicator in CATALOGUE]


@compiled
def _counts(organisation_id: int, year: str) -> QuerySet[IndicatorCount, tuple[str, int, int, int, datetime, bool]]:
    rows = IndicatorCount.objects.filter(organisation_id=organisation_id, school_year=year)
    reported = FarFigure.objects.filter(organisation_id=organisation_id, code=OuterRef("code"), school_year=year)
    rows = rows.annotate(has_far=Exists(reported))
    return rows.values_list("code", "numerator", "denominator", "unknown", "counted_at", "has_far")


def value_from(indicator: Indicator, count: Sequence[Any] | None) -> Value:
    """A value from the columns of `_counts` behind the code, or the first three; None where nothing was counted."""
    return Value(indicator, *(count or (0, 0, 0)))


def indicator_of(code: str) -> Indicator:
    """A computed indicator by its code. Raises NotFound for any other."""
    found = BY_CODE.get(code)
    if found is None or not found.is_computed:
        raise NotFound
    return found


def people_behind(actor: Actor, organisation: Organisation, school_class: int | None, on: date) -> QuerySet[Person]:
    """The pupils of a class, or who teaches or leads at the school, whom the actor may see. One query; page it.

    school_class  None for those who teach or lead
    """
    return _behind(actor, organisation.id, school_class, on)


def first_people_behind(actor: Actor, organisation: Organisation, school_class: int | None, on: date) -> list[Person]:
    """The first of them in name order, one more than a page has. One query."""
    return _first_behind(actor, organisation.id, school_class, on)


@compiled
def _first_behind(actor: Actor, organisation_id: int, school_class: int | None, on: date) -> QuerySet[Person]:
    return _behind(actor, organisation_id, school_class, on)[: lists.PAGE_SIZE + 1]


def _behind(actor: Actor, organisation_id: int, school_class: int | None, on: date) -> QuerySet[Person]:
    if school_class is None:
        behind: Any = schools.teachers_at(organisation_id, on)
    else:
        behind = schools.pupils_at(organisation_id, on).filter(school_class_id=school_class)
    return registry.visible_people(actor, on).filter(id__in=behind).order_by("sort_key", "id")


def first_day(organisation: Organisation, on: date) -> date:
    """When the school year of a school began; the day itself where it has none. One query."""
    year = schools.school_year_on(organisation.id, on)
    return year.starts_on if year else on


def described(
    organisation: Organisation, code: str, people: Sequence[Person], since: date, on: date
) -> list[PersonBehind]:
    """What an indicator counted of a page of people. At most one query."""
    ids = [person.id for person in people]
    means = schools.means_of(organisation.id, ids) if code == "A1" else {}
    days = activity.active_days(ids, since, on) if code == "A2" else {}
    return [_described(person, means.get(person.id), days.get(person.id, 0)) for person in people]


def _described(person: Person, means: LearnerMeans | None, days: int) -> PersonBehind:
    says: dict[str, bool | None] = {"device": None, "line": None, "software": None}
    if means is not None:
        says = {"device": means.has_device, "line": means.has_connection, "software": means.has_software}
    has_code = person.national_id is not None or person.moet_code is not None
    return PersonBehind(person.public_id, person.full_name, says, days, has_code)


def lessons_behind(
    organisation: Organisation, code: str, school_class: int, since: date, on: date
) -> QuerySet[LessonLog]:
    """The lessons of a class that A5 or A6 of a school counted, the latest first. One query; page it."""
    return _lessons(organisation.id, PRIMARY if code == "A5" else SECONDARY, school_class, since, on)


def first_lessons_behind(
    organisation: Organisation, code: str, school_class: int, since: date, on: date
) -> list[LessonLog]:
    """The latest of them, one more than a page has. One query."""
    grades = list(PRIMARY if code == "A5" else SECONDARY)
    return _first_lessons(organisation.id, grades, school_class, since, on)


@compiled
def _first_lessons(
    organisation_id: int, grades: Sequence[int], school_class: int, since: date, on: date
) -> QuerySet[LessonLog]:
    return _lessons(organisation_id, grades, school_class, since, on)[: lists.PAGE_SIZE + 1]


def _lessons(
    organisation_id: int, grades: Collection[int], school_class: int, since: date, on: date
) -> QuerySet[LessonLog]:
    rows = attendance.lessons_held(organisation_id, grades, since, on)
    return rows.filter(class_subject__school_class_id=school_class).order_by("-day", "-id")
