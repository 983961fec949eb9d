"""The database engine: statements the server knows already, and a connection that died unnoticed."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection


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


@pytest.fixture(autouse=True)
def _asked_before_each_request() -> None:
    connection.health_check_enabled = True


def _answer(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _terminate(process: int) -> None:
    same = settings.DATABASES["default"]
    with psycopg.connect(
        host=same["HOST"], port=same["PORT"], user=same["USER"], password=same["PASSWORD"], dbname=same["NAME"]
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
