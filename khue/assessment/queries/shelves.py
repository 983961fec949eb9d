"""The shelves of a bank that someone works at: the subjects and grades one teaches, or all of one's school."""

from dataclasses import dataclass
from datetime import date

from khue.assessment.access import Permission
from khue.curriculum.models import Subject
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.registry.models import Organisation
from khue.schools import queries as schools


@dataclass(frozen=True)
class Shelf:
    """A subject in a grade of one school."""

    organisation: Organisation
    subject: Subject
    grade: int

    @property
    def key(self) -> str:
        """What stands for the shelf in a form."""
        return f"{self.organisation.id}-{self.subject.id}-{self.grade}"


def subjects_and_grades_of(actor: Actor, on: date) -> list[tuple[int, str, int]]:
    """Subject id, subject and grade of the shelves, for filters of a list. One query."""
    if not actor.may(Permission.BANK_WRITE):
        return []
    return schools.subjects_and_grades(actor, on, all_visible=actor.may(Permission.ASSIGNMENT_READ_ALL))


def shelves_of(actor: Actor) -> list[Shelf]:
    """What the actor may put questions and tests on, by subject and grade. One query."""
    if not actor.may(Permission.BANK_WRITE):
        return []
    if actor.may(Permission.ASSIGNMENT_READ_ALL):
        rows = list(schools.visible_class_subjects(actor)[:2_000])
    else:
        rows = schools.classes_taught_by(actor)
    found = {
        (row.organisation_id, row.subject_id, row.school_class.grade): Shelf(
            row.organisation, row.subject, row.school_class.grade
        )
        for row in rows
        if actor.may(Permission.BANK_WRITE, row)
    }
    return sorted(found.values(), key=lambda shelf: (shelf.subject.order, shelf.subject.name, shelf.grade, shelf.key))


def shelf_of(actor: Actor, key: str) -> Shelf:
    """The shelf that the key stands for. Raises NotFound where it is not the actor's, or no longer. One query."""
    for shelf in shelves_of(actor):
        if shelf.key == key:
            return shelf
    raise NotFound
