"""Calls over HTTP: roots are loaded once, nobody is sent elsewhere, a stranger's certificate is refused."""

import ssl
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from khue.foundation import calls


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def test_a_client_costs_nothing_after_the_first_and_follows_nobody() -> None:
    calls.client().close()
    server = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    before = time.process_time()
    many = [calls.client() for _each in range(50)]
    spent = time.process_time() - before
    try:
        assert many[0].get(f"http://127.0.0.1:{server.server_port}/").status_code == 302
    finally:
        server.shutdown()
        for each in many:
            each.close()

    assert spent < 0.25  # one that loads the roots takes 0.02


@pytest.mark.parametrize("options", [{}, {"trust_env": False}, {"timeout": 3}])
def test_every_client_wants_certificates_of_roots_it_trusts(options: dict[str, object]) -> None:
    with calls.client(**options) as client:
        context = client._transport._pool._ssl_context

    assert context is calls._trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert isinstance(client, httpx.Client)
