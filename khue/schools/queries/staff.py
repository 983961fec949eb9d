"""Who works at a school, in which subject group, and what they lead and teach."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.identity import queries as identity
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import SchoolClass, StaffMember, SubjectGroup, TeachingAssignment

#: Whose accounts the school opens itself, all at once: the head's is opened by the office above.
WITH_ACCOUNT = (
    StaffMember.Position.TEACHER,
    StaffMember.Position.DEPUTY_HEAD,
    StaffMember.Position.CLERK,
    StaffMember.Position.ACCOUNTANT,
)


def staff_at(organisation_id: int, on: date) -> list[StaffMember]:
    """Everybody who works at the school on that day, with person and group, in Vietnamese name order. One query."""
    return _at(organisation_id, on)


@compiled
def _at(organisation_id: int, on: date) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id)
    return rows.select_related("person", "subject_group").order_by("person__sort_key", "id")


def staff_without_account(organisation_id: int, on: date) -> list[StaffMember]:
    """Those of the staff whose accounts the school opens, and who have none. Two queries."""
    people = [each for each in staff_at(organisation_id, on) if each.position in WITH_ACCOUNT]
    known = identity.people_with_accounts([each.person_id for each in people])
    return [each for each in people if each.person_id not in known]


def names_apart(staff: Sequence[StaffMember]) -> dict[int, str]:
    """The name of each of these from `staff_at` as a list to choose from shows it, by id: namesakes by group and birth.

    "Nguyễn Thị Hương (Tổ Toán, 1987)", where another of them is called Nguyễn Thị Hương. No query.
    """
    often = Counter(each.person.full_name for each in staff)
    return {each.id: _apart(each) if often[each.person.full_name] > 1 else each.person.full_name for each in staff}


def _apart(staff: StaffMember) -> str:
    group, born = staff.subject_group, staff.person.birth_year
    more = [group.name if group else "", str(born or "") or staff.code]
    known = ", ".join(filter(None, more))
    return f"{staff.person.full_name} ({known})" if known else staff.person.full_name


def visible_staff(actor: Actor) -> QuerySet[StaffMember]:
    """Everybody who works, or worked, where this actor may see the staff, with person and group. Page before use."""
    rows = StaffMember.objects.filter(access.within(actor, Permission.STAFF_READ))
    return rows.select_related("person", "subject_group", "organisation").order_by("person__sort_key", "id")


def working_staff(actor: Actor, on: date) -> QuerySet[StaffMember]:
    """Those of `visible_staff` who work there on that day, where the actor works too. Page before use."""
    places = {held.organisation for held in actor.held if actor.may(Permission.STAFF_READ, held.organisation)}
    if not places:
        return StaffMember.objects.none()
    return visible_staff(actor).filter(access.in_force(on), organisation_id__in=places)


def staff_of(actor: Actor, public_id: UUID) -> StaffMember:
    """Raises NotFound, also when the person works where the actor sees no staff."""
    return one(visible_staff(actor), public_id=public_id)


def classes_led(staff: Sequence[StaffMember], on: date) -> dict[int, list[str]]:
    """The classes that these people lead in a year not over on that day, by staff id. One query."""
    rows = SchoolClass.objects.filter(homeroom_teacher__in=staff, closed_on=None, school_year__ends_on__gte=on)
    found: dict[int, list[str]] = {}
    for staff_id, name in rows.order_by("grade", "name").values_list("homeroom_teacher_id", "name"):
        assert staff_id is not None  # filtered above
        found.setdefault(staff_id, []).append(name)
    return found


def assignments_of(staff: StaffMember, on: date) -> list[TeachingAssignment]:
    """What somebody teaches on that day or will teach, with class and subject. One query."""
    rows = TeachingAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), staff=staff)
    return list(
        rows.select_related("class_subject__subject", "class_subject__school_class").order_by(
            "class_subject__subject__order", "class_subject__school_class__grade", "class_subject__school_class__name"
        )
    )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A subject group in the list of a school."""

    public_id: UUID
    name: str
    leader: str
    size: int


def subject_groups(organisation_id: int, on: date) -> list[GroupRow]:
    """The subject groups of a school with leader and size on that day, by name. Two queries."""
    members = StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id)
    sizes = dict(members.exclude(subject_group=None).values_list("subject_group").annotate(Count("id")).order_by())
    rows = SubjectGroup.objects.filter(organisation_id=organisation_id).order_by("name")
    fields = rows.values_list("id", "public_id", "name", "leader__person__full_name")
    return [GroupRow(public_id, name, leader or "", sizes.get(key, 0)) for key, public_id, name, leader in fields]


def groups_of(organisation_id: int) -> list[SubjectGroup]:
    """The subject groups of a school, to choose from. One query."""
    return list(_groups(organisation_id))


@compiled
def _groups(organisation_id: int) -> QuerySet[SubjectGroup]:
    return SubjectGroup.objects.filter(organisation_id=organisation_id).order_by("name")


def grouped_work_of(organisation_id: int, person_id: int, on: date) -> list[StaffMember]:
    """What somebody works as at a school on that day and in which subject group, if in one. One query."""
    return list(_grouped_work(organisation_id, person_id, on))


@compiled
def _grouped_work(organisation_id: int, person_id: int, on: date) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.filter(access.in_force(on), organisation_id=organisation_id, person_id=person_id)
    return rows.exclude(subject_group=None).select_related("subject_group").order_by("id")


def group_of(actor: Actor, public_id: UUID) -> SubjectGroup:
    """Raises NotFound, also when it is of a school whose staff the actor does not see."""
    rows = SubjectGroup.objects.filter(access.within(actor, Permission.STAFF_READ))
    return one(rows.select_related("organisation", "leader"), public_id=public_id)
