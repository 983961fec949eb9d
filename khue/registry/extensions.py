"""What higher rooms plug into the registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.slots import Slots


@dataclass(frozen=True)
class AudienceKind:
    """A way to name people together: "class 6A", "all teachers of a school". Messages are addressed to audiences.

    key     stored with what was addressed: "schools.class"
    label   lazy translation, "Học sinh của lớp"
    people  (organisation id, argument) to person ids; the argument is the kind's own, a class id or ""
    choices the arguments of an organisation with their names, ("51", "6A"), in order; none where there is no argument
    """

    key: str
    label: str | Promise
    people: Callable[[int, str], Sequence[int]]
    choices: Callable[[int], Sequence[tuple[str, str]]] | None = None


audiences: Slots[AudienceKind] = Slots("audiences")


@dataclass(frozen=True)
class PersonLink:
    """A page of a higher room about one person, offered on the person's page.

    label       lazy translation, "Tài khoản"
    icon        name of a Lucide icon
    url         name of an address that takes the person's public id
    permission  what the reader needs where the file is kept
    """

    label: str | Promise
    icon: str
    url: str
    permission: str


person_links: Slots[PersonLink] = Slots("person_links")


@dataclass(frozen=True)
class PersonFact:
    """What a higher room says about one person on the person's page: the class a pupil is in, and the way there.

    label, note  what is said, and smaller what belongs to it
    icon         name of a Lucide icon
    url          address of the page that says more
    order        position
    """

    label: str | Promise
    note: str
    icon: str
    url: str
    order: int


#: Beside a name in lists of people: what each of these persons is there, as far as the reader may know it: "Lớp 6A",
#: "Giáo viên, chủ nhiệm 6A". By person; who is nothing is left out. One query, whatever their number.
person_duties: Slots[Callable[[Actor, Sequence[int]], Mapping[int, str]]] = Slots("person_duties")


@dataclass(frozen=True)
class Whom:
    """Whose page it is. The organisation keeps the file."""

    person_id: int
    public_id: UUID
    organisation_id: int


#: What the reader may know about the person, sorted by its order. A few queries, whatever the person has done.
person_facts: Slots[Callable[[Actor, Whom], Sequence[PersonFact]]] = Slots("person_facts")
