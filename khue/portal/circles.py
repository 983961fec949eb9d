"""The subject groups of a school, as circles of its staff for the workspace."""

from khue.foundation import clock
from khue.schools import queries as schools
from khue.schools.models import SubjectGroup
from khue.workspace.extensions import Circle

KEY = "schools.subject_group"


def groups_at(organisation_id: int) -> list[Circle]:
    """Every subject group there, by name. One query."""
    return [_circle(group) for group in schools.groups_of(organisation_id)]


def groups_of_person(organisation_id: int, person_id: int) -> list[Circle]:
    """The group somebody belongs to by the work they have there today. One query."""
    own = schools.grouped_work_of(organisation_id, person_id, clock.today())
    groups = [(each.subject_group, each.id) for each in own]
    return [_circle(group, leads=group.leader_id == staff_id) for group, staff_id in groups if group]


def _circle(group: SubjectGroup, *, leads: bool = False) -> Circle:
    return Circle(f"{KEY}:{group.id}", group.name, leads)
