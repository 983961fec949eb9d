"""Figures of schools on other nodes: summed whatever order they come in, shown school by school, counted once."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.exchange import actions as exchange
from khue.exchange.models import ReportedRecord
from khue.exchange.tests.conftest import NodeBelow, below, named  # noqa: F401  fixtures
from khue.foundation import events, haste
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.indicators import actions, tasks
from khue.indicators.models import FarFigure, FigureMark, IndicatorCount
from khue.indicators.tests.test_indicators import YEAR, counts, hold_lessons
from khue.indicators.tests.test_indicators import count as counted
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


def figure(node: NodeBelow, version: int, numerator: int, denominator: int, code: str = "A5", **more: object):
    """One figure as the school's node reports it."""
    said = {
        "matruong": node.school, "tentruong": "TH Mỹ An", "namhoc": YEAR, "machiso": code, "phienban": 1,
        "tuso": numerator, "mauso": denominator, "chuaro": 0,
    }  # fmt: skip
    event = str(more.pop("event", "NEW"))
    key = f"figure.{node.peer.organisation.public_id}.{YEAR}.{code}"
    return node.record(key, version, event, "figure", **{**said, **more})


def come(node: NodeBelow, *records):
    """They come in the next batch. What the node answered."""
    return node.accept(node.batch(*records, number=len(node.digests) + 1))


def take(node: NodeBelow, *records) -> None:
    """They come in one batch, and are taken."""
    held = come(node, *records).held
    assert held == []
    tasks.take_figures()


def sums(world: World) -> list[tuple[int, int, int] | None]:
    places = (world.elsewhere.organisation, world.department, world.ministry)
    return [counts(place).get("A5") for place in places]


def test_a_figure_of_another_node_is_summed_up_to_the_top_and_follows_its_versions(
    below: NodeBelow, named: World  # noqa: F811
) -> None:  # fmt: skip
    named.here.school_class.grade = 3
    named.here.school_class.save()
    hold_lessons(named.here, online=2, classroom=2)
    counted(named.here)

    take(below, figure(below, 1, 1, 4))
    assert sums(named) == [(1, 4, 0), (3, 8, 0), (3, 8, 0)]
    take(below, figure(below, 2, 3, 5, event="UPdate"))
    assert sums(named) == [(3, 5, 0), (5, 9, 0), (5, 9, 0)]
    tasks.take_figures()
    FigureMark.objects.update(position=0)  # as after a restore: everything is looked at again
    tasks.take_figures()
    assert sums(named) == [(3, 5, 0), (5, 9, 0), (5, 9, 0)]
    cancelled = below.record(figure(below, 3, 0, 0).IdBanGhi, 3, "CANCEL", "figure")
    take(below, cancelled)
    assert sums(named) == [(0, 0, 0), (2, 4, 0), (2, 4, 0)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(9, 20)), min_size=1, max_size=5), st.integers(0, 99))
def test_in_whatever_order_versions_come_the_sums_are_those_of_the_newest(
    below: NodeBelow, named: World, told: list[tuple[int, int]], seed: int  # noqa: F811
) -> None:  # fmt: skip
    FarFigure.objects.all().delete()
    IndicatorCount.objects.all().delete()
    ReportedRecord.objects.all().delete()
    records = [figure(below, version, *one) for version, one in enumerate(told, 1)]
    shuffled = records + records[:2]
    Random(seed).shuffle(shuffled)
    for record in shuffled:
        take(below, record)

    assert sums(named) == [(*told[-1], 0)] * 3


def test_what_is_no_count_is_held_back_and_sums_stay(below: NodeBelow, named: World) -> None:  # noqa: F811
    take(below, figure(below, 1, 1, 4))
    for wrong in ({"tuso": -1}, {"tuso": 9}, {"mauso": "x"}, {"machiso": None}, {"tuso": True}, {"diem": 3}):
        record = figure(below, 2, 1, 4, **wrong)
        answer = come(below, record)
        assert (answer.taken, len(answer.held) > 0) == (0, True), wrong
    tasks.take_figures()
    assert sums(named) == [(1, 4, 0)] * 3
    take(below, figure(below, 3, 1, 4, "B4"))  # said in words, never counted: there is nothing to sum
    assert "B4" not in counts(named.department)


def test_a_school_whose_own_node_reports_is_not_counted_here_as_well(below: NodeBelow, named: World) -> None:  # noqa: F811
    """It had its rows here before: what they came to gives way to what its node says."""
    named.elsewhere.school_class.grade = 3
    named.elsewhere.school_class.save()
    hold_lessons(named.elsewhere, online=1, classroom=1)
    counted(named.elsewhere)
    assert sums(named) == [(1, 2, 0)] * 3

    take(below, figure(below, 1, 2, 3))
    assert sums(named) == [(2, 3, 0)] * 3
    counted(named.elsewhere)
    assert sums(named) == [(2, 3, 0)] * 3


def test_a_school_that_the_ministry_does_not_know_counts_for_the_department_until_it_is_founded(
    below: NodeBelow, named: World  # noqa: F811
) -> None:  # fmt: skip
    school = below.peer.organisation
    code = school.code
    type(school).objects.filter(id=school.id).update(code="OTHER")
    type(below.peer).objects.filter(id=below.peer.id).update(organisation=named.department, level="department")
    below.peer.refresh_from_db()
    take(below, figure(below, 1, 1, 4))
    assert sums(named) == [None, (1, 4, 0), (1, 4, 0)]

    type(school).objects.filter(id=school.id).update(code=code)
    take(below, figure(below, 2, 2, 5))
    assert sums(named) == [(2, 5, 0)] * 3


def test_an_officer_sees_school_by_school_who_said_what_when_and_nobody_else_does(
    below: NodeBelow, named: World, client_of  # noqa: F811
) -> None:  # fmt: skip
    take(below, figure(below, 1, 1, 4))
    place = f"/indicators/{named.elsewhere.organisation.public_id}/A5/"
    officer = client_of(named.department_officer)

    assert "1 trường giữ dữ liệu ở hệ thống riêng" in officer.get(place).content.decode()
    page = officer.get(f"{place}far/").content.decode()
    for text in ("TH Mỹ An", "25,0\xa0%", "phiên bản 1", escape(below.peer.name)):
        assert text in page
    assert "Không tìm thấy trường nào" in officer.get(f"{place}far/?q=khac").content.decode()
    assert "TH Mỹ An" in officer.get(f"{place}far/?q=my+an").content.decode()
    assert f"{place}far/" in officer.get(f"{place}lineage/").content.decode()
    for stranger in (named.here.head, named.here.pupils[0], named.here.guardians[0]):
        assert client_of(stranger).get(f"{place}far/").status_code in (403, 404)


def test_the_page_costs_the_same_for_one_school_and_for_thirty(below: NodeBelow, named: World, client_of) -> None:  # noqa: F811  fixtures
    take(below, figure(below, 1, 1, 4))
    officer = client_of(named.department_officer)
    address = f"/indicators/{named.elsewhere.organisation.public_id}/A5/far/"

    def cost() -> int:
        officer.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address).status_code == 200
        return len(captured)

    few = cost()
    row = FarFigure.objects.get()
    for number in range(30):
        row.id, row.key, row.school_name = None, f"k{number}", f"Trường {number}"
        row.save()
    assert cost() == few <= 15


def test_where_no_node_reports_a_page_does_not_ask_for_it(below: NodeBelow, named: World, client_of) -> None:  # noqa: F811  fixtures
    place = f"/indicators/{named.elsewhere.organisation.public_id}/A5/"
    counted(named.elsewhere)
    officer = client_of(named.department_officer)

    def asked(address: str) -> list[bool]:
        officer.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address).status_code == 200
        return ["MAX(" in one["sql"] and "farfigure" in one["sql"] for one in captured]

    before = {address: asked(address) for address in (place, f"{place}lineage/")}
    take(below, figure(below, 1, 1, 4))
    after = {address: asked(address) for address in before}

    assert not any(sum(found) for found in before.values())
    assert {address: sum(found) for address, found in after.items()} == dict.fromkeys(before, 1)
    assert {address: len(found) for address, found in after.items()} == {
        address: len(found) + 1 for address, found in before.items()
    }


def test_what_changed_at_a_school_is_reported_once(named: World) -> None:  # noqa: F811
    hold_lessons(named.here, online=1, classroom=1)
    counted(named.here)
    place = named.here.organisation

    assert actions.report_school(actor=SYSTEM, organisation_id=place.id, at=NOON) == 8
    assert actions.report_school(actor=SYSTEM, organisation_id=place.id, at=NOON) == 0
    exchange.collect_school(actor=SYSTEM, school=place, at=NOON)  # what is no row of the school is not cancelled
    hold_lessons(named.here, online=1, classroom=0)
    counted(named.here)
    with CaptureQueriesContext(connection) as captured:
        assert actions.report_school(actor=SYSTEM, organisation_id=place.id, at=NOON) == 1
    assert len(captured) == 15
    said = ReportedRecord.objects.get(kind="figure", payload__machiso="A6")
    assert (said.version, said.event, said.payload["tuso"], said.payload["mauso"]) == (2, "UPdate", 2, 3)


def test_who_may_not_neither_takes_nor_reports(below: NodeBelow, named: World) -> None:  # noqa: F811
    come(below, figure(below, 1, 1, 4))

    with pytest.raises(Forbidden):
        actions.take_figures(actor=actor(named.here.teacher), at=NOON)
    with pytest.raises(Forbidden):
        actions.report_school(
            actor=actor(named.here.head), organisation_id=named.elsewhere.organisation.id, at=NOON
        )  # fmt: skip
    assert not FarFigure.objects.exists()
    assert not ReportedRecord.objects.filter(peer=None).exists()


def test_figures_that_came_are_taken_at_the_clocks_next_turn(below: NodeBelow) -> None:  # noqa: F811
    come(below, figure(below, 1, 1, 4))
    events.deliver_now()

    assert haste.taken(tasks.TAKE)
    come(below, below.record("a"))
    events.deliver_now()
    assert not haste.taken(tasks.TAKE)
