"""The classes of a grade and what they are taught, for pages that show a whole school grade by grade."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Length

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.schools import access
from khue.schools.models import ClassSubject, SchoolClass


@dataclass(frozen=True, slots=True)
class GradeSubject:
    """One subject in one class of a grade."""

    id: int
    class_id: UUID
    class_name: str
    subject_id: int
    subject: str
    hue: str


def grades_of(actor: Actor, on: date) -> list[int]:
    """The grades that have classes in the year of that day, of all classes the actor may open. One query."""
    return list(_grades(actor, on))


@compiled
def _grades(actor: Actor, on: date) -> QuerySet[SchoolClass, int]:
    rows = SchoolClass.objects.filter(access.classes(actor, on), closed_on=None)
    rows = rows.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)
    return rows.order_by("grade").values_list("grade", flat=True).distinct()


def subjects_of_grade(actor: Actor, grade: int, on: date) -> list[GradeSubject]:
    """What the classes of a grade are taught in the year of that day: subjects in the programme's order, 6A2 before
    6A10. One query."""
    return [GradeSubject(*row) for row in _subjects(actor, on, grade)]


@compiled
def _subjects(actor: Actor, on: date, grade: int) -> QuerySet[ClassSubject, tuple[int, UUID, str, int, str, str]]:
    rows = ClassSubject.objects.filter(access.class_subjects(actor, on), school_class__grade=grade)
    rows = rows.filter(
        school_class__closed_on=None,
        school_class__school_year__starts_on__lte=on,
        school_class__school_year__ends_on__gte=on,
    )
    rows = rows.order_by("subject__order", "subject_id", Length("school_class__name"), "school_class__name", "id")
    fields = ("id", "school_class__public_id", "school_class__name", "subject_id", "subject__name", "subject__hue")
    return rows.values_list(*fields)
