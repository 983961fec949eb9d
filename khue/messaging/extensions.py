"""What higher rooms plug into messaging: who stands in a relation to whom, whose groups are whose, who is where."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody a person may write to.

    organisation_id  the school in which they know each other
    person_id, name  the other one: a teacher, a guardian, a pupil
    about_id, about_name  the child it is about; a pupil writes for itself
    reason           why, in the reader's language: "Toán · 6A"
    staff_id, family_id   the two sides, as person ids
    """

    organisation_id: int
    person_id: int
    name: str
    about_id: int
    about_name: str
    reason: str
    staff_id: int
    family_id: int


@dataclass(frozen=True, slots=True)
class Group:
    """People addressed together by somebody whose own group they are: the guardians of a class one teaches."""

    organisation_id: int
    audience: str
    argument: str
    name: str


class Relations(Protocol):
    """What the room that knows classes answers. All of it about one day, within the transaction's scope."""

    def partners(self, person_id: int, on: date) -> Sequence[Partner]:
        """Everybody this person may write to, by name of the child. Never a guardian whom a court barred."""

    def holds(self, organisation_id: int, staff_id: int, family_id: int, about_id: int, on: date) -> bool:
        """Whether the one teaches the child, and the other is the child or a guardian of it who is not barred."""

    def groups(self, person_id: int, on: date) -> Sequence[Group]:
        """The groups this person addresses as the own ones."""

    def colleagues(self, person_id: int, organisation_id: int, on: date) -> Sequence[tuple[int, str]]:
        """Who else works at the school and may stand in for this person: person id and name, in name order."""


class _Nobody:
    def partners(self, person_id: int, on: date) -> Sequence[Partner]:  # noqa: ARG002  the protocol's arguments
        return ()

    def holds(self, organisation_id: int, staff_id: int, family_id: int, about_id: int, on: date) -> bool:  # noqa: ARG002  the protocol's arguments
        return False

    def groups(self, person_id: int, on: date) -> Sequence[Group]:  # noqa: ARG002  the protocol's arguments
        return ()

    def colleagues(self, person_id: int, organisation_id: int, on: date) -> Sequence[tuple[int, str]]:  # noqa: ARG002  the protocol's arguments
        return ()


#: schools knows who teaches whom. Without it nobody writes to anybody.
relations: Slot[Relations] = Slot("messaging.relations", default=_Nobody())


@dataclass(frozen=True, slots=True)
class ClassRoll:
    """A class of today's year.

    is_led  whether the asked person is its homeroom teacher; of a whole school's classes always false
    """

    organisation_id: int
    class_id: int
    public_id: UUID
    name: str
    is_led: bool


class Rolls(Protocol):
    """What the room that knows classes answers about who is in them. Within the transaction's scope."""

    def own(self, person_id: int, on: date) -> Sequence[ClassRoll]:
        """The classes this person teaches or leads on that day, by grade and name."""

    def of_school(self, organisation_ids: Collection[int], on: date) -> Sequence[ClassRoll]:
        """All classes of these schools on that day, by grade and name."""

    def pupils(self, class_ids: Collection[int], on: date) -> Sequence[tuple[int, int]]:
        """Class id and person id of everybody in these classes on that day, by class and name."""


class _Empty:
    def own(self, person_id: int, on: date) -> Sequence[ClassRoll]:  # noqa: ARG002  the protocol's arguments
        return ()

    def of_school(self, organisation_ids: Collection[int], on: date) -> Sequence[ClassRoll]:  # noqa: ARG002  the protocol's arguments
        return ()

    def pupils(self, class_ids: Collection[int], on: date) -> Sequence[tuple[int, int]]:  # noqa: ARG002  the protocol's arguments
        return ()


#: schools knows who is in which class. Without it no class is told anything.
rolls: Slot[Rolls] = Slot("messaging.rolls", default=_Empty())


@dataclass(frozen=True, slots=True)
class Fact:
    """Something in another room that a line may be about: a mark, an absence, an invoice.

    key    the public id the room knows it by; stays the same for ever
    label  what it is, in the reader's language: "Toán, giữa kì: 8,5"
    url    the page that shows it to this reader
    """

    key: UUID
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of facts. The key under which it is plugged in is stored with lines: "mark".

    title    lazy translation of the kind: "Điểm"
    of       the latest facts about a child that this actor may see today; of these keys alone where some are given.
             At most three queries
    """

    title: str | Promise
    of: Callable[[Actor, int, Sequence[UUID] | None], Sequence[Fact]]


#: What lines may point at: rooms that have facts about a child fill it.
facts: Slots[FactKind] = Slots("messaging.facts")
