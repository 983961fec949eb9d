"""Who may do what with questions, tests and attempts: each rule once, as a Q."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """What a role may be allowed to do here. wiring.py says which role is."""

    BANK_READ = "assessment:bank:read"
    BANK_WRITE = "assessment:bank:write"
    TEST_WRITE = "assessment:test:write"
    ASSIGNMENT_WRITE_TAUGHT = "assessment:assignment:write_taught"  # of a class-subject one teaches
    ASSIGNMENT_READ_TAUGHT = "assessment:assignment:read_taught"
    ASSIGNMENT_READ_ALL = "assessment:assignment:read_all"  # of the whole school
    ATTEMPT_TAKE = "assessment:attempt:take"  # one's own
    ATTEMPT_CLOSE = "assessment:attempt:close"  # anybody's whose time is up: no role has it, only the clock


EVERYTHING = Q()
NOTHING = Q(pk__in=())


def within(actor: Actor, permission: Permission) -> Q:
    """Rows of the organisations where the actor has this permission."""
    organisations = actor.organisations(permission)
    if organisations is None:
        return EVERYTHING
    return Q(organisation_id__in=sorted(organisations)) if organisations else NOTHING


def assignments_overseen(actor: Actor, taught: Iterable[int]) -> Q:
    """Assignments of all the school for its head, of the class-subjects one teaches for a teacher.

    taught  ids of the class-subjects the actor teaches today
    """
    everywhere = within(actor, Permission.ASSIGNMENT_READ_ALL)
    if everywhere == EVERYTHING:
        return EVERYTHING
    own = within(actor, Permission.ASSIGNMENT_READ_TAUGHT)
    return everywhere if own == NOTHING else everywhere | (own & Q(class_subject_id__in=list(taught)))
