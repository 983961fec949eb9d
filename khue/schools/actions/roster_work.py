"""What a list of staff says of somebody's place at the school: the subject group, and what the school calls them."""

from collections.abc import Mapping, Sequence

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.registry.models import Organisation
from khue.schools.models import StaffMember, SubjectGroup
from khue.schools.roster.plan import Outcome
from khue.schools.roster.staff_plan import TeacherPlan


def write_work(
    actor: Actor, organisation: Organisation, teachers: Sequence[TeacherPlan], staff: Mapping[int, int]
) -> None:
    """Put everybody into the group that the list names, and make the groups that the school does not have.

    staff  ids by line of the list
    cost   five statements, whatever the number; none where the list names neither groups nor codes
    """
    said = {
        staff[plan.row.line]: plan
        for plan in teachers
        if plan.row.line in staff and plan.outcome is not Outcome.WRONG and (plan.row.group or plan.row.code)
    }
    if not said:
        return
    groups = _groups(actor, organisation, [plan.row.group for plan in said.values() if plan.row.group])
    changed = []
    for row in StaffMember.objects.select_for_update(of=("self",)).filter(id__in=said).order_by("id"):
        plan = said[row.id]
        group = groups.get(fold(plan.row.group), row.subject_group_id)
        if (group, plan.row.code or row.code) != (row.subject_group_id, row.code):
            row.subject_group_id, row.code = group, plan.row.code or row.code
            changed.append(row)
    StaffMember.objects.bulk_update(changed, ["subject_group", "code"])
    for moved in SubjectGroup.objects.filter(leader__in=changed).select_related("leader"):
        if moved.leader is not None and moved.leader.subject_group_id != moved.id:
            SubjectGroup.objects.filter(id=moved.id).update(leader=None)
    if changed:
        audit.record(actor, "staff.import_placed", organisation, staff=[row.id for row in changed])


def _groups(actor: Actor, organisation: Organisation, names: Sequence[str]) -> dict[str, int]:
    """Ids of groups by folded name; those that are missing are made."""
    have = dict(SubjectGroup.objects.filter(organisation=organisation).values_list("name", "id"))
    known = {fold(name): key for name, key in have.items()}
    missing = {fold(name): name for name in reversed(names) if fold(name) not in known}
    made = SubjectGroup.objects.bulk_create(
        SubjectGroup(organisation=organisation, name=name) for name in sorted(missing.values())
    )
    if made:
        audit.record(actor, "subject_groups.imported", organisation, name=", ".join(row.name for row in made))
    return known | {fold(row.name): row.id for row in made}
