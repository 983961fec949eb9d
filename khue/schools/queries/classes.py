"""Classes and class-subjects, and who teaches them."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.models import ClassSubject, SchoolClass

_IN_ORDER = ("grade", "name", "id")
_SUBJECTS_IN_ORDER = ("school_class__grade", "school_class__name", "subject__order", "subject__code", "id")


def visible_classes(actor: Actor) -> QuerySet[SchoolClass]:
    """Classes of any year this actor may open, the latest year first. One query; page it before use."""
    rows = SchoolClass.objects.filter(access.classes(actor, clock.today()))
    return rows.select_related("school_year", "organisation").order_by("-school_year__starts_on", *_IN_ORDER)


def class_of(actor: Actor, public_id: UUID) -> SchoolClass:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_classes(actor), public_id=public_id)


def visible_class_subjects(actor: Actor) -> QuerySet[ClassSubject]:
    """Class-subjects of any year this actor may open, with class, year and subject. One query; page it before use."""
    rows = ClassSubject.objects.filter(access.class_subjects(actor, clock.today()))
    return rows.select_related("school_class__school_year", "subject", "organisation").order_by(
        "-school_class__school_year__starts_on", *_SUBJECTS_IN_ORDER
    )


def class_subject_of(actor: Actor, public_id: UUID) -> ClassSubject:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_class_subjects(actor), public_id=public_id)


def class_subjects_of(actor: Actor, school_class: SchoolClass) -> list[ClassSubject]:
    """The subjects of one class that the actor may open, in the programme's order."""
    return list(visible_class_subjects(actor).filter(school_class=school_class))


def classes_taught_by(actor: Actor, on: date | None = None) -> list[ClassSubject]:
    """What the actor teaches on that day (today when none is given), by class and subject."""
    day = on or clock.today()
    rows = ClassSubject.objects.filter(id__in=access.taught(actor, day).values("class_subject"))
    return list(rows.select_related("school_class__school_year", "subject").order_by(*_SUBJECTS_IN_ORDER))


def classes_led_by(actor: Actor, on: date | None = None) -> list[SchoolClass]:
    """The classes whose homeroom teacher the actor is on that day; only those whose year has not ended."""
    day = on or clock.today()
    rows = SchoolClass.objects.filter(access.led(actor, day), school_year__ends_on__gte=day)
    return list(rows.select_related("school_year").order_by(*_IN_ORDER))


def teaches(actor: Actor, class_subject: ClassSubject, on: date | None = None) -> bool:
    """Whether the actor has a teaching assignment in it on that day, with any share of it."""
    return access.taught(actor, on or clock.today()).filter(class_subject=class_subject).exists()


def is_homeroom_of(actor: Actor, school_class: SchoolClass, on: date | None = None) -> bool:
    """Whether the actor is the homeroom teacher of the class on that day."""
    rule = access.led(actor, on or clock.today())
    return SchoolClass.objects.filter(rule, id=school_class.id).exists()


def schools_below(organisation: Organisation) -> list[Organisation]:
    """The schools managed by this body or by one under it, itself included when it is a school; by name."""
    return list(registry.organisations_below(organisation, kind=Organisation.Kind.SCHOOL))
