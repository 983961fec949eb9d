"""A class writes a test while everything beneath it is killed: no acknowledged answer is lost, results arrive once.

One `khue serve` with its own PostgreSQL, as an operator runs it. Most pupils save by way of the hot door, some by
way of the web; each tries again until the node says that it has the answer.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from khue.assessment import actions as assessment
from khue.assessment.tests.builders import set_test
from khue.foundation import clock, scope
from khue.foundation.hot import tickets
from khue.foundation.tests.conftest import Node, node  # noqa: F401  a fixture
from khue.identity import actions as identity
from tests.resilience.copied import serving_copy
from tests.resilience.node import ServedNode
from tests.resilience.savers import FormSaver, PlayerSaver, Saver
from tests.world import School, actor, world

pytestmark = pytest.mark.resilience
QUESTIONS = 40
PUPILS = 24
BY_FORM = 4

#: What is killed, one after the other; "all of it" at once comes last.
ACCIDENTS = (("web",), ("front",), ("worker",), ("postgres",), ("web", "front", "worker", "postgres"))


@pytest.fixture
def savers(node: Node) -> list[Saver]:  # noqa: F811  the fixture
    """A class of pupils, each with a session and an attempt under way, in a database that will be served."""
    with scope.of_organisation(None):
        here = world(pupils=PUPILS).here
        made = set_test(
            here, QUESTIONS, opens_at=clock.now() - timedelta(minutes=1), minutes=None, mark_column="regular"
        )
        return [_saver(here, number, made.assignment) for number in range(PUPILS)]


def _saver(here: School, number: int, assignment: object) -> Saver:
    pupil = here.pupils[number]
    attempt = assessment.start_attempt(actor=actor(pupil), assignment=assignment, at=clock.now())
    session = identity.open_session(account=pupil, at=clock.now(), address=None, agent="test")
    common = {"attempt": str(attempt.public_id), "session": session, "questions": QUESTIONS}
    if number < BY_FORM:
        return FormSaver(**common)
    ticket = tickets.issue("answers", {"attempt": attempt.id}, organisation_id=here.organisation.id, seconds=3600)
    return PlayerSaver(**common, ticket=ticket)


@pytest.fixture
def served(savers: list[Saver], node: Node, tmp_path: Path) -> Iterator[ServedNode]:  # noqa: F811  the fixture
    """The node that holds the class, with a PostgreSQL of its own: that of the tests need not survive a crash."""
    with serving_copy(node.name, tmp_path / "var") as served:
        yield served


def rows(served: ServedNode, statement: str) -> list[tuple[object, ...]]:
    """What is in the node's database, as the owner of the tables."""
    owner = (served.var_dir / "postgres.urls").read_text().split()[1]
    with psycopg.connect(owner) as connection:
        return connection.execute(statement).fetchall()


def kept(served: ServedNode) -> dict[tuple[str, int], str]:
    """Every answer that is in time, by attempt and place."""
    found = rows(
        served,
        'SELECT a.public_id::text, l."order", r.answer FROM assessment_response r'
        " JOIN assessment_attempt a ON a.id = r.attempt_id JOIN assessment_assignment g ON g.id = a.assignment_id"
        " JOIN assessment_testquestion l ON l.test_id = g.test_id AND l.question_id = r.question_id"
        " WHERE NOT r.is_late",
    )
    return {(str(attempt), int(str(place))): str(answer) for attempt, place, answer in found}


async def all_get_further(savers: list[Saver], saves: int = 3) -> None:
    """Every pupil gets that many further answers acknowledged: the node is back, and trying again works."""
    goals = [saver.saves + saves for saver in savers]
    end = time.monotonic() + 60
    while any(saver.saves < goal for saver, goal in zip(savers, goals, strict=True)):
        assert time.monotonic() < end, "saving did not go on"
        await asyncio.sleep(0.02)


async def write_through(accidents: tuple[tuple[str, ...], ...], savers: list[Saver], served: ServedNode) -> None:
    """All pupils save at once; in between comes accident after accident."""
    over = asyncio.Event()
    writing = asyncio.gather(*(saver.save_until(over, served.url) for saver in savers))
    try:
        await all_get_further(savers)
        for accident in accidents:
            killed = served.kill(*accident)
            await all_get_further(savers)
            for which in accident:
                await back(which, killed, served)
    finally:
        over.set()
        await writing


async def back(which: str, killed: list[int], served: ServedNode) -> None:
    """A part of the node is there again, as another process, without anybody's help."""
    end = time.monotonic() + 60
    while not (family := served.family_of(which)) or {process.pid for process in family} & set(killed):
        assert time.monotonic() < end, f"{which} did not come back"
        await asyncio.sleep(0.05)


async def hand_in_while_the_worker_dies(savers: list[Saver], served: ServedNode) -> None:
    """Results are on their way to the gradebook when the worker is killed, twice."""
    handing_in = asyncio.gather(*(saver.hand_in(served.url) for saver in savers))
    for _again in range(2):
        await asyncio.sleep(0.3)
        await back("worker", served.kill("worker"), served)
    await handing_in


def arrived(served: ServedNode) -> bool:
    return not rows(served, "SELECT 1 FROM foundation_outboxevent WHERE delivered_at IS NULL LIMIT 1")


def test_nothing_acknowledged_is_lost_and_every_result_arrives_once(served: ServedNode, savers: list[Saver]) -> None:
    asyncio.run(write_through(ACCIDENTS, savers, served))

    acknowledged = {(s.attempt, place): answer for s in savers for place, answer in s.acknowledged.items()}
    assert kept(served) == acknowledged
    assert sum(saver.tries - saver.saves for saver in savers) > 0, "no accident hit anybody"

    asyncio.run(hand_in_while_the_worker_dies(savers, served))
    end = time.monotonic() + 60
    while not arrived(served):
        assert time.monotonic() < end, "a result did not arrive"
        time.sleep(0.1)

    scored = rows(served, "SELECT enrolment_id, mark FROM assessment_attempt ORDER BY 1")
    assert rows(served, "SELECT enrolment_id, tenths FROM gradebook_mark ORDER BY 1") == scored
    assert len(scored) == PUPILS
    acts = "SELECT verb, count(*) FROM foundation_auditrow WHERE verb IN ('attempt.submitted', 'marks.recorded')"
    assert rows(served, f"{acts} GROUP BY 1 ORDER BY 1") == [("attempt.submitted", PUPILS), ("marks.recorded", PUPILS)]
    # One message about each pupil, to the pupil and the mother.
    told = "SELECT count(DISTINCT message_id), count(*) FROM messaging_delivery WHERE channel = 'app'"
    assert rows(served, told) == [(PUPILS, 2 * PUPILS)]
