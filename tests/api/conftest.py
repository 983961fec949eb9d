"""Requests to the WSGI application run in the test's transaction."""

from collections.abc import Iterator

import pytest
from django.core import signals
from django.db import close_old_connections


@pytest.fixture(autouse=True)
def _connection_of_the_test() -> Iterator[None]:
    """The connection outlives a request, as with Django's own test client: only it sees what was arranged."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)
