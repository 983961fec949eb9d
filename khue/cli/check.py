"""`khue check [database|storage|audit|mail|disk]`: is this node well? Says what is wrong and what to do.

`khue check records FILE ...`: what transcripts (XML, PDF) and packages (ZIP) are worth, of any size. With
`--roots PEM` nothing but the files is read: no database, no line; lists of revoked certificates may be given besides.
"""

import argparse
import hashlib
import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings

from khue.cli import backup, database
from khue.foundation.postgres import external

if TYPE_CHECKING:
    from khue.records.queries import Verified

RECORDS = "records"


def main(arguments: list[str]) -> int:
    """Make the named check, or all; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="khue check", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*CHECKS, RECORDS])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--roots", type=Path, help="trusted roots (PEM), to judge records without a node")
    parser.add_argument(
        "--list", type=Path, action="append", default=[], dest="lists", help="a list of revoked certificates (DER)"
    )
    given = parser.parse_intermixed_args(arguments)
    what = given.what
    if what == RECORDS and given.roots:
        return _records_alone(given.files, given.roots, given.lists)
    if what == RECORDS:
        return _records(given.files)
    failed = False
    with database.opened():
        for name in [what] if what else CHECKS:
            problems = list(CHECKS[name]())
            failed = failed or bool(problems)
            print(f"{name}: {'well' if not problems else f'{len(problems)} problems'}", flush=True)
            for problem in problems[:50]:
                print(f"  - {problem}")
            if len(problems) > 50:
                print(f"  ... and {len(problems) - 50} more")
    return int(failed)


def _records(files: list[Path]) -> int:
    """One line a file; 1 if any is not good."""
    from khue.records import queries

    with database.opened():
        return _told(files, queries.verify)


def _records_alone(files: list[Path], roots: Path, lists: list[Path]) -> int:
    """As _records, by the roots in a file alone: on any machine, years later, with no line."""
    import django

    django.setup()
    from khue.records import queries

    trusted, revoked = queries.roots_in(str(roots)), tuple(one.read_bytes() for one in lists)
    return _told(files, lambda data: queries.verify_alone(data, trusted, revoked))


def _told(files: list[Path], verify: "Callable[[bytes], Verified]") -> int:
    failed = False
    for file in files:
        found = verify(file.read_bytes())
        failed = failed or not found.verdict.is_good
        print(f"{file}: {found.verdict}", flush=True)
        for one in found.signatures:
            print(f"  - {one.role} {one.signer} {one.stamped_at or ''} {one.verdict}")
        for name, verdict in found.parts:
            print(f"  - {name} {verdict}")
    return int(failed)


def database_problems() -> Iterator[str]:
    """Version, roles and migrations."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (version,) = cursor.fetchone()
    if version < external.OLDEST:
        yield f"The server is PostgreSQL {version}; Khuê needs {external.OLDEST} or newer."
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, is_mighty = cursor.fetchone()
        if is_mighty:
            yield f"The role {name} passes by row-level security. Run: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS;"
    executor = MigrationExecutor(owner)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield f"{len(waiting)} migrations wait. Start khue serve, which applies them."


def storage_problems() -> Iterator[str]:
    """Every file a row names is there, whole and unchanged."""
    with psycopg.connect(backup.this_node().owner) as connection:
        rows = connection.execute("SELECT DISTINCT sha256, size FROM foundation_storedfile ORDER BY sha256").fetchall()
    for digest, size in rows:
        path = Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest
        if not path.exists():
            yield f"The stored file {digest} is missing. Restore it from a backup to {path}."
        elif path.stat().st_size != size or _digest(path) != digest:
            yield f"The stored file {path} is not what was stored. Restore it from a backup."


def audit_problems() -> Iterator[str]:
    """Nothing in the sealed trail was changed, added or removed, nor the whole chain written anew."""
    from khue.foundation import audit_chain

    for finding in audit_chain.verify(settings.VAR_DIR / audit_chain.DEPOSIT):
        yield f"block {finding.block}" + (f", row {finding.row}" if finding.row else "") + f": {finding.text}"


def mail_problems() -> Iterator[str]:
    """The mail server answers and accepts our sign-in."""
    if not settings.EMAIL_HOST:
        yield "No mail server: messages wait in the outbox. Set KHUE_SMTP=smtp://user:password@host:port."
        return
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
            if settings.EMAIL_USE_TLS:
                server.starttls()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not take our mail: {error}"


def disk_problems() -> Iterator[str]:
    """Room for what comes next, where the data is."""
    from khue.foundation import health

    for place in health.places():
        if place.is_short:
            yield f"Only {place.free // 1024**2} MB are free at {place.path}. Make room or move KHUE_VAR."


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "database": database_problems,
    "storage": storage_problems,
    "audit": audit_problems,
    "mail": mail_problems,
    "disk": disk_problems,
}
