import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.conf import settings

from khue.foundation.hot import door, lane, registry, tickets
from khue.foundation.hot.registry import HotKind
from khue.foundation.postgres import addresses
from khue.foundation.tests import hot_notes
from khue.foundation.tests.asgi_browser import Answer, call

HERE, ELSEWHERE = 1, 2


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(addresses.url_of(settings.DATABASES["owner"]), autocommit=True) as connection:
        hot_notes.create_table(connection)
        registry.register(hot_notes.KIND)
        yield connection
        connection.execute("DROP TABLE hot_note")


def ticket(notebook: int = 7, at: int = HERE, seconds: int = 60) -> str:
    return tickets.issue("notes", {"notebook": notebook}, organisation_id=at, seconds=seconds)


async def write(to: door.HotDoor, ticket: str, note: dict[str, object] | bytes, kind: str = "notes") -> Answer:
    body = note if isinstance(note, bytes) else json.dumps(note).encode()
    return await call(to, "POST", f"/hot/{kind}", headers={"authorization": f"Bearer {ticket}"}, body=body)


def through_the_door(story: Callable[[door.HotDoor], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        opened = door.HotDoor()
        try:
            return await story(opened)
        finally:
            await opened.finish()

    return asyncio.run(told())


def rows(owner: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return owner.execute("SELECT organisation_id, notebook, page, line FROM hot_note ORDER BY 2, 3").fetchall()


def test_a_write_is_in_the_database_when_it_is_acknowledged(owner: psycopg.Connection[Any]) -> None:
    answer = through_the_door(lambda to: write(to, ticket(), {"page": 1, "line": "Đáp án B"}))

    assert (answer.status, answer.json) == (200, {"saved": True, "page": 1})
    assert rows(owner) == [(HERE, 7, 1, "Đáp án B")]


def test_many_writes_at_once_share_few_transactions(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> list[Answer]:
        return await asyncio.gather(
            *(write(to, ticket(notebook=n, at=1 + n % 2), {"page": 1, "line": f"line {n}"}) for n in range(150))
        )

    answers = through_the_door(story)

    assert [answer.status for answer in answers] == [200] * 150
    assert rows(owner) == [(1 + n % 2, n, 1, f"line {n}") for n in range(150)]
    assert owner.execute("SELECT count(DISTINCT xmin::text) FROM hot_note").fetchone() == (1,)


def test_of_two_writes_on_one_page_the_later_stands(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> None:
        await asyncio.gather(*(write(to, ticket(), {"page": 1, "line": line}) for line in "ABCD"))

    through_the_door(story)

    assert rows(owner) == [(HERE, 7, 1, "D")]


def test_one_bad_write_sinks_no_other(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> list[Answer]:
        return await asyncio.gather(
            write(to, ticket(), {"page": 1, "line": "good"}),
            write(to, ticket(), {"page": 2, "line": "long" * 100}),
            write(to, ticket(), {"page": -3, "line": "refused"}),
            write(to, ticket(), {"page": 4, "line": "zero \0 byte"}),
            write(to, ticket(), {"page": 5, "line": "good too"}),
        )

    answers = through_the_door(story)

    assert [(a.status, a.json.get("title")) for a in answers] == [
        (200, None),
        (422, "not_saved"),
        (422, "no_such_page"),
        (422, "not_saved"),
        (200, None),
    ]
    assert rows(owner) == [(HERE, 7, 1, "good"), (HERE, 7, 5, "good too")]


def test_a_write_cannot_leave_the_organisation_of_its_ticket(owner: psycopg.Connection[Any]) -> None:
    answer = through_the_door(
        lambda to: write(to, ticket(), {"page": 1, "line": "smuggled", "organisation": ELSEWHERE})
    )

    assert (answer.status, answer.json["title"]) == (403, "outside_scope")
    assert rows(owner) == []


def test_a_row_of_another_organisation_cannot_be_overwritten(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> Answer:
        await write(to, ticket(at=ELSEWHERE), {"page": 1, "line": "theirs"})
        return await write(to, ticket(at=HERE), {"page": 1, "line": "mine now"})

    answer = through_the_door(story)

    assert (answer.status, answer.json["title"]) == (403, "outside_scope")
    assert rows(owner) == [(ELSEWHERE, 7, 1, "theirs")]


@pytest.mark.parametrize(
    ("shown", "title"),
    [("", "ticket_invalid"), ("forged", "ticket_invalid"), (None, "ticket_expired")],
)
def test_without_a_good_ticket_nothing_is_written(
    owner: psycopg.Connection[Any], shown: str | None, title: str
) -> None:
    text = ticket(seconds=0) if shown is None else shown

    answer = through_the_door(lambda to: write(to, text, {"page": 1, "line": "x"}))

    assert (answer.status, answer.json["title"]) == (401, title)
    assert answer.headers["content-type"] == "application/problem+json"
    assert rows(owner) == []


def test_a_beacon_may_carry_its_ticket_in_the_address(owner: psycopg.Connection[Any]) -> None:
    answer = through_the_door(
        lambda to: call(to, "POST", f"/hot/notes?ticket={ticket()}", body=[b'{"page": 1,', b' "line": "bye"}'])
    )

    assert answer.status == 200
    assert rows(owner) == [(HERE, 7, 1, "bye")]


@pytest.mark.parametrize(
    ("body", "status", "title"),
    [
        (b"", 422, "bad_body"),
        (b"[1]", 422, "bad_body"),
        (b'{"page": "one", "line": "x"}', 422, "bad_body"),
        (b'{"page": 1}', 422, "bad_body"),
        (b'{"page": 1, "line": "\xff"}', 422, "bad_body"),
        (b'{"page": 1, "line": "' + b"x" * 70_000 + b'"}', 413, "too_large"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused(
    owner: psycopg.Connection[Any], body: bytes, status: int, title: str
) -> None:
    answer = through_the_door(lambda to: write(to, ticket(), body))

    assert (answer.status, answer.json["title"]) == (status, title)
    assert rows(owner) == []


def test_an_unknown_kind_is_not_found_and_reading_is_not_writing(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> tuple[Answer, Answer]:
        return await write(to, ticket(), {}, kind="nothing"), await call(to, "GET", "/hot/notes")

    unknown, read = through_the_door(story)

    assert (unknown.status, unknown.json["title"]) == (404, "unknown_kind")
    assert (read.status, read.headers["allow"]) == (405, "POST")


def test_a_full_lane_sends_browsers_away_for_a_moment(
    owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "WAITING", 3)

    async def story(to: door.HotDoor) -> list[Answer]:
        return await asyncio.gather(*(write(to, ticket(), {"page": page, "line": "x"}) for page in range(5)))

    answers = through_the_door(story)

    assert [answer.status for answer in answers] == [200, 200, 200, 503, 503]
    assert (answers[4].json["title"], answers[4].headers["retry-after"]) == ("busy", "2")
    assert len(rows(owner)) == 3


def test_a_lost_connection_is_made_again(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> list[Answer]:
        first = await write(to, ticket(), {"page": 1, "line": "before"})
        with psycopg.connect(addresses.url_of(settings.DATABASES["default"])) as application:
            application.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'khue hot%'"
            )
        return [first, await write(to, ticket(), {"page": 2, "line": "after"})]

    answers = through_the_door(story)

    assert [answer.status for answer in answers] == [200, 200]
    assert rows(owner) == [(HERE, 7, 1, "before"), (HERE, 7, 2, "after")]


def test_a_row_that_somebody_else_holds_is_asked_for_again_later(owner: psycopg.Connection[Any]) -> None:
    async def story(to: door.HotDoor) -> list[Answer]:
        await write(to, ticket(), {"page": 1, "line": "held"})
        with psycopg.connect(addresses.url_of(settings.DATABASES["owner"])) as holder:
            holder.execute("SELECT set_config('khue.scope', '*', true)")
            holder.execute("SELECT * FROM hot_note FOR UPDATE")
            return await asyncio.gather(
                write(to, ticket(), {"page": 1, "line": "changed"}), write(to, ticket(), {"page": 2, "line": "free"})
            )

    held, free = through_the_door(story)

    assert (held.status, held.json["title"], held.headers["retry-after"]) == (503, "unavailable", "2")
    assert free.status == 200
    assert rows(owner) == [(HERE, 7, 1, "held"), (HERE, 7, 2, "free")]


def test_an_error_that_a_room_swallowed_is_no_acknowledgement(owner: psycopg.Connection[Any]) -> None:
    async def careless(connection: psycopg.AsyncConnection[Any], writes: list[Any]) -> list[registry.Ack]:
        acks = await hot_notes.flush(connection, writes)
        with suppress(psycopg.Error):
            await connection.execute("SELECT 1 / 0")
        return acks

    registry.register(HotKind("careless", hot_notes.Note, careless))  # type: ignore[arg-type]
    text = tickets.issue("careless", {"notebook": 1}, organisation_id=HERE, seconds=60)

    answer = through_the_door(lambda to: write(to, text, {"page": 1, "line": "x"}, kind="careless"))

    assert (answer.status, answer.json["title"]) == (500, "fault")
    assert rows(owner) == []
    registry._kinds.pop("careless")


def test_while_the_database_is_away_everybody_is_told_to_come_again(
    owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(lane, "PATIENCE_SECONDS", 1)
    monkeypatch.setattr(lane, "BATCH", 10)

    async def story(to: door.HotDoor) -> list[Answer]:
        with monkeypatch.context() as away:
            away.setitem(settings.DATABASES["default"], "PORT", "1")
            begun = time.monotonic()
            refused = await asyncio.gather(*(write(to, ticket(), {"page": page, "line": "x"}) for page in range(50)))
            assert time.monotonic() - begun < 4.5  # not five batches one after the other
        return [*refused, await write(to, ticket(), {"page": 1, "line": "back"})]

    answers = through_the_door(story)

    assert [answer.status for answer in answers] == [503] * 50 + [200]
    assert rows(owner) == [(HERE, 7, 1, "back")]


def test_a_fault_in_a_room_is_an_answer_not_a_silence(owner: psycopg.Connection[Any]) -> None:
    async def broken(connection: object, writes: object) -> list[registry.Ack]:
        raise KeyError("a mistake of ours")

    registry.register(HotKind("broken", hot_notes.Note, broken))
    text = tickets.issue("broken", {"notebook": 1}, organisation_id=HERE, seconds=60)

    answer = through_the_door(lambda to: write(to, text, {"page": 1, "line": "x"}, kind="broken"))

    assert (answer.status, answer.json["title"]) == (500, "fault")
    assert "a mistake" not in answer.json["detail"]
    registry._kinds.pop("broken")
