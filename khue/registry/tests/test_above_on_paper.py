"""Whose name stands above the name of a body on its papers."""

import pytest

from khue.registry.models import Territory
from khue.registry.queries.places import above_on_paper
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_department_is_its_provinces_and_a_committee_issues_by_itself(world: World) -> None:
    assert above_on_paper(world.here.organisation) == world.commune_office.name
    assert above_on_paper(world.commune_office) == ""
    assert above_on_paper(world.ministry) == ""
    world.department.territory = Territory.objects.filter(level="province", code="82").first()
    assert world.department.territory is not None

    assert above_on_paper(world.department) == "Uỷ ban nhân dân tỉnh\u00a0Đồng\u00a0Tháp"
