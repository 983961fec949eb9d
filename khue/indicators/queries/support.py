"""Support programmes and where their things are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation import lists
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
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
    return one(visible_devices(actor), public_id=public_id)


def programme_of(public_id: UUID) -> SupportProgramme:
    """Any programme: that it exists is public. Raises NotFound."""
    return one(SupportProgramme.objects.select_related("organisation"), public_id=public_id)


def programmes(actor: Actor, place: Organisation) -> list[ProgrammeLine]:
    """Programmes of a body, of those above and below it, the newest first. At most two queries.

    place  one from `organisation_of`
    """
    above = [int(key) for key in place.lineage.strip(".").split(".")]
    near = Q(organisation_id__in=above) | Q(organisation__lineage__startswith=place.lineage)
    found = list(SupportProgramme.objects.filter(near).order_by("-starts_on", "-id")[:100])
    if not found:
        return []
    here = visible_devices(actor).filter(programme__in=found, organisation__lineage__startswith=place.lineage)
    held = DeviceHolding.objects.filter(returned_on=None).values("device_id")
    counts = (
        here.order_by().values("programme_id").annotate(devices=Count("id"), handed=Count("id", filter=Q(id__in=held)))
    )
    counted = counts.values_list("programme_id", "devices", "handed")
    numbers = {key: (devices, handed) for key, devices, handed in counted}
    return [ProgrammeLine(row, *numbers.get(row.id, (0, 0))) for row in found]


def device_lines(actor: Actor, devices: Sequence[SupportedDevice]) -> list[DeviceLine]:
    """A page of things with who has them. At most two queries."""
    if not devices:
        return []
    open_ones = DeviceHolding.objects.filter(device__in=devices, returned_on=None)
    held = {row.device_id: row for row in open_ones}
    people = registry.visible_people(actor).filter(id__in=[row.person_id for row in held.values()])
    names = dict(people.values_list("id", "full_name"))
    lines = []
    for device in devices:
        holding = held.get(device.id)
        lines.append(DeviceLine(device, holding, names.get(holding.person_id, "") if holding else ""))
    return lines


def pupils_without_device(actor: Actor, school: Organisation, on: date) -> list[Person]:
    """The first pupils of a school who said they have no device and hold none of a programme, by name. One query."""
    return _without_device(actor, school.id, on)


@compiled
def _without_device(actor: Actor, school_id: int, on: date) -> QuerySet[Person]:
    holding = DeviceHolding.objects.filter(organisation_id=school_id, returned_on=None).values("person_id")
    rows = registry.visible_people(actor, on).filter(id__in=people.without_device(school_id))
    return rows.exclude(id__in=holding).order_by("sort_key", "id")[: lists.PAGE_SIZE]


def may_support(actor: Actor, place: Organisation) -> bool:
    """Whether the actor runs support here."""
    return actor.may(Permission.SUPPORT_RUN, place)
