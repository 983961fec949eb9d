"""Who acts. Every action and query takes an Actor first and asks it nothing but what stands here."""

from dataclasses import dataclass, field
from typing import Protocol

from khue.foundation import permissions
from khue.foundation.errors import Forbidden

#: A scope that is not a list of organisations but all of this node.
EVERYTHING = "*"


class Within(Protocol):
    """Anything that belongs to an organisation."""

    @property
    def organisation_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Held:
    """One role the actor holds, and where.

    role          a key of permissions.roles(), "head" or "guardian"
    organisation  id of the organisation it is granted on
    covers        ids of that organisation and all below it; None means the whole node
    """

    role: str
    organisation: int
    covers: frozenset[int] | None

    def reaches(self, organisation_id: int | None) -> bool:
        return self.covers is None or organisation_id in self.covers


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone, or the clock, acting through one of the doors.

    account_id  None for the public and for the system
    person_id   the person behind the account; None where there is none
    held        every role in force today
    place       the name of the lowest organisation among these roles, for the header of pages; "" without a session
    kinds       of what kind the organisations among these roles are; none without a session
    door        "page", "api", "job", "command" or "test": kept in the audit trail
    language    "vi" or "en"
    """

    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    held: tuple[Held, ...] = ()
    place: str = ""
    kinds: frozenset[str] = frozenset()
    door: str = "page"
    language: str = "vi"
    is_system: bool = False
    session_id: int | None = None
    wards: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(held.role for held in self.held)

    def may(self, permission: str, within: "int | Within | None" = None) -> bool:
        """Whether some role gives this permission, on that organisation if one is named."""
        if self.is_system:
            return True
        granting = permissions.granting(permission)
        place = _organisation_id(within)
        return any(h.role in granting and (place is None or h.reaches(place)) for h in self.held)

    def organisations(self, permission: str) -> frozenset[int] | None:
        """Ids of all organisations where the actor has this permission; None means everywhere."""
        granting = permissions.granting(permission)
        held = [h for h in self.held if h.role in granting]
        if self.is_system or any(h.covers is None for h in held):
            return None
        return frozenset().union(*(h.covers or frozenset() for h in held))

    @property
    def reach(self) -> frozenset[int] | None:
        """Ids of all organisations where the actor holds any role; None means everywhere."""
        if self.is_system or any(h.covers is None for h in self.held):
            return None
        return frozenset().union(*(h.covers or frozenset() for h in self.held))

    @property
    def scope(self) -> str:
        """The value of the database's scope setting: "*", or organisation ids with commas."""
        reach = self.reach
        return EVERYTHING if reach is None else ",".join(map(str, sorted(reach)))


#: The program itself: the clock, a worker, an operator's command.
SYSTEM = Actor(name="Khuê", door="job", is_system=True)
ANONYMOUS = Actor()


def require(actor: Actor, permission: str, *, within: int | Within | None) -> None:
    """Refuse unless the actor has the permission on that organisation. The first line of every action.

    within   the organisation id, or a row that carries organisation_id; None only for what belongs to no organisation
    raises   Forbidden
    """
    if not actor.may(permission, within):
        raise Forbidden


def _organisation_id(within: int | Within | None) -> int | None:
    return within if within is None or isinstance(within, int) else within.organisation_id
