import pytest

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound
from khue.registry import actions as registry
from khue.registry.models import Organisation
from khue.schools import actions, queries
from khue.schools.actions import ConnectionDetails, DeviceDetails, RoomDetails
from khue.schools.models import Connection, Device, Room, SchoolClass
from tests.world import TODAY, World, actor, organisation


def clerk(world: World) -> Actor:
    return actor(world.here.clerk)


def room(world: World, name: str = "P.101", campus: Organisation | None = None) -> Room:
    return actions.add_room(
        actor=clerk(world), organisation=world.here.organisation, details=RoomDetails(name, seats=45, campus=campus)
    )


def device(world: World, label: str, **more: object) -> Device:
    return actions.add_device(
        actor=clerk(world), organisation=world.here.organisation, details=DeviceDetails(label, **more)
    )


def test_what_a_school_has_is_counted(world: World) -> None:
    here = world.here.organisation
    first, _second = room(world), room(world, "P.102")
    device(world, "Máy chiếu P.101", kind="projector", room=first)
    device(world, "Máy tính phòng 1", kind="computer", quantity=40, has_digital_record=False)
    gone = device(world, "Tivi cũ", kind="screen")
    actions.retire(actor=clerk(world), thing=gone, on=TODAY)
    line = actions.add_connection(
        actor=clerk(world), organisation=here, details=ConnectionDetails("fibre", "Nhà mạng A", 200)
    )
    actions.change_connection(actor=clerk(world), connection=line, details=ConnectionDetails("fibre", "", 300))

    found = queries.premises_of(here)

    assert (found.classrooms, found.classrooms_with_a_screen, found.computers) == (2, 1, 40)
    assert (found.things, found.recorded, found.megabits_per_second) == (41, 1, 300)
    counted = queries.count_records(here.id)
    assert (counted.recorded, counted.things) == (1, 41)
    assert queries.count_records(world.elsewhere.organisation.id).things == 0


def test_names_and_places_that_do_not_fit_are_refused(world: World) -> None:
    first = room(world)
    campus = registry.found_campus(
        actor=clerk(world), school=world.here.organisation, name="Điểm 2", address="", on=TODAY
    )
    away = organisation("campus", "Điểm trường xa", world.elsewhere.organisation)
    other = Room.objects.create(organisation=world.elsewhere.organisation, name="P.900")
    with pytest.raises(actions.RoomNameTaken):
        room(world, " p.101 ")
    with pytest.raises(actions.NameMissing):
        room(world, " ")
    with pytest.raises(actions.CampusElsewhere):
        room(world, "P.300", away)
    with pytest.raises(actions.RoomElsewhere):
        device(world, "Máy in", kind="printer", room=other)
    with pytest.raises(actions.NameMissing):
        device(world, "", kind="printer")
    with pytest.raises(actions.CampusElsewhere):
        actions.add_connection(
            actor=clerk(world), organisation=world.here.organisation, details=ConnectionDetails("fibre", campus=away)
        )

    assert Room.objects.filter(organisation=world.here.organisation).count() == 1
    assert not Device.objects.exists()
    there = actions.change_room(actor=clerk(world), room=first, details=RoomDetails("P.101", campus=campus))
    assert room(world).campus is None
    with pytest.raises(actions.CampusInUse, match="0 lớp và 1 phòng"):
        actions.close_campus(actor=clerk(world), campus=campus, on=TODAY)
    actions.retire(actor=clerk(world), thing=there, on=TODAY)
    SchoolClass.objects.filter(id=world.here.school_class.id).update(campus=campus)
    with pytest.raises(actions.CampusInUse, match="1 lớp và 0 phòng"):
        actions.close_campus(actor=clerk(world), campus=campus, on=TODAY)
    SchoolClass.objects.update(campus=None)
    actions.close_campus(actor=clerk(world), campus=campus, on=TODAY)
    with pytest.raises(NotFound):
        queries.campus_of(clerk(world), campus.public_id)


def test_only_the_office_of_the_school_changes_what_it_has(world: World) -> None:
    here = world.here
    first, printer = room(world), device(world, "Máy in", kind="printer")
    line = actions.add_connection(
        actor=clerk(world), organisation=here.organisation, details=ConnectionDetails("fibre")
    )
    campus = organisation("campus", "Điểm 2", here.organisation)
    for who in (here.teacher, here.pupils[0], world.elsewhere.head, world.department_officer):
        one = actor(who)
        for call in (
            lambda a: actions.add_room(actor=a, organisation=here.organisation, details=RoomDetails("P.9")),
            lambda a: actions.change_room(actor=a, room=first, details=RoomDetails("P.9")),
            lambda a: actions.add_device(
                actor=a, organisation=here.organisation, details=DeviceDetails("x", "printer")
            ),
            lambda a: actions.change_device(actor=a, device=printer, details=DeviceDetails("x", "printer")),
            lambda a: actions.add_connection(
                actor=a, organisation=here.organisation, details=ConnectionDetails("fibre")
            ),
            lambda a: actions.change_connection(actor=a, connection=line, details=ConnectionDetails("mobile")),
            lambda a: actions.retire(actor=a, thing=printer, on=TODAY),
            lambda a: actions.close_campus(actor=a, campus=campus, on=TODAY),
        ):
            with pytest.raises(Forbidden):
                call(one)

    assert list(Room.objects.values_list("name", flat=True)) == ["P.101"]
    assert list(Device.objects.values_list("label", "retired_on")) == [("Máy in", None)]
    assert list(Connection.objects.values_list("kind", flat=True)) == ["fibre"]
    campus.refresh_from_db()
    assert campus.valid_to is None


def test_a_clerk_keeps_the_inventory_through_the_pages(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    campus = {"name": "Điểm trường 2", "address": "Ấp 3"}
    assert client.post("/premises/campuses/new/", campus)["Location"] == "/premises/?show=campuses"
    there = Organisation.objects.get(name="Điểm trường 2")
    new_room = {"name": "P.101", "kind": "classroom", "seats": "45", "campus": str(there.public_id)}
    assert client.post("/premises/rooms/new/", new_room)["Location"] == "/premises/?show=rooms"
    assert client.post("/premises/rooms/new/", new_room).status_code == 422
    made = Room.objects.get()
    thing = {
        "label": "Máy chiếu",
        "kind": "projector",
        "quantity": "2",
        "condition": "good",
        "room": str(made.public_id),
    }
    assert client.post("/premises/devices/new/", thing)["Location"] == "/premises/?show=devices"
    line = {"kind": "fibre", "provider": "A", "megabits_per_second": "200"}
    assert client.post("/premises/connections/new/", line)["Location"] == "/premises/?show=connections"
    things = {
        "devices": Device.objects.get(),
        "connections": Connection.objects.get(),
        "rooms": made,
        "campuses": there,
    }
    forms = {"devices": thing, "connections": line, "rooms": new_room, "campuses": campus}
    for part, row in things.items():
        assert client.get(f"/premises/?show={part}").status_code == 200
        assert client.get(f"/premises/{part}/{row.public_id}/").status_code == 200
        assert client.post(f"/premises/{part}/{row.public_id}/", forms[part]).status_code == 303

    other, officer = client_of(world.elsewhere.head), client_of(world.department_officer)
    for part, row in things.items():
        assert other.get(f"/premises/{part}/{row.public_id}/").status_code == 404
        assert other.post(f"/premises/{part}/{row.public_id}/retire/").status_code == 404
        assert officer.post(f"/premises/{part}/{row.public_id}/").status_code == 403
    assert client_of(world.here.teacher).get("/premises/").status_code == 403
    assert client.post(f"/premises/campuses/{there.public_id}/retire/").status_code == 303
    there.refresh_from_db()
    assert there.valid_to is None
    for part, row in things.items():
        assert client.post(f"/premises/{part}/{row.public_id}/retire/")["Location"] == f"/premises/?show={part}"
        assert client.get(f"/premises/{part}/{row.public_id}/").status_code == 404
    assert client.post(f"/premises/others/{made.public_id}/retire/").status_code == 404


def test_the_inventory_costs_the_same_for_one_room_and_for_thirty(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.clerk)
    for count in (1, 29):
        for number in range(count):
            made = room(world, f"P.{count}{number}")
            device(world, f"Máy {count}{number}", kind="computer", room=made)
        with django_assert_num_queries(12):
            client.get("/premises/?show=devices")
