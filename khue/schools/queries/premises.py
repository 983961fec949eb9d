"""What a school has: rooms, devices and lines, and what of it has a digital record (indicator B3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Connection, Device, Room
from khue.schools.queries.class_lists import by_number

SHOWS = (Device.Kind.PROJECTOR, Device.Kind.SCREEN, Device.Kind.BOARD)
COMPUTERS = (Device.Kind.COMPUTER, Device.Kind.LAPTOP, Device.Kind.TABLET)


@dataclass(frozen=True, slots=True)
class Premises:
    """Everything a school has today, without what was given up. `campuses` without the main one."""

    school: Organisation
    campuses: Sequence[Organisation]
    rooms: Sequence[Room]
    devices: Sequence[Device]
    connections: Sequence[Connection]

    @property
    def classrooms(self) -> int:
        return sum(room.kind == Room.Kind.CLASSROOM for room in self.rooms)

    @property
    def classrooms_with_a_screen(self) -> int:
        """Classrooms with something to show on that works (criterion 1.7.1 of QĐ 4725, domain §1.4)."""
        shown = {d.room_id for d in self.devices if d.kind in SHOWS and d.condition == Device.Condition.GOOD}
        return sum(room.kind == Room.Kind.CLASSROOM and room.id in shown for room in self.rooms)

    @property
    def computers(self) -> int:
        return sum(device.quantity for device in self.devices if device.kind in COMPUTERS)

    @property
    def things(self) -> int:
        return sum(device.quantity for device in self.devices)

    @property
    def recorded(self) -> int:
        return sum(device.quantity for device in self.devices if device.has_digital_record)

    @property
    def megabits_per_second(self) -> int:
        return sum(line.megabits_per_second or 0 for line in self.connections)


def premises_of(school: Organisation) -> Premises:
    """What the school has. Four queries.

    school  one on which the actor may read premises: from registry.working_places
    """
    here = Q(organisation=school, retired_on=None)
    rooms = Room.objects.filter(here).select_related("campus")
    devices = Device.objects.filter(here).select_related("room")
    lines = Connection.objects.filter(here).select_related("campus")
    return Premises(
        school,
        campuses_of(school),
        sorted(rooms, key=lambda room: (room.campus.name if room.campus else "", by_number(room.name))),
        list(devices.order_by("kind", "label", "id")),
        list(lines.order_by("id")),
    )


def campuses_of(school: Organisation) -> list[Organisation]:
    """The open campuses of a school without the main one. One query."""
    return list(registry.campuses_under(school.id))


def rooms_of(organisation_id: int) -> list[Room]:
    """The rooms a school has today, in the order of their names. One query."""
    rows = Room.objects.filter(organisation_id=organisation_id, retired_on=None)
    return sorted(rows, key=lambda room: by_number(room.name))


def room_of(actor: Actor, public_id: UUID) -> Room:
    """Raises NotFound."""
    rows = Room.objects.filter(access.within(actor, Permission.PREMISES_READ), retired_on=None)
    return one(rows.select_related("organisation"), public_id=public_id)


def device_of(actor: Actor, public_id: UUID) -> Device:
    """Raises NotFound."""
    rows = Device.objects.filter(access.within(actor, Permission.PREMISES_READ), retired_on=None)
    return one(rows.select_related("organisation"), public_id=public_id)


def connection_of(actor: Actor, public_id: UUID) -> Connection:
    """Raises NotFound."""
    rows = Connection.objects.filter(access.within(actor, Permission.PREMISES_READ), retired_on=None)
    return one(rows.select_related("organisation"), public_id=public_id)


def campus_of(actor: Actor, public_id: UUID) -> Organisation:
    """An open campus of a school whose premises the actor may read. Raises NotFound."""
    places = actor.organisations(Permission.PREMISES_READ)
    rows = registry.visible_organisations(actor).filter(kind=Organisation.Kind.CAMPUS, valid_to=None)
    return one(rows if places is None else rows.filter(id__in=places), public_id=public_id)


@dataclass(frozen=True, slots=True)
class RecordCount:
    """Things with a digital record, of all things."""

    recorded: int
    things: int


def count_records(organisation_id: int) -> RecordCount:
    """How much of what the school has is managed by digital records: B3. One query."""
    rows = Device.objects.filter(organisation_id=organisation_id, retired_on=None)
    found = rows.aggregate(
        recorded=Coalesce(Sum(F("quantity"), filter=Q(has_digital_record=True)), 0),
        things=Coalesce(Sum("quantity"), 0),
    )
    return RecordCount(found["recorded"], found["things"])
