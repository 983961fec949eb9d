"""Many of the staff at once, each on a connection of their own, on a database that keeps what they commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import connection

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.workspace import actions
from khue.workspace.actions import Arrival
from khue.workspace.refusals import VenueTaken
from tests.world import NOON, TODAY, School, actor, maths_subject, organisation, school

Made = TypeVar("Made")


@pytest.fixture
def office(committed_db: str) -> School:
    with scope.of_organisation(None):
        return school("THCS Hoà Bình", organisation("department", "Sở GDĐT"), maths_subject(), pupils=0)


def _actor(office: School) -> Actor:
    with scope.of_organisation(None):
        return actor(office.clerk)


def _at_once(who: Actor, work: Callable[[int], Made], times: int) -> list[Made]:
    def one(number: int) -> Made:
        try:
            with scope.of(who):
                return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        return list(crowd.map(one, range(times)))


def test_clerks_who_register_at_once_take_every_number_once(office: School) -> None:
    clerk = _actor(office)

    def register(number: int) -> int | None:
        arrival = Arrival(f"{number}/SGDĐT", TODAY, "Sở GDĐT", "letter", "Về việc báo cáo")
        place = office.organisation.id
        return actions.register(actor=clerk, organisation_id=place, arrival=arrival, on=TODAY, at=NOON).number

    assert sorted(filter(None, _at_once(clerk, register, 24))) == list(range(1, 25))


def test_of_all_who_ask_for_a_venue_at_once_one_gets_it(office: School) -> None:
    clerk = _actor(office)
    with scope.of(clerk):
        hall = actions.add_venue(actor=clerk, organisation_id=office.organisation.id, name="Hội trường", seats=None)

    def book(number: int) -> bool:
        try:
            actions.plan_occasion(
                actor=clerk,
                organisation_id=office.organisation.id,
                title=f"Họp {number}",
                attended_by="",
                starts_at=NOON,
                ends_at=NOON + timedelta(hours=1),
                venue=hall,
            )
        except VenueTaken:
            return False
        return True

    assert sum(_at_once(clerk, book, 12)) == 1
