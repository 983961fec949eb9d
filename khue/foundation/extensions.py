"""What higher rooms plug into the foundation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.slots import Slot, Slots

#: identity tells who is behind a request: one query, anonymous when nobody is signed in.
actor_of_request: Slot[Callable[[HttpRequest], Actor]] = Slot("actor_of_request")


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the rail (staff) or bottom bar (phone).

    label    lazy translation
    icon     name of a Lucide icon in the sprite
    url      name of the address
    roles    roles that see it
    order    position; the five lowest of a role make its bottom bar
    """

    label: str | Promise
    icon: str
    url: str
    roles: frozenset[str]
    order: int


menu: Slots[MenuEntry] = Slots("menu")
