"""The database engine: statements the server knows already, a connection that died unnoticed, instants."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DataError, connection

from khue.foundation.postgres import addresses


def test_a_statement_is_prepared_at_its_second_use(committed_db: str) -> None:
    for number in (1, 2, 3):
        _answer("SELECT %s::int AS prepared_twice", number)

    assert _answer("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%prepared_twice'") == 1


def test_a_connection_the_server_has_ended_is_replaced_before_the_next_request(committed_db: str) -> None:
    ended = _answer("SELECT pg_backend_pid()")
    connection.close_if_unusable_or_obsolete()
    _terminate(int(str(ended)))

    connection.close_if_health_check_failed()

    assert _answer("SELECT pg_backend_pid()") != ended


def test_a_connection_that_lives_is_kept(committed_db: str) -> None:
    before = _answer("SELECT pg_backend_pid()")
    connection.close_if_unusable_or_obsolete()

    connection.close_if_health_check_failed()

    assert _answer("SELECT pg_backend_pid()") == before


def test_instants_come_in_utc_however_they_are_written(committed_db: str) -> None:
    written = ("2026-11-28 22:36:20.5+00", "2026-11-28 22:36:20.123456+00", "2026-11-29 05:36:20+07", "0001-01-01+00")

    found = [_answer("SELECT %s::timestamptz", text) for text in written]

    assert found == [
        datetime(2026, 11, 28, 22, 36, 20, 500_000, UTC), datetime(2026, 11, 28, 22, 36, 20, 123_456, UTC),
        datetime(2026, 11, 28, 22, 36, 20, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC),
    ]  # fmt: skip
    assert {moment.tzinfo for moment in found} == {UTC}
    assert _answer("SELECT NULL::timestamptz") is None


def test_an_instant_that_python_does_not_know_is_refused(committed_db: str) -> None:
    with pytest.raises(DataError, match="infinity"):
        _answer("SELECT %s::timestamptz", "infinity")


@pytest.fixture(autouse=True)
def _asked_before_each_request() -> None:
    connection.health_check_enabled = True


def _answer(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _terminate(process: int) -> None:
    with psycopg.connect(addresses.url_of(settings.DATABASES["default"])) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
