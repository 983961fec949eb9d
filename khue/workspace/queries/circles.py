"""The circles of the staff: by role, and by what other rooms plug in. Whoever leaves one is out at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.registry.models import Organisation
from khue.workspace import extensions
from khue.workspace.access import Permission
from khue.workspace.extensions import Circle
from khue.workspace.queries.people import offices

#: Circle, who reads, who writes.
BY_ROLE = (
    ("staff", _("Toàn đơn vị"), Permission.WORK, Permission.REGISTER_WRITE),
    ("board", _("Ban giám hiệu"), Permission.DECIDE, Permission.DECIDE),
    ("office", _("Văn phòng"), Permission.REGISTER_WRITE, Permission.REGISTER_WRITE),
    ("homeroom", _("Giáo viên chủ nhiệm"), Permission.HOMEROOM, Permission.HOMEROOM),
)


@dataclass(frozen=True, slots=True)
class Membership:
    """A circle of an office that the actor may look into today.

    may_write  the board looks into every circle and writes in its own
    leads      for the group that met: its leader agrees to its minutes
    """

    office: Organisation
    key: str
    title: str
    may_write: bool
    leads: bool = False


def memberships(actor: Actor) -> list[Membership]:
    """Every circle the actor may look into, those by role first. One query, and two for each kind plugged in."""
    return [each for office in offices(actor) for each in (*_by_role(actor, office), *_plugged(actor, office))]


def membership_of(actor: Actor, office_id: UUID, key: str) -> Membership:
    """Raises NotFound, also when the circle is not the actor's."""
    for each in memberships(actor):
        if (each.office.public_id, each.key) == (office_id, key):
            return each
    raise NotFound


def is_in_circle(organisation_id: int, person_id: int, key: str) -> bool:
    """Whether somebody is of a plugged circle today. One query."""
    kind = extensions.circles.get(key.partition(":")[0])
    return kind is not None and any(each.key == key for each in kind.of_person(organisation_id, person_id))


def _by_role(actor: Actor, office: Organisation) -> Iterator[Membership]:
    for key, title, reads, writes in BY_ROLE:
        if actor.may(reads, office.id):
            yield Membership(office, key, str(title), actor.may(writes, office.id))


def _plugged(actor: Actor, office: Organisation) -> Iterator[Membership]:
    for kind in extensions.circles:
        own = {each.key: each for each in kind.of_person(office.id, actor.person_id)} if actor.person_id else {}
        seen: list[Circle] = list(kind.at(office.id)) if actor.may(Permission.DECIDE, office.id) else list(own.values())
        for circle in seen:
            mine = own.get(circle.key)
            yield Membership(office, circle.key, circle.title, mine is not None, mine is not None and mine.leads)
