"""Accounts for the people whom an import brought, and the codes with which they activate them."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.identity import actions as identity
from khue.identity import queries as identity_queries
from khue.identity.models import Account, Role
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools.access import Permission
from khue.schools.actions.roster_write import Written
from khue.schools.actions.staff_accounts import ROLES, open_staff_accounts
from khue.schools.models import RosterImport


@transaction.atomic
def issue_roster_codes(
    *, actor: Actor, roster_import: RosterImport, role: Role, at: datetime, most: int
) -> tuple[list[tuple[Account, str]], int]:
    """Activation codes for people whom an import brought and who have not signed in yet. Each is shown once.

    role     one of those that the import gave
    returns  accounts with their codes, at most so many, and how many people are left
    refuses  Forbidden where the actor could not have given the role
    """
    require(actor, Permission.ROSTER_IMPORT, within=roster_import)

    people = set(roster_import.newcomers.get(role.value, ()))
    day = at.astimezone(VIETNAM).date()
    waiting = identity_queries.waiting_accounts(actor, roster_import.organisation, role, on=day)
    theirs = [account for account in waiting if account.person_id in people]
    shown = theirs[:most]
    codes = identity.issue_codes(actor=actor, accounts=shown, at=at)
    audit.record(actor, "roster_codes.issued", roster_import, role=role, count=len(shown))
    return [(account, codes[account.id]) for account in shown], len(theirs) - len(shown)


def open_accounts(actor: Actor, organisation: Organisation, written: Written, at: datetime) -> dict[str, list[int]]:
    """Accounts without a password: the school hands out codes, with which people activate them.

    returns  ids of the people who got one, by the role with which slips are printed for them
    """
    for people, role in ((written.pupils, Role.PUPIL), (written.guardians, Role.GUARDIAN)):
        if people:
            identity.open_accounts(
                actor=actor,
                people=list(registry.visible_people(actor).filter(id__in=people)),
                role=role,
                organisation=organisation,
                at=at,
            )
    found: dict[str, list[int]] = {Role.PUPIL.value: written.pupils, Role.GUARDIAN.value: written.guardians}
    if written.staff and identity_queries.may_give(actor, Role.SUBJECT_TEACHER, organisation):
        open_staff_accounts(actor=actor, organisation=organisation, positions=written.staff, at=at)
        for person_id, position in written.staff.items():
            for role in ROLES.get(position, ())[:1]:
                found.setdefault(role.value, []).append(person_id)
    return found
