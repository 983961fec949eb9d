"""A school's node and its department's, as many tests begin with them."""

from collections.abc import Iterator

import pytest

from khue.exchange import actions
from khue.exchange.tests.nodes import Line, Pair, introduce, node
from khue.foundation.actor import SYSTEM
from khue.registry.models import Organisation
from tests import world as builders


@pytest.fixture
def pair(django_db_setup, django_db_blocker) -> Iterator[Pair]:
    with django_db_blocker.unblock(), node("school") as school, node("department") as department:
        with school.inside():
            made = builders.school("THCS Mỹ An", None, builders.maths_subject(), pupils=3)
            place = made.organisation
            Organisation.objects.filter(id=place.id).update(code="82300011", level_groups="03")
            place.refresh_from_db()
            actions.name_node(actor=SYSTEM, organisation=place)
        with department.inside():
            root = builders.organisation("department", "Sở GD&ĐT Đồng Tháp")
            body = builders.organisation("school", "THCS Mỹ An", root)
            Organisation.objects.filter(id=body.id).update(code="82300011")
            actions.name_node(actor=SYSTEM, organisation=root)
        introduce(school, department, body, place)
        pair = Pair(school, department, Line(department), place)
        pair.change(lambda: None)
        yield pair
