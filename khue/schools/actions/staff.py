"""Who works at a school, and its subject groups."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry import actions as registry
from khue.registry.models import Organisation
from khue.registry.queries import PersonDetails
from khue.schools.access import Permission
from khue.schools.models import SchoolClass, StaffMember, SubjectGroup, TeachingAssignment
from khue.schools.refusals import NameMissing


class GroupElsewhere(Refusal):
    code = "group_elsewhere"
    message = _("Tổ chuyên môn này không thuộc nhà trường. Hãy chọn lại.")
    field = "subject_group"


class GroupNameTaken(Refusal):
    code = "group_name_taken"
    message = _("Trường đã có tổ %(name)s. Hãy đặt tên khác.")
    field = "name"


class LeaderNotMember(Refusal):
    code = "leader_not_member"
    message = _("Tổ trưởng %(name)s phải là thành viên của tổ. Hãy đánh dấu cả trong danh sách thành viên.")
    field = "leader"


class StillLeads(Refusal):
    code = "staff_still_leads"
    message = _("%(name)s còn chủ nhiệm lớp %(classes)s. Hãy phân công người khác trước.")


class StillTeaches(Refusal):
    code = "staff_still_teaches"
    message = _("%(name)s còn %(count)s phân công giảng dạy từ ngày %(day)s. Hãy phân công lại trước.")


class EndsBeforeBeginning(Refusal):
    code = "staff_ends_before_beginning"
    message = _("Ngày nghỉ việc phải sau ngày bắt đầu %(day)s.")
    field = "on"


@transaction.atomic
def add_staff(
    *,
    actor: Actor,
    organisation: Organisation,
    details: PersonDetails,
    position: StaffMember.Position,
    code: str,
    subject_group: SubjectGroup | None,
    on: date,
) -> StaffMember:
    """Let somebody new work at the school from a day on. An account is opened and roles are given elsewhere.

    refuses  GroupElsewhere; what registry.record_person refuses
    """
    require(actor, Permission.STAFF_WRITE, within=organisation)

    _refuse_foreign(subject_group, organisation.id)
    person = registry.record_person(actor=actor, organisation=organisation, kind="staff", details=details, on=on)
    made = StaffMember.objects.create(
        organisation=organisation,
        person=person,
        position=position,
        code=code.strip(),
        subject_group=subject_group,
        starts_on=on,
    )
    audit.record(actor, "staff.added", made, person=person.id, position=position, on=on)
    return made


@transaction.atomic
def change_staff(
    *,
    actor: Actor,
    staff: StaffMember,
    position: StaffMember.Position,
    code: str,
    subject_group: SubjectGroup | None,
) -> StaffMember:
    """Correct what somebody is at the school. Who leaves a group leads it no more.

    refuses  GroupElsewhere
    """
    require(actor, Permission.STAFF_WRITE, within=staff)

    _refuse_foreign(subject_group, staff.organisation_id)
    staff = StaffMember.objects.select_for_update(of=("self",)).get(id=staff.id)
    before = {"position": staff.position, "code": staff.code, "subject_group": staff.subject_group_id}
    staff.position, staff.code, staff.subject_group = position, code.strip(), subject_group
    staff.save(update_fields=["position", "code", "subject_group"])
    SubjectGroup.objects.filter(leader=staff).exclude(id=staff.subject_group_id or 0).update(leader=None)
    after = {"position": position, "code": staff.code, "subject_group": staff.subject_group_id}
    audit.record(actor, "staff.changed", staff, before=before, after=after)
    return staff


@transaction.atomic
def end_staff(*, actor: Actor, staff: StaffMember, on: date) -> StaffMember:
    """Let somebody's work at the school end.

    on       the first day on which the person works here no more
    refuses  EndsBeforeBeginning; StillLeads; StillTeaches
    """
    require(actor, Permission.STAFF_WRITE, within=staff)

    staff = StaffMember.objects.select_for_update(of=("self",)).select_related("person").get(id=staff.id)
    if on <= staff.starts_on:
        raise EndsBeforeBeginning(day=f"{staff.starts_on:%d/%m/%Y}")
    name = staff.person.full_name
    led = SchoolClass.objects.filter(homeroom_teacher=staff, closed_on=None, school_year__ends_on__gte=on)
    if led:
        raise StillLeads(name=name, classes=", ".join(sorted(each.name for each in led)))
    taught = TeachingAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), staff=staff)
    count = taught.filter(class_subject__school_class__school_year__ends_on__gte=on).count()
    if count:
        raise StillTeaches(name=name, count=count, day=f"{on:%d/%m/%Y}")
    staff.ends_on = on
    staff.save(update_fields=["ends_on"])
    SubjectGroup.objects.filter(leader=staff).update(leader=None)
    audit.record(actor, "staff.ended", staff, on=on)
    return staff


@transaction.atomic
def make_group(*, actor: Actor, organisation: Organisation, name: str) -> SubjectGroup:
    """Set up a subject group.

    refuses  NameMissing; GroupNameTaken
    """
    require(actor, Permission.STAFF_WRITE, within=organisation)

    made = SubjectGroup.objects.create(organisation=organisation, name=_free_name(organisation.id, name))
    audit.record(actor, "subject_group.made", made, name=made.name)
    return made


@transaction.atomic
def change_group(
    *, actor: Actor, group: SubjectGroup, name: str, members: Sequence[StaffMember], leader: StaffMember | None
) -> SubjectGroup:
    """Say who belongs to a group, and who leads it. A teacher belongs to one group: joining leaves the other.

    refuses  NameMissing; GroupNameTaken; LeaderNotMember
    """
    require(actor, Permission.STAFF_WRITE, within=group)

    ids = {member.id for member in members}
    if leader is not None and leader.id not in ids:
        raise LeaderNotMember(name=leader.person.full_name)
    here = StaffMember.objects.select_for_update(of=("self",)).filter(organisation_id=group.organisation_id)
    before = sorted(here.filter(subject_group=group).values_list("id", flat=True))
    here.filter(subject_group=group).exclude(id__in=ids).update(subject_group=None)
    here.filter(id__in=ids).update(subject_group=group)
    others = SubjectGroup.objects.filter(organisation_id=group.organisation_id).exclude(id=group.id)
    others.filter(leader_id__in=ids).update(leader=None)
    group.name = _free_name(group.organisation_id, name, but=group.id)
    group.leader = leader
    group.save(update_fields=["name", "leader"])
    audit.record(
        actor, "subject_group.changed", group, before=before, after=sorted(ids), leader=leader.id if leader else None
    )
    return group


def _free_name(organisation_id: int, name: str, but: int = 0) -> str:
    name = nfc(name)
    if not name:
        raise NameMissing
    others = SubjectGroup.objects.filter(organisation_id=organisation_id).exclude(id=but)
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise GroupNameTaken(name=name)
    return name


def _refuse_foreign(group: SubjectGroup | None, organisation_id: int) -> None:
    if group is not None and group.organisation_id != organisation_id:
        raise GroupElsewhere
