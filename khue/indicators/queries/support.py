"""Support programmes and where their things are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation import lists
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.indicators.access import Permission
from khue.indicators.models import DeviceHolding, SupportedDevice, SupportProgramme
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person
from khue.schools.queries import counting as people


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme with how many things the actor sees of it, and how many of them pupils have."""

    programme: SupportProgramme
    devices: int
    handed: int


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A given thing and who has it. holder: "" while it is at the school, or where the actor does not see who it is."""

    device: SupportedDevice
    holding: DeviceHolding | None
    holder: str


def visible_devices(actor: Actor) -> QuerySet[SupportedDevice]:
    """Given things at the schools where the actor runs support. One query; page it."""
    places = actor.organisations(Permission.SUPPORT_RUN)
    rows = SupportedDevice.objects.select_related("organisation", "programme")
    return rows if places is None else rows.filter(organisation_id__in=places)


def device_of(actor: Actor, public_id: UUID) -> SupportedDevice:
    """Raises NotFound, also when it is at a school where the actor runs nothing."""
    return first(_device(actor, public_id))


@compiled
def _device(actor: Actor, public_id: UUID) -> QuerySet[SupportedDevice]:
    return visible_devices(actor).filter(public_id=public_id)


def devices_at(actor: Actor, school: Organisation) -> QuerySet[SupportedDevice]:
    """The things at a school, the latest first. One query; page it."""
    return _devices_at(actor, school.id)


def first_devices_at(actor: Actor, school: Organisation) -> list[SupportedDevice]:
    """The first of them, one more than a page has. One query."""
    return _first_devices(actor, school.id)


@compiled
def _first_devices(actor: Actor, school_id: int) -> QuerySet[SupportedDevice]:
    return _devices_at(actor, school_id)[: lists.PAGE_SIZE + 1]


def _devices_at(actor: Actor, school_id: int) -> QuerySet[SupportedDevice]:
    return visible_devices(actor).filter(organisation_id=school_id).order_by("-received_on", "-id")


def programme_of(public_id: UUID) -> SupportProgramme:
    """Any programme: that it exists is public. Raises NotFound."""
    return one(SupportProgramme.objects.select_related("organisation"), public_id=public_id)


def programmes(actor: Actor, place: Organisation) -> list[ProgrammeLine]:
    """Programmes of a body, of those above and below it, the newest first. At most two queries.

    place  one from `organisation_of`
    """
    above = [int(key) for key in place.lineage.strip(".").split(".")]
    found = _near(above, place.lineage)
    if not found:
        return []
    counted = _counts(actor, [row.id for row in found], place.lineage)
    numbers = {key: (devices, handed) for key, devices, handed in counted}
    return [ProgrammeLine(row, *numbers.get(row.id, (0, 0))) for row in found]


@compiled
def _near(above: Sequence[int], lineage: str) -> QuerySet[SupportProgramme]:
    near = Q(organisation_id__in=above) | Q(organisation__lineage__startswith=lineage)
    return SupportProgramme.objects.filter(near).order_by("-starts_on", "-id")[:100]


@compiled
def _counts(actor: Actor, programmes: Sequence[int], lineage: str) -> QuerySet[SupportedDevice, tuple[int, int, int]]:
    here = visible_devices(actor).filter(programme_id__in=programmes, organisation__lineage__startswith=lineage)
    held = DeviceHolding.objects.filter(returned_on=None).values("device_id")
    counts = (
        here.order_by().values("programme_id").annotate(devices=Count("id"), handed=Count("id", filter=Q(id__in=held)))
    )
    return counts.values_list("programme_id", "devices", "handed")


def device_lines(actor: Actor, devices: Sequence[SupportedDevice], on: date) -> list[DeviceLine]:
    """A page of things with who has them. At most two queries."""
    if not devices:
        return []
    held = {row.device_id: row for row in _held([device.id for device in devices])}
    names = dict(_names(actor, [row.person_id for row in held.values()], on)) if held else {}
    lines = []
    for device in devices:
        holding = held.get(device.id)
        lines.append(DeviceLine(device, holding, names.get(holding.person_id, "") if holding else ""))
    return lines


@compiled
def _held(device_ids: Sequence[int]) -> QuerySet[DeviceHolding]:
    return DeviceHolding.objects.filter(device_id__in=device_ids, returned_on=None)


@compiled
def _names(actor: Actor, people: Sequence[int], on: date) -> QuerySet[Person, tuple[int, str]]:
    return registry.visible_people(actor, on).filter(id__in=people).values_list("id", "full_name")


def pupils_without_device(actor: Actor, school: Organisation, on: date) -> list[Person]:
    """The first pupils of a school who said they have no device and hold none of a programme, by name: a page, and one.

    One query.
    """
    return _without_device(actor, school.id, on)


@compiled
def _without_device(actor: Actor, school_id: int, on: date) -> QuerySet[Person]:
    holding = DeviceHolding.objects.filter(organisation_id=school_id, returned_on=None).values("person_id")
    rows = registry.visible_people(actor, on).filter(id__in=people.without_device(school_id))
    return rows.exclude(id__in=holding).order_by("sort_key", "id")[: lists.PAGE_SIZE + 1]


def may_support(actor: Actor, place: Organisation) -> bool:
    """Whether the actor runs support here."""
    return actor.may(Permission.SUPPORT_RUN, place)
