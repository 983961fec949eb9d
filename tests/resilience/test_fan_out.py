"""A notice goes out while its worker is killed again and again: everybody is told once, by each channel once."""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest

from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.foundation.text import name_sort_key
from khue.messaging import actions
from khue.messaging.actions import Announcement
from tests.world import NOON, YEAR_START, World, actor, organisation, world

pytestmark = pytest.mark.resilience
SCHOOLS = 120
FAMILIES = 40

_PEOPLE = """
    INSERT INTO registry_person (public_id, organisation_id, full_name, other_name, sort_key, sex, birthplace,
        foreign_paper, ethnicity, nationality, address, phone, email, is_disabled, is_poor_household)
    SELECT gen_random_uuid(), o.id, k.kind || n, '', %s, '0', '', '', '', 'VN', '', '',
           CASE WHEN k.kind = 'guardian' THEN 'g' || o.id || '.' || n || '@example.vn' ELSE '' END, false, false
    FROM registry_organisation o, generate_series(1, %s) AS n, (VALUES ('pupil'), ('guardian')) AS k (kind)
    WHERE o.name LIKE 'Trường số%%'
"""
_FAMILIES = """
    INSERT INTO registry_guardianship (organisation_id, child_id, guardian_id, relationship, receives_messages,
        may_decide, is_barred, court_decision, valid_from)
    SELECT c.organisation_id, c.id, g.id, 'mother', true, true, false, '', %s
    FROM registry_person c JOIN registry_person g ON g.organisation_id = c.organisation_id
     AND g.full_name = replace(c.full_name, 'pupil', 'guardian')
    WHERE c.full_name LIKE 'pupil%%'
"""


def province(node: Node) -> tuple[World, int]:  # noqa: F811  the fixture
    """Many small schools below the department, and how many families there are."""
    with scope.of_organisation(None):
        made = world()
        for number in range(SCHOOLS):
            organisation("school", f"Trường số {number}", made.department)
    node.as_owner(_PEOPLE, name_sort_key("a"), FAMILIES)
    node.as_owner(_FAMILIES, YEAR_START)
    [(families,)] = node.as_owner("SELECT count(DISTINCT guardian_id) FROM registry_guardianship")
    return made, int(str(families))


def told(node: Node) -> int:  # noqa: F811  the fixture
    return int(str(node.as_owner("SELECT count(*) FROM messaging_delivery WHERE channel = 'app'")[0][0]))


def killed_while_it_works(node: Node, is_over: Callable[[], bool]) -> int:  # noqa: F811  the fixture
    """Start a worker, let it tell some people, kill it. returns how many were told when it died."""
    begun = told(node)
    process = node.start("tests.resilience.slow_fan_out")
    wait_until(lambda: told(node) > begun or is_over())
    time.sleep(random.uniform(0, 0.1))
    with suppress(ProcessLookupError):
        os.kill(process.pid, 9)
    process.wait()
    return told(node)


def test_a_killed_fan_out_goes_on_and_tells_everybody_exactly_once(node: Node) -> None:  # noqa: F811  the fixture
    made, families = province(node)
    with scope.of_organisation(None):
        notice = Announcement(key=uuid4(), audience="registry.guardians", subject="Nghỉ bão", body="Nghỉ học.")
        officer = actor(made.department_officer)
        actions.broadcast(actor=officer, organisation=made.department, notice=notice, at=NOON)

    def is_over() -> bool:
        return node.as_owner("SELECT count(*) FROM messaging_broadcast WHERE finished_at IS NOT NULL") == [(1,)]

    at_death = [killed_while_it_works(node, is_over) for _ in range(4)]
    assert at_death == sorted(at_death), "what was committed stays"
    assert 0 < at_death[0] < families, "it was killed in the middle"
    node.start("tests.resilience.slow_fan_out")
    wait_until(is_over, seconds=90)

    once = "SELECT count(*), count(DISTINCT recipient_id) FROM messaging_delivery WHERE channel = %s"
    assert node.as_owner(once, "app") == [(families, families)]
    assert node.as_owner(once, "email") == [(families, families)]
    assert node.as_owner("SELECT told_count FROM messaging_broadcast") == [(families,)]
