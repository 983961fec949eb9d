"""Support programmes: what was given, at which school it is, which pupil has it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.indicators.access import Permission
from khue.indicators.models import DeviceHolding, SupportedDevice, SupportProgramme
from khue.registry.models import Organisation, Person
from khue.schools import queries as schools


class DaysOutOfOrder(Refusal):
    code = "days_out_of_order"
    message = _("Ngày sau không được trước ngày đầu.")


class NumberTaken(Refusal):
    code = "number_taken"
    message = _("Số “%(number)s” đã có trong chương trình này.")
    field = "numbers"


class NotAPupilHere(Refusal):
    code = "not_a_pupil_here"
    message = _("Người này không học ở trường vào ngày đó.")


class DeviceIsOut(Refusal):
    code = "device_is_out"
    message = _("Thiết bị đang ở một học sinh khác. Hãy ghi nhận trả lại trước.")


class DeviceIsIn(Refusal):
    code = "device_is_in"
    message = _("Thiết bị đang ở trường, không có ai giữ.")


@transaction.atomic
def make_programme(
    *, actor: Actor, organisation: Organisation, title: str, sponsor: str, starts_on: date, ends_on: date | None,
    at: datetime,
) -> SupportProgramme:  # fmt: skip
    """Open a programme that brings devices or lines to pupils. refuses DaysOutOfOrder."""
    require(actor, Permission.SUPPORT_RUN, within=organisation)
    if ends_on is not None and ends_on < starts_on:
        raise DaysOutOfOrder
    made = SupportProgramme.objects.create(
        organisation=organisation, title=title, sponsor=sponsor, starts_on=starts_on, ends_on=ends_on, made_at=at
    )
    audit.record(actor, "support.programme_made", made, title=title, sponsor=sponsor)
    return made


@transaction.atomic
def receive_devices(
    *, actor: Actor, programme: SupportProgramme, school: Organisation, kind: str, numbers: list[str], on: date
) -> list[SupportedDevice]:
    """Write down that a school received things of a programme. All or none.

    numbers  what stands on each thing
    refuses  NumberTaken, also for one that stands twice in the list
    """
    require(actor, Permission.SUPPORT_RUN, within=school)
    taken = set(
        SupportedDevice.objects.filter(programme=programme, number__in=numbers).values_list("number", flat=True)
    )
    for number in numbers:
        if number in taken:
            raise NumberTaken(number=number)
        taken.add(number)
    try:
        with transaction.atomic():
            made = SupportedDevice.objects.bulk_create(
                SupportedDevice(organisation=school, programme=programme, kind=kind, number=number, received_on=on)
                for number in numbers
            )
    except IntegrityError:  # a school that this actor does not see received the same number
        raise NumberTaken(number=numbers[0]) from None
    audit.record(actor, "support.devices_received", school, programme=programme.id, kind=kind, numbers=numbers, on=on)
    return made


@transaction.atomic
def hand_device(*, actor: Actor, device: SupportedDevice, pupil: Person, on: date) -> DeviceHolding:
    """Hand a thing to a pupil of the school. refuses NotAPupilHere; DeviceIsOut; DaysOutOfOrder."""
    require(actor, Permission.SUPPORT_RUN, within=device)
    held = SupportedDevice.objects.select_for_update().get(id=device.id)
    if on < held.received_on:
        raise DaysOutOfOrder
    if not schools.pupils_at(held.organisation_id, on).filter(person_id=pupil.id).exists():
        raise NotAPupilHere
    if DeviceHolding.objects.filter(device=held, returned_on=None).exists():
        raise DeviceIsOut
    made = DeviceHolding.objects.create(organisation_id=held.organisation_id, device=held, person=pupil, handed_on=on)
    audit.record(actor, "support.device_handed", made, device=held.number, person=pupil.id, on=on)
    return made


@transaction.atomic
def take_device_back(*, actor: Actor, device: SupportedDevice, on: date) -> DeviceHolding:
    """Write down that a pupil gave a thing back. refuses DeviceIsIn; DaysOutOfOrder."""
    require(actor, Permission.SUPPORT_RUN, within=device)
    rows = DeviceHolding.objects.select_for_update().filter(device=device, returned_on=None)
    held = rows.first()
    if held is None:
        raise DeviceIsIn
    if on < held.handed_on:
        raise DaysOutOfOrder
    held.returned_on = on
    held.save(update_fields=["returned_on"])
    audit.record(actor, "support.device_returned", held, device=device.number, on=on)
    return held
