"""That the walk of test_isolation.py is not blind: a table left open on purpose is found."""

import pytest

from khue.foundation.tests.conftest import Node
from khue.foundation.tests.test_isolation import problems_of, tried
from tests.world import world


@pytest.mark.parametrize(
    "opened",
    [
        "ALTER TABLE schools_device DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY too_much ON schools_device FOR SELECT USING (true)",
        "CREATE POLICY too_much ON schools_device FOR DELETE USING (true)",
        "CREATE POLICY too_much ON schools_device FOR INSERT WITH CHECK (organisation_id > 0)",
    ],
)
def test_the_walk_notices_a_table_that_was_left_open(node: Node, opened: str) -> None:
    node.as_owner(opened)
    with tried("*"):
        small = world()
        found = list(problems_of("schools_device", small.here.organisation.id, small.elsewhere.organisation.id))

    assert found != []
