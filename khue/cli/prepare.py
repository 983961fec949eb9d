"""What a start does before the first request: tables, reference data, demonstration, static files.

A process of its own, so that the supervisor never holds a database connection. Each step looks first and does nothing
when there is nothing to do, which makes a second start fast.
"""

import hashlib
import importlib
import importlib.util
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.template import engines

#: What prepare() returns where all is well and the demonstration was loaded: very much was written.
LOADED = 10


def prepare(*, with_demonstration: bool) -> int:
    """Bring the database and the static files to this release; Django is set up. 0 or LOADED when all is well."""
    _migrate()
    _collect_static()
    _compile_templates()
    is_loaded = with_demonstration and _load_demonstration()
    write_sign_ins()
    return LOADED if is_loaded else 0


def _migrate() -> None:
    """As the owner of the tables, with reference data. Another process that does the same is waited for."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7265002)")
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    stamp, shipped = Path(settings.VAR_DIR) / "reference-data", _fingerprint("khue/*/data/**/*", "requirements.lock")
    if plan or not stamp.exists() or stamp.read_text() != shipped:
        print(f"Preparing the database ({len(plan)} steps) ...", flush=True)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        stamp.write_text(shipped)
    connections["owner"].close()


def _collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".khue"
    wanted = _fingerprint("khue/**/static/**/*")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Collecting static files ...", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def _compile_templates() -> None:
    """Here, so that the supervisor, whose memory all others share, has only to read what was compiled."""
    templates: Any = engines["jinja2"]
    if not templates.env.is_compiled:
        templates.env.load()


def _fingerprint(*patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in settings.BASE_DIR.glob(pattern)):
        if path.is_file():
            found = path.stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _load_demonstration() -> bool:
    if _module("khue.demo.actions") is None or _is_begun():
        return False
    print("Loading the demonstration province ...", flush=True)
    load_demonstration(3)
    return True


def load_demonstration(scale: int) -> None:
    """Generate so many schools; then do what a worker and the server's own cleaning would do beside the first pages."""
    _module("khue.demo.actions").load(scale=scale)
    _module("khue.foundation.worker").catch_up()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_sign_ins() -> None:
    """One sign-in per role of the demonstration, for the greeting; nothing where there is no demonstration."""
    demo = _module("khue.demo.queries")
    lines = [f"  {name:<28} {account:<24} {password}" for name, account, password in demo.sign_ins()] if demo else []
    path = Path(settings.VAR_DIR) / "sign-ins.txt"
    path.write_text("\n".join(lines) + "\n" if lines else "")


def _module(name: str) -> Any:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _is_begun() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM registry_person) OR EXISTS (SELECT FROM registry_organisation)")
        return bool(cursor.fetchone()[0])
