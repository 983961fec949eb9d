"""Classes and class-subjects, and who teaches them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.models import ClassSubject, SchoolClass, SchoolYear, TeachingAssignment

_IN_ORDER = ("grade", "name", "id")
_SUBJECTS_IN_ORDER = ("school_class__grade", "school_class__name", "subject__order", "subject__code", "id")


def visible_classes(actor: Actor) -> QuerySet[SchoolClass]:
    """Classes of any year this actor may open, the latest year first. One query; page it before use."""
    return _visible(actor, clock.today())


def _visible(actor: Actor, on: date) -> QuerySet[SchoolClass]:
    rows = SchoolClass.objects.filter(access.classes(actor, on))
    return rows.select_related("school_year", "organisation").order_by("-school_year__starts_on", *_IN_ORDER)


def class_of(actor: Actor, public_id: UUID) -> SchoolClass:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_class(actor, clock.today(), public_id))


@compiled
def _class(actor: Actor, on: date, public_id: UUID) -> QuerySet[SchoolClass]:
    return _visible(actor, on).filter(public_id=public_id)


def open_classes_of_year(actor: Actor, school_year: SchoolYear) -> list[SchoolClass]:
    """Classes of a year this actor may open that are not closed. One query."""
    return _open_of_year(actor, clock.today(), school_year.id)


@compiled
def _open_of_year(actor: Actor, on: date, school_year_id: int) -> QuerySet[SchoolClass]:
    return _visible(actor, on).filter(school_year_id=school_year_id, closed_on=None)


def classes_of_years(actor: Actor, school_year_ids: Sequence[int]) -> list[SchoolClass]:
    """The first 300 of `visible_classes` in these years. One query."""
    return _of_years(actor, clock.today(), school_year_ids)


def names_of_classes(class_ids: Collection[int]) -> dict[int, str]:
    """Names of classes by id, in order of grade and name; for a room that has counted by class. One query."""
    return dict(_named(list(class_ids)))


@compiled
def _named(class_ids: Collection[int]) -> QuerySet[SchoolClass, tuple[int, str]]:
    return SchoolClass.objects.filter(id__in=class_ids).order_by("grade", "name", "id").values_list("id", "name")


@compiled
def _of_years(actor: Actor, on: date, school_year_ids: Sequence[int]) -> QuerySet[SchoolClass]:
    return _visible(actor, on).filter(school_year_id__in=school_year_ids)[:300]


def classes_between(actor: Actor, first_day: date, last_day: date) -> list[SchoolClass]:
    """The first 300 of `visible_classes` whose year has one of these days, as one chooses among them. One query.

    They have their name, grade, place and address; of what else they are asked is read then.
    """
    return _between(actor, clock.today(), first_day, last_day)


@compiled
def _between(actor: Actor, on: date, first_day: date, last_day: date) -> QuerySet[SchoolClass]:
    in_year = Q(school_year__starts_on__lte=last_day, school_year__ends_on__gte=first_day)
    offered = _visible(actor, on).select_related(None).only("public_id", "name", "grade", "organisation")
    return offered.filter(in_year)[:300]


def visible_class_subjects(actor: Actor, on: date | None = None) -> QuerySet[ClassSubject]:
    """Class-subjects of any year this actor may open on that day (today when none is given), with class, year, subject.

    One query; page it before use.
    """
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on or clock.today()))
    return rows.select_related("school_class__school_year", "subject", "organisation").order_by(
        "-school_class__school_year__starts_on", *_SUBJECTS_IN_ORDER
    )


def taught_class_subjects(actor: Actor, on: date) -> QuerySet[ClassSubject]:
    """What the actor teaches on that day, for a query of a higher room to choose by. No query by itself."""
    return ClassSubject.objects.filter(id__in=access.taught(actor, on).values("class_subject"))


def class_subject_of(actor: Actor, public_id: UUID) -> ClassSubject:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_class_subjects(actor, clock.today(), public_id))


@compiled
def _class_subjects(actor: Actor, on: date, public_id: UUID) -> QuerySet[ClassSubject]:
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on), public_id=public_id)
    return rows.select_related("school_class__school_year", "subject", "organisation")


def class_subjects_of(actor: Actor, school_class: SchoolClass) -> list[ClassSubject]:
    """The subjects of one class that the actor may open, in the programme's order."""
    return _of_class(actor, clock.today(), school_class.id)


@compiled
def _of_class(actor: Actor, on: date, school_class_id: int) -> QuerySet[ClassSubject]:
    return visible_class_subjects(actor, on).filter(school_class_id=school_class_id)


def classes_taught_by(actor: Actor, on: date | None = None) -> list[ClassSubject]:
    """What the actor teaches on that day (today when none is given), by class and subject."""
    day = on or clock.today()
    return _taught_subjects(actor, day)


@compiled
def _taught_subjects(actor: Actor, on: date) -> QuerySet[ClassSubject]:
    rows = taught_class_subjects(actor, on)
    return rows.select_related("school_class__school_year", "subject", "organisation").order_by(*_SUBJECTS_IN_ORDER)


def subjects_and_grades(actor: Actor, on: date, *, all_visible: bool) -> list[tuple[int, str, int]]:
    """Subject id, subject and grade of what the actor teaches on that day, or of all the actor may open. One query."""
    return [(subject, name, grade) for _order, name, subject, grade in _subjects_and_grades(actor, on, all_visible)]


@compiled
def _subjects_and_grades(
    actor: Actor, on: date, all_visible: bool
) -> QuerySet[ClassSubject, tuple[int, str, int, int]]:
    taught = Q(id__in=access.taught(actor, on).values("class_subject"))
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on) if all_visible else taught)
    fields = ("subject__order", "subject__name", "subject_id", "school_class__grade")
    return rows.order_by(*fields).values_list(*fields).distinct()


def classes_led_by(actor: Actor, on: date | None = None) -> list[SchoolClass]:
    """The classes whose homeroom teacher the actor is on that day; only those whose year has not ended."""
    return _led(actor, on or clock.today())


@compiled
def _led(actor: Actor, on: date) -> QuerySet[SchoolClass]:
    rows = SchoolClass.objects.filter(access.led(actor, on), school_year__ends_on__gte=on)
    return rows.select_related("school_year").order_by(*_IN_ORDER)


def teaches(actor: Actor, class_subject: ClassSubject, on: date | None = None) -> bool:
    """Whether the actor has a teaching assignment in it on that day, with any share of it."""
    return bool(_taught(actor, on or clock.today(), class_subject.id))


@compiled
def _taught(actor: Actor, on: date, class_subject_id: int) -> QuerySet[TeachingAssignment, int]:
    return access.taught(actor, on).filter(class_subject_id=class_subject_id).values_list("id", flat=True)[:1]


def strands_taught(actor: Actor, class_subject: ClassSubject, on: date | None = None) -> frozenset[str]:
    """The strands of an integrated subject that the actor teaches on that day. One query."""
    rows = access.taught(actor, on or clock.today()).filter(class_subject_id=class_subject.id)
    return frozenset(rows.values_list("strand", flat=True))


def is_homeroom_of(actor: Actor, school_class: SchoolClass, on: date | None = None) -> bool:
    """Whether the actor is the homeroom teacher of the class on that day."""
    return bool(_led_one(actor, on or clock.today(), school_class.id))


@compiled
def _led_one(actor: Actor, on: date, school_class_id: int) -> QuerySet[SchoolClass, int]:
    return SchoolClass.objects.filter(access.led(actor, on), id=school_class_id).values_list("id", flat=True)


@dataclass(frozen=True, slots=True)
class TaughtSubject:
    """A class-subject as a shelf prints it."""

    id: int
    public_id: UUID
    class_name: str
    subject: str
    hue: str
    grade: int


def shelf_of(actor: Actor, on: date) -> list[TaughtSubject]:
    """The first 400 class-subjects of the year of that day that the actor may open, 6A2 before 6A10. One query."""
    return [TaughtSubject(*row) for row in _shelf(actor, on)]


def shelf_of_class(actor: Actor, school_class_id: int) -> list[TaughtSubject]:
    """The subjects of one class that the actor may open, in the programme's order. One query."""
    return [TaughtSubject(*row) for row in _shelf_of_class(actor, clock.today(), school_class_id)]


def shelf_of_teacher(actor: Actor, on: date) -> list[TaughtSubject]:
    """What the actor teaches on that day, by class and subject. One query."""
    return [TaughtSubject(*row) for row in _shelf_of_teacher(actor, on)]


_ShelfRow = tuple[int, UUID, str, str, str, int]
_SHELF_FIELDS = (
    "id", "public_id", "school_class__name", "subject__name", "subject__hue", "school_class__grade"
)  # fmt: skip


@compiled
def _shelf(actor: Actor, on: date) -> QuerySet[ClassSubject, _ShelfRow]:
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on))
    rows = rows.filter(school_class__school_year__starts_on__lte=on, school_class__school_year__ends_on__gte=on)
    grade, *others = _SUBJECTS_IN_ORDER
    return rows.order_by(grade, Length("school_class__name"), *others).values_list(*_SHELF_FIELDS)[:400]


@compiled
def _shelf_of_class(actor: Actor, on: date, school_class_id: int) -> QuerySet[ClassSubject, _ShelfRow]:
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on), school_class_id=school_class_id)
    return rows.order_by(*_SUBJECTS_IN_ORDER).values_list(*_SHELF_FIELDS)


@compiled
def _shelf_of_teacher(actor: Actor, on: date) -> QuerySet[ClassSubject, _ShelfRow]:
    rows = taught_class_subjects(actor, on)
    return rows.order_by(*_SUBJECTS_IN_ORDER).values_list(*_SHELF_FIELDS)


def schools_below(organisation: Organisation) -> list[Organisation]:
    """The schools managed by this body or by one under it, itself included when it is a school; by name."""
    return list(registry.organisations_below(organisation, kind=Organisation.Kind.SCHOOL))
