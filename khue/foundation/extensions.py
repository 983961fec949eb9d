"""What higher rooms plug into the foundation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.models import StoredFile
from khue.foundation.slots import Slot, Slots

#: identity tells who is behind a request, anonymous when nobody is signed in, and enters the actor's scope: one query.
actor_of_request: Slot[Callable[[HttpRequest], Actor]] = Slot("actor_of_request")

#: identity tells what an account may do today: a job acts with the rights of whoever started it, looked up as it runs.
actor_of_account: Slot[Callable[[int], Actor]] = Slot("actor_of_account")

#: identity answers instead of the page while an account owes it a step: a second factor, a new password.
owed_step: Slot[Callable[[HttpRequest], HttpResponse | None]] = Slot("owed_step")

#: identity asks a person who is not signed in, and may not see this, to sign in first.
ask_to_sign_in: Slot[Callable[[HttpRequest], HttpResponse]] = Slot("ask_to_sign_in")


class MenuGroup(Enum):
    """What an entry of a long menu stands under; a menu that is short at a glance shows no groups."""

    DAY = "day"
    TEACHING = "teaching"
    SCHOOL = "school"
    FAMILIES = "families"
    OFFICE = "office"
    SYSTEM = "system"


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the rail (staff) or bottom bar (phone).

    label    lazy translation
    icon     name of a Lucide icon in the sprite
    url      name of the address
    roles    roles that see it
    order    position; the five lowest of a role make its bottom bar
    group    what it stands under in a long menu
    kinds    kinds of organisation at which these roles see it; none for all
    also     names of further addresses that belong to it, where they do not lie under its own
    """

    label: str | Promise
    icon: str
    url: str
    roles: frozenset[str]
    order: int
    group: MenuGroup = MenuGroup.DAY
    kinds: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()


menu: Slots[MenuEntry] = Slots("menu")


@dataclass(frozen=True)
class PublicDoor:
    """Something anybody may do without signing in, as the public front page offers it.

    title, text  lazy translations: what it is, and one sentence about it
    icon         name of a Lucide icon in the sprite
    url          name of the address
    order        position
    """

    title: str | Promise
    text: str | Promise
    icon: str
    url: str
    order: int


#: What the node offers to everybody: the key is "room.thing".
public_doors: Slots[PublicDoor] = Slots("public_doors")


@dataclass(frozen=True)
class FilePurpose:
    """What a kind of file is for. The key under which it is plugged in is "room.thing", "library.resource".

    title       lazy translation, for messages: "tệp tài nguyên"
    allowed     media types, as files.media_type_of() finds them in the content ("application/pdf")
    most_bytes  the largest size
    may_upload  whether this actor may bring one for this organisation (None: for the node)
    """

    title: str | Promise
    allowed: frozenset[str]
    most_bytes: int
    may_upload: Callable[[Actor, int | None], bool]


file_purposes: Slots[FilePurpose] = Slots("file_purposes")


@dataclass(frozen=True)
class FileSeal:
    """Who keeps the keys of files that must not lie open on the disk.

    keep    keeps the key of a file that is being stored, in the same transaction
    key_of  the key of a stored file; raises a Refusal where it cannot be had
    forget  lets go of the keys of files that are being removed
    table   label of the table of keys: a row of it alone keeps no file ("" where every row that names a file does)
    """

    keep: Callable[[Actor, StoredFile, bytes, datetime], None]
    key_of: Callable[[StoredFile], bytes]
    forget: Callable[[Sequence[StoredFile]], None]
    table: str = ""


#: By purpose: its files are sealed, each under a key of its own (at_rest.py). The others lie as they are.
file_seals: Slots[FileSeal] = Slots("file_seals")

#: Who may download a file, by its purpose. Without one: whoever stored it, and staff of its organisation.
file_readers: Slots[Callable[[Actor, StoredFile], bool]] = Slots("file_readers")

#: A room's part of the API: key is the path under /api/, value the dotted name of a router ("khue.library.api.router").
#: A name, not the router, so that a process that answers no API request never loads the API library.
api_routers: Slots[str] = Slots("api_routers")


def _none_unread(_: Actor) -> int:
    return 0


#: How many messages the actor has not read, shown at the bell. At most one query.
unread_messages: Slot[Callable[[Actor], int]] = Slot("unread_messages", default=_none_unread)


def _no_search(_: Actor) -> str:
    return ""


#: What a subject is called in the language of the reader, by the name the database has. No query.
subject_words: Slot[Callable[[str], str]] = Slot("subject_words", default=str)

#: The name of the address where the actor searches from the header; "" leaves the search box out. No query.
search_address: Slot[Callable[[Actor], str]] = Slot("search_address", default=_no_search)

#: Names of addresses the layout links to. An empty one leaves its link out.
messages_address: Slot[str] = Slot("messages_address", default="")
sign_in_address: Slot[str] = Slot("sign_in_address", default="")
sign_out_address: Slot[str] = Slot("sign_out_address", default="")


def _as_written(role: str) -> str | Promise:
    return role


#: What a role is called on the screen: identity knows the names.
role_name: Slot[Callable[[str], str | Promise]] = Slot("role_name", default=_as_written)

#: What the audit trail calls a deed on the screen: the key is its verb, the value a lazy translation.
deeds: Slots[Promise] = Slots("deeds")

#: Entries under the actor's name: my account, devices, running jobs. `roles` empty means everybody who is signed in.
account_menu: Slots[MenuEntry] = Slots("account_menu")

#: Reference data a room ships: key is the room, value brings the database to it and tells how many rows it wrote.
#: Called after every full migration, in the order of the rooms; a second call writes nothing.
reference_data: Slots[Callable[[], int]] = Slots("reference_data")


@dataclass(frozen=True)
class Chore:
    """Something a room's clock does again and again, in a worker, beside the foundation's own duties.

    every  seconds between two turns
    do     called outside any transaction; enters the scope it needs itself, and may be called by two workers at once
    """

    every: float
    do: Callable[[], object]


#: What rooms do by the clock: the key is "room.what_it_does".
chores: Slots[Chore] = Slots("chores")
