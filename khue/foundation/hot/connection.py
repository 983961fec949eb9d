"""The database connections of the process that keeps the doors: few, long-lived, and made again when they break."""

import asyncio
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from psycopg import AsyncConnection, conninfo

from khue.foundation.postgres import addresses

#: A write that waits for somebody's lock gives way, so that one blocked row does not hold up everybody else's.
PATIENCE = "-c lock_timeout=500 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000"


async def connect(*, name: str, options: str = PATIENCE) -> AsyncConnection[Any]:
    """A new connection as the application role. Raises psycopg.OperationalError while the server is away.

    name   shown in pg_stat_activity
    """
    database: dict[str, Any] = dict(settings.DATABASES["default"])
    address = conninfo.make_conninfo(
        addresses.url_of(database),
        application_name=name,
        options=f"{database['OPTIONS']['options']} {options}",
        connect_timeout=3,
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    )
    return await AsyncConnection.connect(address, autocommit=True)


async def close(connection: AsyncConnection[Any] | None) -> None:
    """Give the connection up, also when it is already broken."""
    if connection is not None:
        with suppress(psycopg.Error, TimeoutError):
            await asyncio.wait_for(connection.close(), 2)
