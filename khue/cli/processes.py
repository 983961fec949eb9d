"""What the processes of a node do, each from its fork to its end."""

import importlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from khue.cli.supervisor import die_with_parent

#: Each thread keeps a database connection, which costs the server about as much memory as the thread costs us.
WEB_WORKERS = int(os.environ.get("KHUE_WEB_WORKERS", "2"))
WEB_THREADS = int(os.environ.get("KHUE_WEB_THREADS", "2"))
#: How many readers of the live door one front holds: granian makes all others wait, whatever they want.
FRONT_CONNECTIONS = int(os.environ.get("KHUE_FRONT_CONNECTIONS", "10000"))
#: Answers before the children are made: Python has rewritten what it will after eight.
WARM = 10


def preload() -> None:
    """Load what needs no database into this process: what is loaded before a fork is shared after it."""
    import django

    django.setup()
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    _ = get_resolver().url_patterns
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("")


def preload_application() -> None:
    """Load the WSGI application and its templates too, which both read the list of collected static files once."""
    importlib.import_module("khue.wsgi")
    from django.template import engines

    templates: Any = engines["jinja2"]
    templates.env.load()
    _answer_a_few()


def _answer_a_few() -> None:
    """Answer the page for strangers, so that what first answers leave behind in memory is shared by all children.

    Python rewrites code that runs often, and libpq sets up its cryptography with its first connection: 16 MB in each
    process. The connection is closed again, for a child must never have one in common with another.
    """
    from django.db import connections

    application: Callable[..., Any] = importlib.import_module("khue.wsgi").application
    for _ in range(WARM):
        asked: dict[str, Any] = {"PATH_INFO": "/sign-in/", "HTTP_HOST": "localhost"}
        setup_testing_defaults(asked)
        answer = application(asked, lambda *_head: None)
        b"".join(answer)
        answer.close()
    connections.close_all()


def web(place: str) -> None:
    """Pages and API.

    place  "host:port", or the path of a socket of this node's user alone
    """
    host, _, port = place.rpartition(":")
    if "/" in place:
        Path(place).unlink(missing_ok=True)  # left by one that was killed; granian would take it for somebody else's
    listens = {"uds": Path(place), "uds_permissions": 0o600} if "/" in place else {"address": host, "port": int(port)}
    _serve(
        "khue.wsgi:application", interface=Interfaces.WSGI, workers=WEB_WORKERS, blocking_threads=WEB_THREADS,
        backpressure=256, **listens,
    )  # fmt: skip


def front(host: str, port: int) -> None:
    """The public address."""
    _serve(
        "khue.asgi:application", interface=Interfaces.ASGI, address=host, port=port, loop=Loops.uvloop,
        workers=1, backlog=4096, backpressure=FRONT_CONNECTIONS, http=HTTPModes.http1,
    )  # fmt: skip


def worker() -> None:
    """Jobs, events, the audit sealer."""
    room: Any = importlib.import_module("khue.foundation.worker")
    room.run()


def _serve(target: str, **options: Any) -> None:
    def load(*_arguments: object) -> Callable[..., Any]:
        # Runs in granian's own child: without this it would outlive a killed parent and keep the port.
        die_with_parent(signal.SIGKILL)
        module, _colon, name = target.partition(":")
        application: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return application

    Server(
        target, log_level=LogLevels.warning, respawn_failed_workers=True, respawn_interval=0.1,
        workers_kill_timeout=5, **options,
    ).serve(target_loader=load, wrap_loader=False)  # fmt: skip
