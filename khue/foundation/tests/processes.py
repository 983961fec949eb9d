"""Real servers for tests: started, waited for, killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
from django.conf import settings

from khue.foundation.postgres import addresses
from tests import warm

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One granian with one worker. `address` is host:port."""

    def __init__(self, interface: str, application: str, *flags: str, log: Path, **environment: str) -> None:
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        arguments = (
            "--interface", interface, "--port", str(self.port), "--no-ws", "--http", "1", "--log-level", "warning",
            *flags, application,
        )  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self._program = warm.Program(environment, module="granian", arguments=arguments)
        self._log = log
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers: granian listens long before its worker has loaded the application."""
        with open(self._log, "ab") as log:
            self._process = warm.Process(self._program, stdout=log, stderr=log)
        for _ in range(400):
            with suppress(httpx.TransportError):
                httpx.get(f"{self.url}/hot/", timeout=60)
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{self._program} did not start: {self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9 to the server and its worker, as an accident would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Stop as an operator would."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def process_id(self) -> int:
        """Of granian itself; its worker is a child."""
        return self._process.pid

    @property
    def memory(self) -> int:
        """Bytes of memory of the server and its worker."""
        root = psutil.Process(self._process.pid)
        return sum(process.memory_info().rss for process in [root, *root.children(recursive=True)])


@contextmanager
def server(interface: str, application: str, *flags: str, log: Path, **environment: str) -> Iterator[Server]:
    """A server for the length of a block."""
    running = Server(interface, application, *flags, log=log, **environment)
    try:
        yield running
    finally:
        running.stop()


def database_environment() -> dict[str, str]:
    """What a server needs to work on this test's database and to read its tickets."""
    return {"DATABASE_URL": addresses.url_of(settings.DATABASES["default"]), "KHUE_SECRET": settings.SECRET_KEY}
