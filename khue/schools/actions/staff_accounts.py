"""Accounts for the staff of a school, all at once: each with the roles of the position, and a code on paper."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.identity import actions as identity
from khue.identity.actions import OpenedAccount
from khue.identity.models import Role
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools.access import Permission
from khue.schools.models import StaffMember

_TEACHER = (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER)
#: The head's account is opened by the office above, which gives deputies their part of the management too: it appoints
#: both. Of other staff few need one, and it is opened one by one.
#: Who leads no class may do nothing more as a homeroom teacher: so every teacher is ready to lead one.
ROLES: dict[str, tuple[Role, ...]] = {
    StaffMember.Position.TEACHER: _TEACHER,
    StaffMember.Position.DEPUTY_HEAD: _TEACHER,
    StaffMember.Position.CLERK: (Role.CLERK,),
    StaffMember.Position.ACCOUNTANT: (Role.ACCOUNTANT,),
}


@transaction.atomic
def open_staff_accounts(
    *, actor: Actor, organisation: Organisation, positions: Mapping[int, str], at: datetime
) -> list[OpenedAccount]:
    """Open accounts for people of the staff; whoever has one keeps it and gets the roles.

    positions  by person id; people in positions without an account of their own are passed over
    returns    with codes for those who have chosen no password yet
    cost       some thirty statements, whatever the number
    """
    require(actor, Permission.STAFF_WRITE, within=organisation)

    people = {each.id: each for each in registry.visible_people(actor).filter(id__in=list(positions))}
    opened: dict[int, OpenedAccount] = {}
    for role in dict.fromkeys(role for roles in ROLES.values() for role in roles):
        theirs = [person for key, person in people.items() if role in ROLES.get(positions[key], ())]
        if theirs:
            made = identity.open_accounts(actor=actor, people=theirs, role=role, organisation=organisation, at=at)
            opened |= {each.person_id: each for each in made}
    audit.record(actor, "staff_accounts.opened", organisation, people=sorted(opened))
    return list(opened.values())
