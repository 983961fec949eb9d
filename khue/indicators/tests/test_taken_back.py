"""A school's rows come back from its own node: its indicators are counted here again, and the sums follow."""

import pytest

from khue.exchange import actions as exchange
from khue.exchange.tests.conftest import NodeBelow, below, named  # noqa: F401  fixtures
from khue.exchange.tests.test_keeper_pages import note
from khue.foundation import events, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.indicators import actions, tasks
from khue.indicators.models import FarFigure, IndicatorCount
from khue.indicators.tests.test_far_figures import come, figure, sums, take
from khue.indicators.tests.test_indicators import count as counted
from khue.indicators.tests.test_indicators import hold_lessons
from khue.registry.models import Organisation
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


def test_a_school_that_is_taken_back_is_counted_from_its_rows_again(below: NodeBelow, named: World) -> None:  # noqa: F811
    named.elsewhere.school_class.grade = 3
    named.elsewhere.school_class.save()
    told = below.record("school.1", kind="school", tentruong="THCS", matruong=below.school)
    take(below, told, figure(below, 1, 3, 9))
    note(below)
    hold_lessons(named.elsewhere, online=1, classroom=1)
    counted(named.elsewhere)
    assert sums(named) == [(3, 9, 0)] * 3

    exchange.take_back_school(actor=SYSTEM, peer=below.peer, at=NOON)
    events.deliver_now()
    assert sums(named) == [(3, 9, 0)] * 3  # until it is counted
    tasks.count_stale_schools()

    assert sums(named) == [(1, 2, 0)] * 3
    assert not FarFigure.objects.exists()
    assert AuditRow.objects.filter(verb="figures.counted_here").count() == 1
    hold_lessons(named.elsewhere, online=1, classroom=0)
    counted(named.elsewhere)
    assert sums(named) == [(2, 3, 0)] * 3


def test_what_its_node_told_last_of_a_year_that_is_over_stands_in_the_sums(
    below: NodeBelow, named: World  # noqa: F811
) -> None:  # fmt: skip
    """It arrived, and nobody had taken it when the school was taken back: nothing counts that year again."""

    def last_year(place: Organisation) -> tuple[int, int] | None:
        found = IndicatorCount.objects.filter(organisation=place, code="A5", school_year="2025-2026")
        return found.values_list("numerator", "denominator").first()

    told = below.record("school.1", kind="school", tentruong="THCS", matruong=below.school)
    take(below, told, figure(below, 1, 1, 4, namhoc="2025-2026"))
    places = [named.elsewhere.organisation, named.department, named.ministry]
    assert [last_year(place) for place in places] == [(1, 4)] * 3
    come(below, figure(below, 2, 3, 5, event="UPdate", namhoc="2025-2026"))
    note(below)

    exchange.take_back_school(actor=SYSTEM, peer=below.peer, at=NOON)
    events.deliver_now()
    tasks.take_figures()
    tasks.count_stale_schools()
    events.deliver_now()

    assert [last_year(place) for place in places] == [(3, 5)] * 3


def test_who_may_not_ends_no_figure(below: NodeBelow, named: World) -> None:  # noqa: F811
    take(below, figure(below, 1, 3, 9))

    for somebody in (named.elsewhere.clerk, named.here.head):
        with scope.of(actor(somebody)), pytest.raises(Forbidden):
            actions.count_here_again(
                actor=actor(somebody), organisation_id=named.elsewhere.organisation.id, at=NOON
            )  # fmt: skip

    assert FarFigure.objects.count() == 1
