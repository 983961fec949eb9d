"""The database of this node, there and ready: embedded and started if need be, or the one in DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from khue.cli.failures import Failure
from khue.foundation.postgres import addresses, external, server

VAR = Path(os.environ.get("KHUE_VAR", Path(__file__).resolve().parents[2] / "var")).absolute()


def is_embedded() -> bool:
    """Whether this node runs its own server."""
    return not os.environ.get("DATABASE_URL")


def open_server() -> None:
    """Start the embedded server, or see that the named one is fit."""
    try:
        if is_embedded():
            server.start(VAR)
        else:
            external.make_ready(*addresses.database_urls(VAR))
    except (server.ServerFailed, external.NotReady, FileNotFoundError, PermissionError) as error:
        raise Failure(str(error)) from error


@contextmanager
def opened() -> Iterator[None]:
    """For one command: the database is up, Django is set up; a server we started is stopped afterwards."""
    was_running = is_embedded() and server.is_running(VAR)
    open_server()
    try:
        django.setup()
        yield
    finally:
        if is_embedded() and not was_running:
            server.stop(VAR)
