"""`khue backup FILE`: the whole node in one archive, taken while it is served.

database.dump   pg_dump's own format, from one snapshot
files/..        every stored file under its hash; uploads that are not finished begin again
secret          the node's signing secret: without it second factors could not be read again
manifest.json   SHA-256 and size of each of them, rows of each table in the same snapshot
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from khue.cli import database
from khue.cli.failures import Failure
from khue.foundation.postgres import addresses, programs

FORMAT = 1
STORED = re.compile(r"^[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}$")


@dataclass(frozen=True)
class Node:
    """What a backup holds of a node.

    owner   address of the database, as the owner of the tables
    secret  the file with the signing secret; it may not exist where KHUE_SECRET is set
    """

    owner: str
    files: Path
    secret: Path


@dataclass
class Manifest:
    """What the archive must hold, to be proved before a restore changes anything.

    members  name in the archive -> (bytes, SHA-256)
    tables   name -> rows
    """

    format: int
    made_at: str
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    """Write the archive; it appears under its name only when it is complete."""
    parser = argparse.ArgumentParser(prog="khue backup", description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    archive: Path = parser.parse_args(arguments).archive
    with database.opened():
        manifest = make(this_node(), archive)
        _note()
    print(f"{archive}: {sum(manifest.tables.values())} rows and {len(manifest.members) - 1} files. Keep it as safe as")
    print("the node itself: it holds personal data and the node's secret.")
    return 0


def _note() -> None:
    """For the page of who runs the node."""
    from khue.foundation import clock, health

    health.note_backup(clock.now())


def this_node() -> Node:
    """The node of this command; Django must be set up."""
    from django.conf import settings

    return Node(addresses.database_urls(database.VAR)[1], Path(settings.FILES_ROOT), database.VAR / "secret")


def make(node: Node, archive: Path) -> Manifest:
    """Write a node's archive. Returns what it holds.

    raises  Failure where it cannot be written, or a stored file is damaged
    """
    if archive.exists():
        raise Failure(f"{archive} exists already; a backup never overwrites another")
    manifest = Manifest(FORMAT, datetime.now(UTC).isoformat(timespec="seconds"))
    unfinished = archive.with_name(f"{archive.name}.unfinished")
    with tempfile.TemporaryDirectory(dir=archive.absolute().parent) as folder:
        dump = Path(folder) / "database.dump"
        manifest.tables = _dump(node.owner, dump)
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
                with tarfile.open(fileobj=output, mode="w") as tar:
                    _add(tar, manifest, "database.dump", dump)
                    if node.secret.exists():
                        _add(tar, manifest, "secret", node.secret)
                    for name in stored_files(node.files):
                        _add(tar, manifest, f"files/{name}", node.files / name)
                        if manifest.members[f"files/{name}"][1] != Path(name).name:
                            raise Failure(f"the stored file {node.files / name} is damaged: run khue check storage")
                    _add_manifest(tar, manifest, Path(folder))
                os.fsync(output.fileno())
            unfinished.rename(archive)
        finally:
            unfinished.unlink(missing_ok=True)
    return manifest


def stored_files(files: Path) -> Iterator[str]:
    """The names of all stored files, "ab/cd/abcd...", in order."""
    for path in sorted(files.glob("??/??/*")):
        name = str(path.relative_to(files))
        if STORED.match(name):
            yield name


def run_client(program: str, address: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client programs against an address; the password goes through the environment."""
    parts = conninfo_to_dict(address)
    environment = {**os.environ, "PGPASSWORD": str(parts.pop("password", "") or "")}
    target = " ".join(f"{key}={_quoted(str(value))}" for key, value in parts.items() if value is not None)
    done = subprocess.run(
        [programs.folder() / program, f"--dbname={target}", *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Failure(f"{program} failed: {done.stderr.strip()[-2000:]}")


def rows_of_tables(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table holds, in this transaction."""
    names = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
    ).fetchall()
    counts = {}
    for (name,) in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _dump(owner: str, target: Path) -> dict[str, int]:
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = str(row[0]) if row else ""
        run_client("pg_dump", owner, "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        return rows_of_tables(connection)


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mode = path.stat().st_size, 0o600
        member.mtime = int(path.stat().st_mtime)
        tar.addfile(member, file)
    manifest.members[name] = (member.size, digest)


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(asdict(manifest), indent=1))
    tar.add(path, "manifest.json")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
