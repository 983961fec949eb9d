"""Who reads indicators, and where."""

from enum import StrEnum

from khue.foundation import permissions
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.registry.models import Organisation


class Permission(StrEnum):
    """Permissions of the indicators."""

    INDICATOR_READ = "indicators:indicator:read"
    LAKE_WRITE = "indicators:lake:write"
    FIGURE_REPORT = "indicators:figure:report"
    OPEN_DATA_PUBLISH = "indicators:open_data:publish"
    REPORT_WRITE = "indicators:report:write"
    REPORT_RECEIVE = "indicators:report:receive"
    REPORT_SUM = "indicators:report:sum"  # sign the sum of what the own office received, and send it on
    REPORT_ANSWER = "indicators:report:answer"  # what an office asks of the own school for one occasion
    INDEX_ASSESS = "indicators:index:assess"
    INDEX_APPRAISE = "indicators:index:appraise"
    SUPPORT_RUN = "indicators:support:run"


def summing(actor: Actor) -> frozenset[int]:
    """Offices whose sums are the actor's to sign: those worked at, not the ones below, which answer for their own."""
    granting = permissions.granting(Permission.REPORT_SUM)
    return frozenset(held.organisation for held in actor.held if held.role in granting)


def may_report(actor: Actor, place: Organisation) -> bool:
    """Whether the actor reports for this body: a school's head, or who works at that very office below another one."""
    if place.kind == Organisation.Kind.SCHOOL:
        return actor.may(Permission.REPORT_WRITE, place)
    return place.parent_id is not None and (actor.is_system or place.id in summing(actor))


def require_reporter(actor: Actor, place: Organisation) -> None:
    """Refuse unless the actor reports for this body."""
    require(actor, Permission.REPORT_WRITE if place.kind == Organisation.Kind.SCHOOL else Permission.REPORT_SUM,
            within=place)  # fmt: skip
    if not may_report(actor, place):
        raise Forbidden
