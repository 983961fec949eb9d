"""The embedded PostgreSQL of a node: made at first start, kept in var/, started and stopped with the node.

var/postgres.home       where the data lies, when that is not var/ itself
var/postgres.passwords  of the superuser, the owner and the application; readable by the node's user only
var/postgres.port       the port of the last start; taken again if it is free
var/postgres.urls       the addresses (application, owner), read by settings
var/postgres.log        what the server says (in the data's home)
"""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from khue.foundation.postgres import programs

#: Given on the command line at each start, so that a new release changes them for an old node too.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_max_workers": "2",
    "max_logical_replication_workers": "0",
    "log_min_duration_statement": "2s",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
#: KHUE_PG_VOLATILE=1: for tests, whose data lie in memory and may be lost with the machine (0270). What is committed
#: still survives the death of every process, because it was given to the system: synchronous_commit stays on.
#: No cleaning either: these databases live a minute, and their owner may not drop one that is being cleaned.
VOLATILE = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "scram_iterations": "1",
}
#: Bytes of a socket's path that every system takes.
LONGEST_SOCKET = 103
#: Seconds: a long recovery after a crash is no failure.
PATIENCE = 600


class ServerFailed(RuntimeError):
    """PostgreSQL could not be made or started; the message names the log."""


def start(var_dir: Path) -> tuple[str, str]:
    """Start the server if it is not running, after a crash too. Returns the addresses (application, owner)."""
    with _alone(var_dir):
        home = _home(var_dir)
        if not (home / "pg").exists():
            home = _create(var_dir)
        if _postmaster(home / "pg") is None:
            _end_orphans(home / "pg")
            _start(var_dir, home)
        return _addresses(var_dir)


def stop(var_dir: Path) -> None:
    """Stop the server, waiting for what is being written."""
    with _alone(var_dir):
        data = _home(var_dir) / "pg"
        pid = _postmaster(data)
        if pid is None:
            return
        # "Fast": sessions are ended, the data is written. Its own user may not signal it through us, so we do.
        os.kill(pid, signal.SIGINT)
        if not _until(lambda: _postmaster(data) is None, seconds=60):
            os.kill(pid, signal.SIGQUIT)
            _until(lambda: _postmaster(data) is None, seconds=10)


def is_running(var_dir: Path) -> bool:
    """Whether the postmaster of this node lives."""
    return _postmaster(_home(var_dir) / "pg") is not None


def postmaster(var_dir: Path) -> int | None:
    """The process id of this node's postmaster; None when it is not running."""
    return _postmaster(_home(var_dir) / "pg")


def log_of(var_dir: Path) -> Path:
    """What the server has said, for the person who must find out why it does not start."""
    return _home(var_dir) / "postgres.log"


@contextmanager
def _alone(var_dir: Path) -> Iterator[None]:
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _home(var_dir: Path) -> Path:
    written = var_dir / "postgres.home"
    return Path(written.read_text().strip()) if written.exists() else var_dir


def _is_volatile() -> bool:
    return os.environ.get("KHUE_PG_VOLATILE") == "1"


def _create(var_dir: Path) -> Path:
    """Make the data folder beside its place and move it there when it is complete."""
    written = var_dir / "postgres.home"
    # What lay in memory is gone with its folder when the machine was off. Anybody else's data would be missed loudly.
    is_lost = _is_volatile() and not _home(var_dir).exists()
    is_new = is_lost or not written.exists()
    home = programs.new_home(var_dir, in_memory=_is_volatile()) if is_new else _home(var_dir)
    if home != var_dir:
        written.write_text(f"{home}\n")
    passwords = [secrets.token_hex(24) for _ in ("postgres", "owner", "application")]
    _write_secret(var_dir / "postgres.passwords", "\n".join(passwords))

    outer = home / "pg.unfinished"
    shutil.rmtree(outer, ignore_errors=True)
    outer.mkdir(mode=0o700)
    programs.give(outer)
    first_password = outer / "password"
    _write_secret(first_password, passwords[0])
    programs.give(first_password)
    log = home / "postgres.log"
    code = programs.run(
        "initdb", "-D", outer / "data", "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={first_password}",
        "-E", "UTF8", "--locale=C", *_locale(), log=log,
    )  # fmt: skip
    if code:
        raise ServerFailed(f"PostgreSQL's data folder could not be made: see {log}{programs.little_room(home)}")
    (outer / "data").rename(home / "pg")
    shutil.rmtree(outer)
    return home


def _locale() -> list[str]:
    """Unicode upper and lower case without a locale of the system, where this PostgreSQL has it (17 and later)."""
    said = subprocess.run([programs.folder() / "postgres", "--version"], capture_output=True, text=True, cwd="/",
                          **programs.run_as()).stdout  # fmt: skip
    major = int(said.split()[-1].split(".")[0]) if said else 0
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--lc-ctype=C.UTF-8"]


def _start(var_dir: Path, home: Path) -> None:
    data, log = home / "pg", home / "postgres.log"
    port = _port(var_dir)
    sockets = {"unix_socket_directories": str(data) if len(os.fsencode(_socket(data, port))) <= LONGEST_SOCKET else ""}
    chosen = SETTINGS | sockets | (VOLATILE if _is_volatile() else {})
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [programs.folder() / "postgres", "-D", data, "-p", str(port), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            **programs.run_as(),
        )
    (var_dir / "postgres.port").write_text(str(port))
    address = f"postgresql://postgres:{_passwords(var_dir)[0]}@127.0.0.1:{port}/postgres"
    _until(lambda: process.poll() is not None or _answers(address), seconds=PATIENCE)
    if process.poll() is not None or not _answers(address):
        raise ServerFailed(f"PostgreSQL did not start: see {log}{programs.little_room(home)}")


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _passwords(var_dir: Path) -> list[str]:
    """Of the superuser, the owner and the application."""
    return (var_dir / "postgres.passwords").read_text().split()


def _socket(data: Path, port: int) -> Path:
    return data.resolve() / f".s.PGSQL.{port}"


def _reached(var_dir: Path, superuser: str) -> str:
    """Host and port as they stand in an address: the socket in the data folder, which costs a page 0.1 ms less than
    the line and lies where only this node's user comes; the line where its path is too long or the folder is closed."""
    port = int((var_dir / "postgres.port").read_text())
    data = (_home(var_dir) / "pg").resolve()
    local = f"{quote(str(data), safe='')}:{port}"
    return local if _answers(f"postgresql://postgres:{superuser}@{local}/postgres") else f"127.0.0.1:{port}"


def _addresses(var_dir: Path) -> tuple[str, str]:
    superuser, owner, application = _passwords(var_dir)
    base = _reached(var_dir, superuser)
    with psycopg.connect(f"postgresql://postgres:{superuser}@{base}/postgres", autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        if "khue_owner" not in roles:
            _create_role(connection, "khue_owner", owner, "CREATEDB NOCREATEROLE")
        if "khue_app" not in roles:
            _create_role(connection, "khue_app", application, "NOCREATEDB NOCREATEROLE")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'khue'").fetchone():
            connection.execute("CREATE DATABASE khue OWNER khue_owner")
    urls = f"postgresql://khue_app:{application}@{base}/khue", f"postgresql://khue_owner:{owner}@{base}/khue"
    written = var_dir / "postgres.urls"
    if not written.exists() or written.read_text().split() != list(urls):
        _write_secret(written, "\n".join(urls))
    return urls


def _create_role(connection: psycopg.Connection, name: str, password: str, rights: str) -> None:
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS {} PASSWORD {}").format(
            sql.Identifier(name), sql.SQL(rights), sql.Literal(password)
        )
    )


def _postmaster(data: Path) -> int | None:
    """The living postmaster of this data folder. A process id alone proves nothing: after a restart it is another's."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if pid in _processes_in(data) else None


def _end_orphans(data: Path) -> None:
    """After `kill -9` of the postmaster its children leave by themselves; wait for them, then insist.

    Only when none is left may the old lock files go. PostgreSQL refuses to start while the process id in one belongs
    to anybody of the same user, which after a restart of the machine may be an innocent process.
    """
    if not _until(lambda: not _processes_in(data), seconds=10):
        for pid in _processes_in(data):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _until(lambda: not _processes_in(data), seconds=10)
    if not _processes_in(data):
        for left in (data / "postmaster.pid", *data.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)


def _processes_in(data: Path) -> set[int]:
    """Every process of a server works in its data folder."""
    found = set()
    place = data.resolve()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if Path(os.readlink(entry / "cwd")) == place and _is_alive(entry):
                    found.add(int(entry.name))
    return found


def _is_alive(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _port(var_dir: Path) -> int:
    """The port of the last start if it is free, so that programs that know the address find the server again."""
    written = var_dir / "postgres.port"
    preferred = int(written.read_text()) if written.exists() else 0
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerFailed("no free port on 127.0.0.1")


def _write_secret(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _until(condition: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
