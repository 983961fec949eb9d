"""`khue serve`: the whole node under one address.

    supervisor ─┬─ web      granian WSGI on a socket of its own: pages and API
                ├─ front    granian ASGI on the public address: hot door, live door, and the way to the web
                ├─ worker   jobs, events, the audit sealer
                └─ postgres the embedded server, unless DATABASE_URL names one

The supervisor loads the product once and forks the others from itself, so that they share its memory and a dead one is
back within milliseconds. It opens no connection and no thread. docs/decisions/0013
"""

import argparse
import fcntl
import gc
import os
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

from khue.cli import database, prepare, processes
from khue.cli.failures import Failure
from khue.cli.supervisor import Supervisor
from khue.foundation.postgres import server
from khue.foundation.postgres.server import LONGEST_SOCKET


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C or SIGTERM; then nothing that was started is left."""
    options = _options(arguments)
    _keep_memory_lean()
    held = _only_one(database.VAR)
    _refuse_a_taken_port(options.host, options.port)
    web = _behind(database.VAR)

    # An interrupted start must stop the database too, so that the supervisor is in charge from here on.
    supervisor = Supervisor(stop_last=_stop_database)
    with supervisor:
        database.open_server()
        processes.preload()
        prepared = supervisor.finish(lambda: prepare.prepare(with_demonstration=not options.empty), closing=held)
        if prepared == prepare.LOADED:
            _begin_database_anew()
        elif prepared:
            raise Failure("the database could not be prepared; the lines above say why")
        processes.preload_application()
        gc.collect()
        gc.freeze()

        os.environ["KHUE_WEB"] = web
        supervisor.keep("web", lambda: processes.web(web), closing=held)
        supervisor.keep("front", lambda: processes.front(options.host, options.port), closing=held)
        supervisor.keep("worker", processes.worker, closing=held)
        if database.is_embedded():
            supervisor.watch("postgres", lambda: server.postmaster(database.VAR), _start_database_again)
        if _answers(supervisor, web) and _answers(supervisor, _reached_at(options.host, options.port)):
            _greet(options.port)
        supervisor.run()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="khue serve", description="Serve this node under one address.")
    parser.add_argument("--host", default=os.environ.get("KHUE_HOST", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=int(os.environ.get("KHUE_PORT", "8000")))
    parser.add_argument("--empty", action="store_true", help="load no demonstration province into an empty database")
    return parser.parse_args(arguments)


def _keep_memory_lean() -> None:
    """glibc gives each thread an arena of its own; it reads the limit only when a program begins."""
    if "MALLOC_ARENA_MAX" not in os.environ:
        os.environ["MALLOC_ARENA_MAX"] = "2"
        os.execv(sys.executable, [sys.executable, "-m", "khue.cli", *sys.argv[1:]])


def _only_one(var_dir: Path) -> TextIO:
    var_dir.mkdir(parents=True, exist_ok=True)
    lock = (var_dir / "serve.lock").open("w")
    for _attempt in range(50):  # children of a killed supervisor need a moment to leave
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return lock
    raise Failure(f"this node is already being served (its data is {var_dir})")


def _refuse_a_taken_port(host: str, port: int) -> None:
    """granian shares ports with SO_REUSEPORT and would not notice that somebody else answers there."""
    error: OSError | None = None
    for _attempt in range(30):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as taken:
                error = taken
                time.sleep(0.1)
            else:
                return
    raise Failure(f"cannot listen on {host}:{port}: {error}. Choose another with --port or KHUE_PORT.")


def _behind(var_dir: Path) -> str:
    """Where pages and API listen: at a socket only this node's user may come to, so that nobody else on the machine
    passes by the front and says of itself who it is. At a loopback port where its path would be too long."""
    place = str(var_dir / "web.sock")
    if len(os.fsencode(place)) <= LONGEST_SOCKET:
        return place
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return _reached_at(*probe.getsockname())


def _begin_database_anew() -> None:
    """All its buffers were written while the demonstration was loaded, 64 MB that a day's pages do not need."""
    if database.is_embedded():
        server.stop(database.VAR)
        _start_database_again()


def _start_database_again() -> None:
    before = (database.VAR / "postgres.urls").read_text()
    server.start(database.VAR)
    if (database.VAR / "postgres.urls").read_text() != before:
        raise SystemExit("The database had to move to another port. Start khue serve again.")


def _stop_database() -> None:
    if database.is_embedded():
        server.stop(database.VAR)


def _reached_at(host: str, port: int) -> str:
    return f"{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound


def _connection(place: str) -> socket.socket:
    if "/" not in place:
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=5)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(5)
    connection.connect(place)
    return connection


def _answers(supervisor: Supervisor, place: str) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end and not supervisor.is_stopping:
        supervisor.turn(0.05)
        try:
            with _connection(place) as connection:
                connection.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if connection.recv(12)[9:10] in {b"2", b"3", b"4"}:
                    return True
        except OSError:
            continue
    return False


def _greet(port: int) -> None:
    print(f"\nKhuê is at http://localhost:{port}\n")
    signs = database.VAR / "sign-ins.txt"
    if signs.exists() and (known := signs.read_text()):
        print(known)
    print("Ctrl-C stops everything.", flush=True)
