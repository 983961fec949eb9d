"""What a school has: campuses, rooms, devices, lines to the Internet."""

from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry import actions as registry
from khue.registry.models import Organisation
from khue.schools.access import Permission
from khue.schools.actions.classes import CampusElsewhere
from khue.schools.models import Connection, Device, Room, SchoolClass
from khue.schools.refusals import NameMissing

Thing = TypeVar("Thing", Room, Device, Connection)


class RoomNameTaken(Refusal):
    code = "room_name_taken"
    message = _("Điểm trường này đã có phòng %(name)s. Hãy đặt tên khác.")
    field = "name"


class RoomElsewhere(Refusal):
    code = "room_elsewhere"
    message = _("Phòng này không thuộc nhà trường. Hãy chọn lại.")
    field = "room"


class CampusInUse(Refusal):
    code = "campus_in_use"
    message = _("%(name)s còn %(classes)s lớp và %(rooms)s phòng. Hãy chuyển lớp và phòng sang điểm trường khác trước.")


@dataclass(frozen=True, slots=True)
class RoomDetails:
    """A room; campus None is the main one."""

    name: str
    kind: str = Room.Kind.CLASSROOM
    seats: int | None = None
    campus: Organisation | None = None


@dataclass(frozen=True, slots=True)
class DeviceDetails:
    """A device, or several of one kind under one label."""

    label: str
    kind: str
    quantity: int = 1
    code: str = ""
    condition: str = Device.Condition.GOOD
    room: Room | None = None
    has_digital_record: bool = True


@dataclass(frozen=True, slots=True)
class ConnectionDetails:
    """A line to the Internet; campus None is the main one."""

    kind: str
    provider: str = ""
    megabits_per_second: int | None = None
    campus: Organisation | None = None


@transaction.atomic
def add_room(*, actor: Actor, organisation: Organisation, details: RoomDetails) -> Room:
    """Add a room of the school.

    refuses  NameMissing; RoomNameTaken; CampusElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=organisation)

    _refuse_room(organisation.id, details, but=0)
    return _added(actor, Room(organisation=organisation), details, "room.added")


@transaction.atomic
def change_room(*, actor: Actor, room: Room, details: RoomDetails) -> Room:
    """Correct what is known of a room.

    refuses  NameMissing; RoomNameTaken; CampusElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=room)

    _refuse_room(room.organisation_id, details, but=room.id)
    return _changed(actor, room, details, "room.changed")


@transaction.atomic
def add_device(*, actor: Actor, organisation: Organisation, details: DeviceDetails) -> Device:
    """Add a device to the inventory.

    refuses  NameMissing; RoomElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=organisation)

    _refuse_device(organisation.id, details)
    return _added(actor, Device(organisation=organisation), details, "device.added")


@transaction.atomic
def change_device(*, actor: Actor, device: Device, details: DeviceDetails) -> Device:
    """Correct what is known of a device.

    refuses  NameMissing; RoomElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=device)

    _refuse_device(device.organisation_id, details)
    return _changed(actor, device, details, "device.changed")


@transaction.atomic
def add_connection(*, actor: Actor, organisation: Organisation, details: ConnectionDetails) -> Connection:
    """Add a line to the Internet.

    refuses  CampusElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=organisation)

    _refuse_campus(organisation.id, details.campus)
    return _added(actor, Connection(organisation=organisation), details, "connection.added")


@transaction.atomic
def change_connection(*, actor: Actor, connection: Connection, details: ConnectionDetails) -> Connection:
    """Correct what is known of a line.

    refuses  CampusElsewhere
    """
    require(actor, Permission.PREMISES_WRITE, within=connection)

    _refuse_campus(connection.organisation_id, details.campus)
    return _changed(actor, connection, details, "connection.changed")


@transaction.atomic
def retire(*, actor: Actor, thing: Room | Device | Connection, on: date) -> None:
    """The school has the room, device or line no more from that day on. It stays on file."""
    require(actor, Permission.PREMISES_WRITE, within=thing)

    thing.retired_on = on
    thing.save(update_fields=["retired_on"])
    audit.record(actor, "premises.retired", thing, on=on)


@transaction.atomic
def close_campus(*, actor: Actor, campus: Organisation, on: date) -> None:
    """Close a campus where no class is taught and no room is kept any more.

    on       its last day
    refuses  CampusInUse; what registry.close_campus refuses
    """
    require(actor, Permission.PREMISES_WRITE, within=campus)

    classes = SchoolClass.objects.filter(campus=campus, closed_on=None, school_year__ends_on__gte=on).count()
    rooms = Room.objects.filter(campus=campus, retired_on=None).count()
    if classes or rooms:
        raise CampusInUse(name=campus.name, classes=classes, rooms=rooms)
    audit.record(actor, "campus.vacated", campus, on=on)
    registry.close_campus(actor=actor, campus=campus, on=on)


def _added(actor: Actor, thing: Thing, details: RoomDetails | DeviceDetails | ConnectionDetails, verb: str) -> Thing:
    for name, value in _values(details).items():
        setattr(thing, name, value)
    thing.save()
    audit.record(actor, verb, thing, **_plain(details))
    return thing


def _changed(actor: Actor, thing: Thing, details: RoomDetails | DeviceDetails | ConnectionDetails, verb: str) -> Thing:
    before = {key: getattr(thing, f"{key}_id" if key in ("campus", "room") else key) for key in _values(details)}
    for name, value in _values(details).items():
        setattr(thing, name, value)
    thing.save()
    audit.record(actor, verb, thing, before=before, after=_plain(details))
    return thing


def _values(details: RoomDetails | DeviceDetails | ConnectionDetails) -> dict[str, object]:
    values = {field.name: getattr(details, field.name) for field in fields(details)}
    return {name: nfc(value) if isinstance(value, str) else value for name, value in values.items()}


def _plain(details: RoomDetails | DeviceDetails | ConnectionDetails) -> dict[str, object]:
    """For the audit trail: rows by their key. The kind of a thing is kept under a name that no argument bears."""
    return {
        f"given_{name}": value.pk if isinstance(value, Organisation | Room) else value
        for name, value in _values(details).items()
    }


def _refuse_room(organisation_id: int, details: RoomDetails, but: int) -> None:
    name = nfc(details.name)
    if not name:
        raise NameMissing
    _refuse_campus(organisation_id, details.campus)
    main = Q(campus=None) | Q(campus_id=organisation_id)
    place = main if details.campus is None else Q(campus=details.campus)
    rooms = Room.objects.filter(place, organisation_id=organisation_id).exclude(id=but)
    if name.casefold() in {other.casefold() for other in rooms.values_list("name", flat=True)}:
        raise RoomNameTaken(name=name)


def _refuse_device(organisation_id: int, details: DeviceDetails) -> None:
    if not nfc(details.label):
        raise NameMissing
    if details.room is not None and details.room.organisation_id != organisation_id:
        raise RoomElsewhere


def _refuse_campus(organisation_id: int, campus: Organisation | None) -> None:
    if campus is not None and organisation_id not in (campus.id, campus.parent_id):
        raise CampusElsewhere
