"""A given thing is followed to the pupil who has it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.indicators import actions, queries
from khue.indicators.actions.support import DaysOutOfOrder, DeviceIsIn, DeviceIsOut, NotAPupilHere, NumberTaken
from khue.indicators.models import DeviceHolding, SupportedDevice, SupportProgramme
from khue.indicators.tests.test_indicators import answer
from tests.world import NOON, TODAY, World, actor

ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def programme(world: World) -> SupportProgramme:
    return actions.make_programme(
        actor=actor(world.department_officer), organisation=world.department, title="Sóng và máy tính",
        sponsor="Công ty A", starts_on=TODAY, ends_on=None, at=NOON,
    )  # fmt: skip


def received(world: World, *numbers: str) -> list[SupportedDevice]:
    head, made = actor(world.here.head), programme(world)
    return actions.receive_devices(
        actor=head, programme=made, school=world.here.organisation, kind="tablet", numbers=list(numbers), on=TODAY
    )


def test_a_thing_goes_to_a_pupil_and_back(world: World) -> None:
    head, (device,) = actor(world.here.head), received(world, "MTB-1")
    first, second = (world.here.enrolments[n].person for n in (0, 1))

    actions.hand_device(actor=head, device=device, pupil=first, on=TODAY)
    with pytest.raises(DeviceIsOut):
        actions.hand_device(actor=head, device=device, pupil=second, on=TODAY)
    actions.take_device_back(actor=head, device=device, on=TODAY + timedelta(days=9))
    with pytest.raises(DeviceIsIn):
        actions.take_device_back(actor=head, device=device, on=TODAY)
    actions.hand_device(actor=head, device=device, pupil=second, on=TODAY + timedelta(days=10))

    rows = DeviceHolding.objects.order_by("id").values_list("person_id", "returned_on")
    assert list(rows) == [(first.id, TODAY + timedelta(days=9)), (second.id, None)]
    assert [(x.devices, x.handed) for x in queries.programmes(head, world.here.organisation)] == [(1, 1)]
    assert [line.holder for line in queries.device_lines(head, [device], TODAY)] == [second.full_name]


def test_who_lacks_a_device_is_asked_of_the_survey(world: World) -> None:
    head, (device,) = actor(world.here.head), received(world, "MTB-1")
    lacking, having = world.here.enrolments[0].person, world.here.enrolments[1].person
    answer(world.here, lacking.id, has_device=False)
    answer(world.here, having.id, has_device=True)
    assert queries.pupils_without_device(head, world.here.organisation, TODAY) == [lacking]

    actions.hand_device(actor=head, device=device, pupil=lacking, on=TODAY)

    assert queries.pupils_without_device(head, world.here.organisation, TODAY) == []


def test_what_is_refused_changes_nothing(world: World) -> None:
    head, (device,) = actor(world.here.head), received(world, "MTB-1")
    made = SupportProgramme.objects.get()

    with pytest.raises(NumberTaken):
        actions.receive_devices(
            actor=head, programme=made, school=world.here.organisation, kind="sim", numbers=["S1", "S1"], on=TODAY
        )
    with pytest.raises(NumberTaken):
        actions.receive_devices(
            actor=actor(world.elsewhere.head), programme=made, school=world.elsewhere.organisation, kind="sim",
            numbers=["S2", "MTB-1"], on=TODAY,
        )  # fmt: skip
    with pytest.raises(NotAPupilHere):
        actions.hand_device(actor=head, device=device, pupil=world.elsewhere.enrolments[0].person, on=TODAY)
    with pytest.raises(DaysOutOfOrder):
        actions.hand_device(
            actor=head, device=device, pupil=world.here.enrolments[0].person, on=TODAY - timedelta(days=1)
        )
    with pytest.raises(Forbidden):
        actions.hand_device(
            actor=actor(world.elsewhere.head), device=device, pupil=world.here.enrolments[0].person, on=TODAY
        )

    assert SupportedDevice.objects.count() == 1
    assert not DeviceHolding.objects.exists()


def test_the_pages_from_the_sponsor_to_the_pupil(world: World, client_of: ClientOf) -> None:
    officer, head = client_of(world.department_officer), client_of(world.here.head)
    office, here = (f"/indicators/{x.public_id}/support/" for x in (world.department, world.here.organisation))
    typed = {"title": "Sóng và máy tính", "sponsor": "Công ty A", "starts_on": "01/11/2026"}
    assert officer.post(f"{office}new/", {**typed, "ends_on": "01/10/2026"}).status_code == 200
    assert officer.post(f"{office}new/", typed).status_code == 303
    made = SupportProgramme.objects.get()
    answer(world.here, world.here.enrolments[0].person_id, has_device=False)

    received = {"kind": "tablet", "numbers": "MTB-1\n\nMTB-2", "on": "20/11/2026"}
    assert head.post(f"{here}{made.public_id}/", received).status_code == 303
    assert head.post(f"{here}{made.public_id}/", received).status_code == 200
    device = SupportedDevice.objects.get(number="MTB-1")
    pupil = world.here.enrolments[0].person
    assert pupil.full_name in head.get(here).content.decode()
    head.post(f"/indicators/support/{device.public_id}/hand/", {"pupil": str(pupil.public_id)})
    assert f"{pupil.full_name}, từ 23/11/2026" in head.get(here).content.decode()
    assert head.post(f"/indicators/support/{device.public_id}/hand/", {"pupil": "x"}).status_code == 404
    head.post(f"/indicators/support/{device.public_id}/back/")
    assert DeviceHolding.objects.get().returned_on == TODAY

    assert "Sóng và máy tính" in officer.get(office).content.decode()
    for other in (world.elsewhere.head, world.here.teacher, world.here.pupils[0]):
        stranger = client_of(other)
        assert stranger.get(here).status_code == 404
        assert stranger.post(f"/indicators/support/{device.public_id}/back/").status_code == 404


@pytest.mark.parametrize("things", [1, 10])
def test_the_page_of_a_school_costs_the_same_for_many_things(
    world: World, things: int, client_of: ClientOf, django_assert_max_num_queries: Callable
) -> None:
    received(world, *(f"MTB-{n}" for n in range(things)))
    answer(world.here, world.here.enrolments[0].person.id, has_device=False)
    head = client_of(world.here.head)
    with django_assert_max_num_queries(14):
        shown = head.get(f"/indicators/{world.here.organisation.public_id}/support/").content.decode()

    line = shown.partition("Học sinh chưa có thiết bị")[2]
    assert world.here.enrolments[0].person.full_name in line
    assert world.here.school_class.name in line
