"""Which role may do what. Rooms fill the table from their wiring; nobody edits it while running."""

from collections import defaultdict
from collections.abc import Iterable

_granting: dict[str, set[str]] = defaultdict(set)


def grant(role: str, permissions: Iterable[str]) -> None:
    """Let a role use these permissions on the organisations it is granted on. Called in a room's wiring.

    permissions  members of the room's own StrEnum, "room:resource:verb"
    """
    for permission in permissions:
        _granting[permission].add(role)


def granting(permission: str) -> frozenset[str]:
    """The roles that carry this permission."""
    return frozenset(_granting.get(permission, ()))


def table() -> dict[str, frozenset[str]]:
    """All permissions and the roles that carry them, for the documentation and the permission page."""
    return {permission: frozenset(roles) for permission, roles in sorted(_granting.items())}
