"""Who writes what a school reports, and who changes who that is: never both at once. docs/decisions/0310

A lock of the transaction, one for each school. Collecting shares it before it looks who keeps the school; a change of
keeper takes it alone, so that it waits for who is writing and is seen by whoever writes next.
"""

from django.db import connection

#: Beyond any other advisory lock; the school's id is added.
_LOCKS = 7265 << 40


def hold_still(school_id: int) -> None:
    """While this transaction lasts the school keeps its keeper."""
    _take("pg_advisory_xact_lock_shared", school_id)


def change(school_id: int) -> None:
    """Nobody writes what the school reports until this transaction ends. Waits for who does."""
    _take("pg_advisory_xact_lock", school_id)


def _take(lock: str, school_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [_LOCKS + school_id])
