from datetime import date

import pytest

from khue.foundation.errors import Forbidden
from khue.registry import actions
from khue.registry.models import Organisation
from tests.world import TODAY, World, actor


def found(world: World, who: object, name: str = "Điểm trường 2") -> Organisation:
    return actions.found_campus(
        actor=actor(who), school=world.here.organisation, name=name, address="Ấp 3", on=date(2026, 9, 7)
    )


def test_a_head_founds_renames_and_closes_a_campus(world: World) -> None:
    head = world.here.head
    campus = found(world, head, " Điểm  trường 2 ")
    actions.change_campus(actor=actor(head), campus=campus, name="Điểm trường Tân Kiều", address="Ấp 4")
    closed = actions.close_campus(actor=actor(head), campus=campus, on=TODAY)

    assert (closed.name, closed.address, closed.valid_to) == ("Điểm trường Tân Kiều", "Ấp 4", TODAY)
    assert closed.lineage == f"{world.here.organisation.lineage}{closed.id}."


def test_a_campus_stands_under_a_school_and_has_a_name(world: World) -> None:
    head = world.here.head
    campus = found(world, head)
    with pytest.raises(actions.NameMissing):
        found(world, head, " ")
    for name in ("Điểm trường Chính", world.here.organisation.name):
        with pytest.raises(actions.CampusIsMain):
            found(world, head, name)
    with pytest.raises(actions.NameMissing):
        actions.change_campus(actor=actor(head), campus=campus, name="", address="")
    with pytest.raises(actions.WrongParent):
        actions.found_campus(actor=actor(head), school=campus, name="Điểm lẻ", address="", on=TODAY)
    with pytest.raises(actions.WrongParent):
        actions.close_campus(actor=actor(head), campus=world.here.organisation, on=TODAY)
    with pytest.raises(actions.WrongParent):
        actions.change_campus(actor=actor(head), campus=world.here.organisation, name="x", address="")

    assert Organisation.objects.filter(kind="campus").count() == 1
    assert Organisation.objects.get(id=world.here.organisation.id).valid_to is None


def test_nobody_else_touches_the_campuses_of_a_school(world: World) -> None:
    campus = found(world, world.here.head)
    for who in (world.here.teacher, world.here.pupils[0], world.elsewhere.head):
        with pytest.raises(Forbidden):
            found(world, who, "Điểm trường 3")
        with pytest.raises(Forbidden):
            actions.change_campus(actor=actor(who), campus=campus, name="x", address="")
        with pytest.raises(Forbidden):
            actions.close_campus(actor=actor(who), campus=campus, on=TODAY)

    assert list(Organisation.objects.filter(kind="campus").values_list("name", "valid_to")) == [("Điểm trường 2", None)]
