"""`khue restore FILE`: an archive of `khue backup` into an empty node. Proved before, counted after."""

import argparse
import fcntl
import hashlib
import json
import os
import tarfile
import tempfile
from pathlib import Path

import psycopg

from khue.cli import backup, database
from khue.cli.failures import Failure


def main(arguments: list[str]) -> int:
    """Restore, then bring the tables to this release."""
    parser = argparse.ArgumentParser(prog="khue restore", description=__doc__)
    parser.add_argument("archive", type=Path)
    archive: Path = parser.parse_args(arguments).archive
    _refuse_while_served()
    with database.opened():
        manifest = into_empty(backup.this_node(), archive)
        from khue.cli import prepare

        prepare.prepare(with_demonstration=False)
    print(f"Restored what {archive} held on {manifest.made_at}: {sum(manifest.tables.values())} rows,")
    print(f"{len(manifest.members) - 1} files. Every hash and every count is right.")
    return 0


def into_empty(node: backup.Node, archive: Path) -> backup.Manifest:
    """Fill an empty node from an archive. Returns what the archive held.

    raises  Failure where the node is not empty or the archive is damaged; then nothing was changed
    """
    if not archive.exists():
        raise Failure(f"there is no {archive}")
    manifest = proved(archive)
    _refuse_if_used(node)
    with tempfile.TemporaryDirectory(dir=archive.absolute().parent) as folder, tarfile.open(archive) as tar:
        dump = Path(folder) / "database.dump"
        _extract(tar, dump.name, dump)
        _empty_schema(node.owner)
        # As its own user: the dump's rights for khue_app come with it, its owner is whoever owns this database.
        backup.run_client(
            "pg_restore", node.owner, "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction",
            str(dump),
        )  # fmt: skip
        for name in manifest.members:
            if name.startswith("files/"):
                _extract(tar, name, node.files / name.removeprefix("files/"))
            elif name == "secret" and not os.environ.get("KHUE_SECRET"):
                _extract(tar, name, node.secret)
    with psycopg.connect(node.owner) as connection:
        found = backup.rows_of_tables(connection)
        connection.execute("ANALYZE")
    wrong = [name for name in manifest.tables if found.get(name) != manifest.tables[name]]
    if wrong:
        raise Failure(f"these tables do not hold what the archive says: {', '.join(wrong)}")
    return manifest


def proved(archive: Path) -> backup.Manifest:
    """Read an archive to its end and compare every member with the manifest."""
    try:
        with tarfile.open(archive) as tar:
            written = tar.extractfile("manifest.json")
            manifest = backup.Manifest(**json.loads(written.read() if written else b"{}"))
            if manifest.format != backup.FORMAT:
                raise Failure(f"{archive} has format {manifest.format}; this release reads {backup.FORMAT}")
            found = {member.name: _measured(tar, member) for member in tar if member.name != "manifest.json"}
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
        raise Failure(f"{archive} is not a complete backup: {error}") from error
    wanted = {name: (size, digest) for name, (size, digest) in manifest.members.items()}
    damaged = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    strange = [n for n in wanted if n not in {"database.dump", "secret"} and not backup.STORED.match(n[6:])]
    if damaged or strange:
        raise Failure(f"{archive} is damaged: {', '.join((damaged or strange)[:5])}")
    return manifest


def _measured(tar: tarfile.TarFile, member: tarfile.TarInfo) -> tuple[int, str]:
    file = tar.extractfile(member)
    return member.size, hashlib.file_digest(file, "sha256").hexdigest() if file else ""  # type: ignore[arg-type]


def _refuse_if_used(node: backup.Node) -> None:
    with psycopg.connect(node.owner) as connection:
        holds = backup.rows_of_tables(connection)
    used = [name for name in ("registry_person", "identity_account", "foundation_storedfile") if holds.get(name)]
    if used or any(backup.stored_files(node.files)):
        raise Failure("this node is not empty. Restore into a new one: another KHUE_VAR, or an empty database.")


def _empty_schema(owner: str) -> None:
    with psycopg.connect(owner) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _extract(tar: tarfile.TarFile, name: str, target: Path) -> None:
    file = tar.extractfile(name)
    if file is None:
        raise Failure(f"{name} is missing from the archive")
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        while piece := file.read(1 << 20):
            output.write(piece)


def _refuse_while_served() -> None:
    database.VAR.mkdir(parents=True, exist_ok=True)
    with (database.VAR / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("this node is being served; stop khue serve first") from None
