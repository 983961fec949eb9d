"""Django's PostgreSQL engine, for many short requests on connections that last. docs/decisions/0090

Django finds the class by the name of this module: settings.DATABASES says ENGINE = "khue.foundation.postgres.engine".
"""

import select
from datetime import UTC, datetime
from typing import Any, cast

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.abc import Buffer
from psycopg.adapt import Loader

#: Statements kept prepared on one connection; the least used leave first. A node has a few hundred in all.
MOST_PREPARED = 400


class InstantLoader(Loader):
    """A timestamptz as PostgreSQL writes it. Django's loader takes 14 µs for each, and a list has two in every row."""

    timezone = UTC  # Django looks at it, and brings its own where a connection is to show another

    def load(self, data: Buffer) -> datetime:
        """The instant in UTC."""
        try:
            return datetime.fromisoformat(str(data, "ascii")).astimezone(UTC)
        except ValueError:  # "infinity", a year before Christ: refused with their own words
            return cast(datetime, _InWords(self.oid, self.connection).load(data))


class _InWords(BaseTzLoader):  # type: ignore[misc]  # the stubs of Django do not know its base
    timezone = UTC


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but that it keeps more prepared statements and looks at the line instead of asking the server."""

    _kept: Any = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new connection, with room for the statements of all pages."""
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = MOST_PREPARED
        connection.adapters.register_loader("timestamptz", InstantLoader)
        return connection

    def kept_cursor(self) -> Any:
        """A cursor for one statement after the other, each read to its end before the next: made once a connection.

        Making one costs twice what executing a prepared statement does, 0.1 ms, ten times a page.
        """
        if self.queries_logged:
            return self.cursor()  # which writes down what it is asked
        if self._kept is None or self.connection is None or self._kept.connection is not self.connection:
            self._kept = self.cursor()
        return self._kept

    def is_usable(self) -> bool:
        """Whether the server still holds the line: one that ended has closed it, and that can be read at once.

        Asked before every request, where Django would send a statement and wait for the answer.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.pgconn.socket, select.POLLIN)
        return not line.poll(0)
