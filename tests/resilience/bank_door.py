"""A web process alone: it takes the calls of a bank and the files that an office brings, until it is killed."""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def main() -> None:
    """Serve on the port that is given."""
    with make_server("127.0.0.1", int(sys.argv[1]), WSGIHandler(), handler_class=_Quiet) as server:
        server.serve_forever()
