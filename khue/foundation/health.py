"""Whether this node is well, by what it knows of itself at once: for the page of who runs it, and for `khue check`.

What takes long (each file against its hash, the whole audit chain, a sign-in at the mail server) is for the command.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from khue.foundation import clock

#: Less than this and the next upload or the database itself may fail.
LEAST_FREE_BYTES = 2 * 1024**3
LEAST_FREE_RATIO = 0.05
#: A worker shows a sign of life every few seconds.
ALIVE = timedelta(minutes=1)
#: Of jobs that failed, those that somebody may still wait for.
LATELY = timedelta(days=7)
#: A backup that is older is no night's rest.
BACKUP_LASTS = timedelta(days=2)
BACKUP = "last-backup.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Room for data at one place, in bytes."""

    path: Path
    free: int
    total: int

    @property
    def is_short(self) -> bool:
        return self.free < min(LEAST_FREE_BYTES, self.total * LEAST_FREE_RATIO)


@dataclass(frozen=True, slots=True)
class Health:
    """What a node knows of itself.

    worker_at     the last sign of life of any worker; sealed_at: when the audit trail was last sealed
    jobs_failed   of the last seven days
    events_late   events that a handler failed on, and that are tried again
    backup_at     when the last backup was finished here; None where none was
    """

    at: datetime
    worker_at: datetime | None
    sealed_at: datetime | None
    jobs_waiting: int
    jobs_failed: int
    events_late: int
    backup_at: datetime | None
    places: tuple[Place, ...]
    database: int

    @property
    def works(self) -> bool:
        return self.worker_at is not None and self.at - self.worker_at < ALIVE

    @property
    def is_backed_up(self) -> bool:
        return self.backup_at is not None and self.at - self.backup_at < BACKUP_LASTS

    @property
    def fullest(self) -> Place:
        """The place with the least room for its size."""
        return min(self.places, key=lambda place: place.free / place.total)


_KNOWN = """
SELECT (SELECT max(last_heartbeat) FROM procrastinate_workers),
       (SELECT sealed_at FROM foundation_auditblock ORDER BY id DESC LIMIT 1),
       (SELECT count(*) FROM foundation_job WHERE state = 'waiting'),
       (SELECT count(*) FROM foundation_job WHERE state = 'failed' AND finished_at > %s),
       (SELECT count(*) FROM foundation_outboxevent WHERE delivered_at IS NULL AND attempts > 0),
       current_setting('server_version_num')::int / 10000
"""


def node_health(at: datetime) -> Health:
    """What this node knows of itself. One query, within the scope of the whole node."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [at - LATELY])
        worker_at, sealed_at, waiting, failed, late, database = cursor.fetchone()
    return Health(
        at=at, worker_at=worker_at, sealed_at=sealed_at, jobs_waiting=waiting, jobs_failed=failed, events_late=late,
        backup_at=last_backup(), places=tuple(places()), database=database,
    )  # fmt: skip


def places() -> Iterator[Place]:
    """Where the data is, with its room."""
    for path in sorted({Path(settings.VAR_DIR), Path(settings.FILES_ROOT)}):
        if path.exists():
            usage = shutil.disk_usage(path)
            yield Place(path, usage.free, usage.total)


def note_backup(at: datetime) -> None:
    """Keep beside the data that a backup was finished."""
    (Path(settings.VAR_DIR) / BACKUP).write_text(json.dumps({"made_at": at.isoformat()}))


def last_backup() -> datetime | None:
    """When the last backup was finished; None where none was, or the note cannot be read."""
    try:
        said = json.loads((Path(settings.VAR_DIR) / BACKUP).read_text())
        found = datetime.fromisoformat(said["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.VIETNAM)
