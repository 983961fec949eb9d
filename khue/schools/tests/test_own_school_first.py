"""Whoever files for a child is offered the child's school before the others of the province."""

import re

import pytest

from khue.procedures.models import Procedure
from khue.registry.models import Organisation
from tests.world import World

pytestmark = pytest.mark.django_db
OFFERED = re.compile(r'href="\?[^"]*office=[^"]*">([^<]*)</a>(?:<small>([^<]*)</small>)?')


def test_the_school_of_the_child_stands_first(world: World, client_of) -> None:
    Organisation.objects.filter(id=world.here.organisation.id).update(
        name="THCS Vĩnh Thạnh", folded_name="thcs vinh thanh"
    )
    child, mother = world.here.enrolments[0].person, client_of(world.here.guardians[0])
    address = f"/procedures/{Procedure.objects.get(key='study-confirmation').public_id}/file/?subject="

    offered = OFFERED.findall(mother.get(f"{address}{child.public_id}").content.decode())
    assert offered[0] == ("THCS Vĩnh Thạnh", "Nơi đang học")
    assert len(offered) == len(set(offered)) > 1
    assert "THCS Vĩnh Thạnh" not in [name for name, _place in offered[1:]]

    for_another = OFFERED.findall(mother.get(f"{address}none").content.decode())
    assert "THCS Vĩnh Thạnh" in [name for name, _place in for_another]
    assert "Nơi đang học" not in [place for _name, place in for_another]
    searched = OFFERED.findall(mother.get(f"{address}{child.public_id}&q=vinh").content.decode())
    assert [name for name, _place in searched] == ["THCS Vĩnh Thạnh"]
