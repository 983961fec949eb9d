"""Who writes what a school reports and who changes its keeper wait for each other: two connections to one database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from khue.exchange import actions, queries
from khue.exchange.models import ReportedRecord
from khue.exchange.tests.country import Country
from khue.exchange.tests.country import built as built
from khue.exchange.tests.country import country as country
from khue.exchange.tests.nodes import Node
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.registry.models import Organisation


def collect(school: Organisation) -> actions.Collected:
    return actions.collect_school(actor=SYSTEM, school=school, at=clock.now())


def report(school: Organisation) -> int:
    figure = actions.Figure(code="A9", year="2026-2027", definition=1, numerator=1, denominator=4, unknown=0)
    return actions.report_figures(actor=SYSTEM, school=school, figures=[figure], at=clock.now())


def waits(node: Node, deed: Callable[[], object]) -> bool:
    """Whether it waits for another connection, which has a transaction open. Undone then."""

    def impatient() -> None:
        with node.inside():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            deed()

    try:
        impatient()
    except OperationalError as error:
        return "lock timeout" in str(error)
    return False


@contextmanager
def beside(node: Node) -> Iterator[None]:
    """A transaction of another connection to the same database."""
    other = Node(node.database, node.secret)
    try:
        with other.inside():
            yield
    finally:
        other.close()


def hand_back() -> object:
    return actions.hand_back_school(actor=SYSTEM, peer=queries.peer_above(), at=clock.now())


@pytest.mark.parametrize("write", [collect, report])
def test_a_school_hands_nothing_back_while_its_records_are_written(country: Country, write):
    country.hand_over()
    country.take_up()
    country.send()
    school, place = country.low.school, country.low.place

    with beside(school):
        write(place)
        assert waits(school, hand_back)
    with beside(school):
        hand_back()
        assert waits(school, lambda: write(place))

    with school.inside():
        assert (collect(place).records, report(place)) == (0, 0)


def test_a_department_hands_nothing_over_while_it_collects(country: Country):
    department = country.low.department

    with beside(department):
        collect(country.body)
        assert waits(department, country.hand_over_here)
    country.hand_over()

    with department.inside():
        assert not ReportedRecord.objects.filter(peer=None, organisation=country.body).exists()
