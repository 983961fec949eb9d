"""Which rows of a table came or changed since a moment, told by PostgreSQL itself.

Every version of a row carries the number of the transaction that wrote it. Whoever reads all rows, having noted the
horizon first, has missed only transactions that were not over by then; those are found next time:

    mark = changes.horizon()
    ...read everything, or what changes.since(earlier_mark, "room_table") finds...
    ...keep `mark` in the transaction that keeps what was read

Deleted rows leave no trace, and a row that was being written meanwhile may be found twice.
"""

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

NUMBERS = 2**32


def horizon() -> int:
    """The number of the oldest transaction that is not over: everything before it can be read now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def since(mark: int, table: str) -> RawSQL:
    """A condition for .filter(): the row was written by a transaction that was not over at `mark`.

    Rows carry the number without its epoch, so it is compared around the circle, as PostgreSQL does; rows untouched
    for two thousand million transactions may be found once more. Cost: the whole table is read.
    """
    distance = f'("{table}".xmin::text::bigint - %s + {NUMBERS}) %% {NUMBERS}'
    return RawSQL(f"({distance} < {NUMBERS // 2})", [mark % NUMBERS], output_field=BooleanField())  # noqa: S611  ours
