"""The hot door of the player, through the real door and a real commit."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from khue.assessment import actions, queries
from khue.assessment.models import Response
from khue.assessment.tests.builders import set_test
from khue.foundation import scope
from khue.foundation.clock import now
from khue.foundation.hot import door, tickets
from khue.foundation.tests.asgi_browser import Answer, call
from khue.foundation.tests.conftest import node  # noqa: F401  a fixture
from tests.world import actor
from tests.world import world as a_world


def sent(*answers: tuple[int, str, int]) -> dict[str, Any]:
    return {"answers": [{"question": q, "answer": a, "sequence": s} for q, a, s in answers]}


async def post(to: door.HotDoor, ticket: str, body: object) -> Answer:
    headers = {"authorization": f"Bearer {ticket}"}
    return await call(to, "POST", "/hot/answers", headers=headers, body=json.dumps(body).encode())


def through_the_door(story: Callable[[door.HotDoor], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        opened = door.HotDoor()
        try:
            return await story(opened)
        finally:
            await opened.finish()

    return asyncio.run(told())


@pytest.fixture
def begun(node):  # noqa: F811  the fixture
    """Two schools with a test each, and an attempt under way in each."""
    with scope.of_organisation(None):
        world = a_world(pupils=2)
        attempts = []
        for school in (world.here, world.elsewhere):
            made = set_test(school, opens_at=now() - timedelta(minutes=1))
            attempts.append(actions.start_attempt(actor=actor(school.pupils[0]), assignment=made.assignment, at=now()))
    return attempts


def ticket_for(begun_attempt, seconds: int = 60, **changed: object) -> str:
    fields = {"organisation_id": begun_attempt.organisation_id, "attempt": begun_attempt.id} | changed
    return tickets.issue(
        "answers", {"attempt": fields["attempt"]}, organisation_id=fields["organisation_id"], seconds=seconds
    )


def stored() -> list[tuple[Any, ...]]:
    with scope.of_organisation(None):
        rows = Response.objects.order_by("attempt_id", "question_id", "is_late")
        return list(rows.values_list("attempt_id", "answer", "sequence", "is_late"))


def test_answers_of_many_are_kept_and_each_is_told(begun):
    one, two = begun

    async def story(to: door.HotDoor) -> list[Answer]:
        return await asyncio.gather(
            post(to, ticket_for(one), sent((1, "2", 1), (2, "3", 2))),
            post(to, ticket_for(two), sent((1, "4", 1), (9, "1", 2))),
            post(to, ticket_for(one), sent((1, "1", 3))),
        )

    answers = through_the_door(story)

    assert [answer.json for answer in answers] == [
        {"saved": True, "late": 0, "unknown": 0},
        {"saved": True, "late": 0, "unknown": 1},
        {"saved": True, "late": 0, "unknown": 0},
    ]
    assert stored() == [(one.id, "1", 3, False), (one.id, "3", 2, False), (two.id, "4", 1, False)]


def test_a_ticket_that_is_forged_expired_or_of_another_school_saves_nothing(begun):
    one, two = begun
    tampered = ticket_for(one)[:-2] + "xx"

    async def story(to: door.HotDoor) -> list[Answer]:
        return [
            await post(to, text, sent((1, "2", 1)))
            for text in (
                tampered,
                ticket_for(one, seconds=-1),
                tickets.issue("notes", {"attempt": one.id}, organisation_id=one.organisation_id, seconds=60),
                ticket_for(one, organisation_id=two.organisation_id),
                ticket_for(one, attempt=one.id + 1000),
                "",
            )
        ]

    answers = through_the_door(story)

    assert [answer.status for answer in answers] == [401, 401, 401, 422, 422, 401]
    assert stored() == []


@pytest.mark.parametrize(
    "body",
    [
        {"answers": [{"question": 0, "answer": "1", "sequence": 1}]},
        {"answers": [{"question": 1, "answer": "1" * 201, "sequence": 1}]},
        {"answers": [{"question": 1, "answer": "\x00", "sequence": 1}]},
        {"answers": [{"question": 1, "answer": 1, "sequence": 1}]},
        {"answers": [{"question": 1, "answer": "1", "sequence": 2**60}]},
        {"answers": [{"question": 1, "answer": "1", "sequence": 1}] * 501},
        ["1"],
    ],
)
def test_what_no_player_sends_is_refused(begun, body: object):
    answer = through_the_door(lambda to: post(to, ticket_for(begun[0]), body))

    assert answer.status == 422
    assert stored() == []


def test_after_handing_in_an_answer_is_late_and_the_score_stays(begun):
    one, _two = begun
    through_the_door(lambda to: post(to, ticket_for(one), sent((1, "2", 1))))
    with scope.of_organisation(None):
        pupil = actor_of(one)
        score = actions.submit_attempt(actor=pupil, attempt=one, at=now()).score

    answer = through_the_door(lambda to: post(to, ticket_for(one), sent((1, "3", 2), (2, "3", 3))))

    assert score == 25
    assert answer.json == {"saved": True, "late": 2, "unknown": 0}
    assert stored() == [(one.id, "2", 1, False), (one.id, "3", 2, True), (one.id, "3", 3, True)]
    with scope.of_organisation(None):
        assert queries.own_attempt_of(pupil, one.public_id).score == 25


def actor_of(attempt):
    from khue.identity.models import Account

    return actor(Account.objects.get(person_id=attempt.person_id))
