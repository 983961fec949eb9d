"""Who works at a school, in which subject group, and what they lead and teach."""

from datetime import date

from khue.schools import access
from khue.schools.models import StaffMember


def staff_at(organisation_id: int, on: date) -> list[StaffMember]:
    """Everybody who works at the school on that day, with person and group, in Vietnamese name order. One query."""
    rows = StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id)
    return list(rows.select_related("person", "subject_group").order_by("person__sort_key", "id"))
