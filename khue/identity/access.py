"""Who may do what with accounts and roles: each rule once."""

from enum import StrEnum

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.identity.models import Grant, Role
from khue.registry.models import Organisation


class Permission(StrEnum):
    """What identity lets a role do. `wiring.py` says which role."""

    ACCOUNT_OPEN = "identity:account:open"
    ACCOUNT_READ = "identity:account:read"
    ACCOUNT_CLOSE = "identity:account:close"
    SCHOOL_ROLE_GRANT = "identity:school_role:grant"
    HEAD_GRANT = "identity:head:grant"
    OFFICE_GRANT = "identity:office_role:grant"
    COMMUNE_GRANT = "identity:commune_role:grant"
    CONSENT_RECORD = "identity:consent:record"
    PROVIDER_WRITE = "identity:provider:write"


#: Roles that reach more than one school: nobody holds them with a password alone.
GUARDED_ROLES = (Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR)

_GRANTING: dict[str, Permission] = {
    Role.PUPIL: Permission.ACCOUNT_OPEN,
    Role.GUARDIAN: Permission.ACCOUNT_OPEN,
    Role.SUBJECT_TEACHER: Permission.SCHOOL_ROLE_GRANT,
    Role.HOMEROOM_TEACHER: Permission.SCHOOL_ROLE_GRANT,
    Role.CLERK: Permission.SCHOOL_ROLE_GRANT,
    Role.ACCOUNTANT: Permission.SCHOOL_ROLE_GRANT,
    Role.HEAD: Permission.HEAD_GRANT,
    Role.DEPARTMENT_OFFICER: Permission.OFFICE_GRANT,
    Role.MINISTRY_OFFICER: Permission.OFFICE_GRANT,
    Role.OPERATOR: Permission.OFFICE_GRANT,
}

_SCHOOL = frozenset({Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS})
_OFFICE = frozenset({Organisation.Kind.DEPARTMENT, Organisation.Kind.COMMUNE_OFFICE})
_PLACES: dict[str, frozenset[Organisation.Kind]] = {
    Role.DEPARTMENT_OFFICER: _OFFICE,
    Role.MINISTRY_OFFICER: frozenset({Organisation.Kind.MINISTRY}),
    Role.OPERATOR: frozenset(Organisation.Kind),
}


def own_account(actor: Actor) -> int:
    """The id of the actor's own account, for what only its bearer may do. Raises Forbidden for everyone else."""
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def permission_to_grant(role: str, organisation: Organisation) -> Permission:
    """What someone needs, on the organisation, to give or take this role there.

    A department appoints the officers of its communes' offices; who works at the department itself, the operator does.
    """
    if role == Role.DEPARTMENT_OFFICER and organisation.kind == Organisation.Kind.COMMUNE_OFFICE:
        return Permission.COMMUNE_GRANT
    return _GRANTING[role]


def permission_over(grant: Grant) -> Permission:
    """What someone needs to give or take this very role. A query for an officer's whose organisation is not at hand."""
    if grant.role == Role.DEPARTMENT_OFFICER:
        return permission_to_grant(grant.role, grant.organisation)
    return _GRANTING[grant.role]


def fits(role: str, organisation: Organisation) -> bool:
    """Whether such an organisation has such a role: no department officer of a school, no head of a ministry."""
    return organisation.kind in _PLACES.get(role, _SCHOOL)
