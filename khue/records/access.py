"""Who may do what with transcripts, keys and the register of diplomas."""

from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Q

from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

NOTHING = Q(pk__in=())


class Permission(StrEnum):
    """Permissions of records."""

    SHEET_READ_ALL = "records:sheet:read_all"
    SHEET_READ_LED = "records:sheet:read_led"  # of the classes one leads or teaches
    SHEET_READ_OWN = "records:sheet:read_own"  # one's own, or a ward's, once it is sealed
    SHEET_PREPARE = "records:sheet:prepare"
    SHEET_COMPARE = "records:sheet:compare"
    SHEET_CONFIRM = "records:sheet:confirm"
    SHEET_SIGN = "records:sheet:sign"  # with one's own key: homeroom teacher, head
    SHEET_SEAL = "records:sheet:seal"
    SHEET_CORRECT = "records:sheet:correct"
    SHEET_DEPOSIT = "records:sheet:deposit"
    SHEET_ISSUE = "records:sheet:issue"
    RESULT_SEAL = "records:result:seal"  # results of procedures, with the key of the body that gives them
    PACKAGE_RECEIVE = "records:package:receive"  # what a pupil brought from another school
    SHARE_MAKE = "records:share:make"  # by the holder
    KEY_OWN = "records:key:own"
    KEY_SEAL = "records:key:seal"
    DIPLOMA_READ = "records:diploma:read"
    DIPLOMA_WRITE = "records:diploma:write"
    DIPLOMA_CORRECT = "records:diploma:correct"  # by decision, in the registers of the body and those below it


def within(actor: Actor, permission: Permission, column: str = "organisation_id") -> Q:
    """Rows of the organisations where the actor has this permission."""
    places = actor.organisations(permission)
    if places is None:
        return Q()
    return Q(**{f"{column}__in": sorted(places)}) if places else NOTHING


def any_of(*rules: Q) -> Q:
    """Rows that one of these rules lets see. All, where one of them leaves nothing out: Q() | x is x, and not all."""
    if any(rule == Q() for rule in rules):
        return Q()
    return reduce(or_, rules)


def own(actor: Actor, permission: Permission) -> Q:
    """Rows of the bodies on which the actor was granted a role with this permission: not of those below them."""
    if actor.is_system:
        return Q()
    places = {held.organisation for held in actor.held if actor.may(permission, held.organisation)}
    return Q(organisation_id__in=sorted(places)) if places else NOTHING


def require_own(actor: Actor, permission: Permission, organisation_id: int) -> None:
    """Refuse unless the actor works at the body itself: a department uses no seal of a school."""
    require(actor, permission, within=organisation_id)
    if not actor.is_system and all(held.organisation != organisation_id for held in actor.held):
        raise Forbidden


def children(actor: Actor) -> frozenset[int]:
    """Whose transcripts are the actor's own to see: oneself, and one's wards."""
    return actor.wards if actor.person_id is None else actor.wards | {actor.person_id}


def sheets(actor: Actor) -> Q:
    """Year sheets the actor may open: of the school, of classes one leads or teaches, one's own once sealed."""
    rule = within(actor, Permission.SHEET_READ_ALL)
    if rule == Q():
        return rule
    led = within(actor, Permission.SHEET_READ_LED)
    if led != NOTHING:
        rule |= led & Q(school_class__in=schools.visible_classes(actor).order_by().values("id"))
    own = within(actor, Permission.SHEET_READ_OWN)
    if own != NOTHING:
        rule |= own & Q(transcript__person_id__in=children(actor), sealed_at__isnull=False)
    return rule


def transcripts(actor: Actor) -> Q:
    """Transcripts whose holder the actor is, or speaks for; and those of the school."""
    rule = within(actor, Permission.SHEET_READ_ALL)
    if rule == Q():
        return rule
    own = within(actor, Permission.SHEET_READ_OWN)
    return rule | (own & Q(person_id__in=children(actor))) if own != NOTHING else rule


def refuse_unless_leading(actor: Actor, school_class: SchoolClass) -> None:
    """Forbidden to whoever does not lead the class. At most one query."""
    if not actor.is_system and not schools.is_homeroom_of(actor, school_class):
        raise Forbidden


def refuse_strangers(actor: Actor, person_id: int) -> None:
    """Forbidden to whoever is neither the holder nor speaks for the holder."""
    if not actor.is_system and person_id not in children(actor):
        raise Forbidden
