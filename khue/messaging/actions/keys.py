"""Keys of schools: made when first needed, renewed on request, everything written sealed again with the newest."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, files, jobs
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import Job, StoredFile
from khue.messaging import keys
from khue.messaging.models import DataKey, FileKey, Line
from khue.messaging.queries.keys import current_key, keys_without_content, opened, place_of, unwrapped
from khue.messaging.queries.words import seal_words, sealed_words

RESEAL = "messaging.reseal"


@transaction.atomic
def rotate_key(*, actor: Actor, organisation_id: int, at: datetime) -> Job:
    """Make a new version of a school's key and ask for a job that seals everything again. Written with at once.

    For the operator's command: whoever holds the node's secret reads everything anyway.
    """
    _require_operator(actor)
    newest = _new_version(actor, organisation_id, at)
    return jobs.start(
        actor=actor, kind=RESEAL, organisation_id=organisation_id, arguments={"key": newest.id}, at=at,
    )  # fmt: skip


@transaction.atomic
def seal_again(*, actor: Actor, lines: Sequence[Line], newest: DataKey, file_keys: Sequence[FileKey] = ()) -> None:
    """Seal lines and keys of files, fetched and locked with their keys, with the newest key. What they hold stays."""
    _require_operator(actor)
    for line in lines:
        line.sealed, line.data_key = seal_words(line, sealed_words(line), newest), newest
    Line.objects.bulk_update(lines, ["sealed", "data_key"])
    for row in file_keys:
        row.wrapped, row.data_key = keys.seal_key(opened(newest), unwrapped(row), place_of(row.file)), newest
    FileKey.objects.bulk_update(file_keys, ["wrapped", "data_key"])


@transaction.atomic
def seal_file(*, actor: Actor, file: StoredFile, at: datetime) -> None:
    """Seal a file of a conversation that was stored before files were sealed. Its content does not change."""
    _require_operator(actor)
    files.seal_open(actor=actor, file=file, at=at)


@transaction.atomic
def drop_old_keys(*, actor: Actor, newest: DataKey) -> int:
    """Forget a school's older keys that hold nothing any more, for good. returns how many.

    What is being written under one of them holds its row: this waits for it and then leaves the key.
    """
    _require_operator(actor)
    dropped = 0
    for old in keys_without_content(newest.organisation_id, newest):
        is_there = DataKey.objects.select_for_update().filter(id=old.id).exists()
        if is_there and not any(held.objects.filter(data_key=old).exists() for held in (Line, FileKey)):
            DataKey.objects.filter(id=old.id).delete()
            audit.record(actor, "data_key.dropped", old, version=old.version)
            dropped += 1
    return dropped


def keep_file_key(actor: Actor, file: StoredFile, key: bytes, at: datetime) -> None:
    """Keep the key of a file that is being stored, under the newest key of its school (extensions.FileSeal)."""
    if file.organisation_id is None:
        raise Forbidden
    around = key_to_write_with(actor, file.organisation_id, at)
    wrapped = keys.seal_key(opened(around), key, place_of(file))
    FileKey.objects.create(organisation_id=file.organisation_id, file=file, data_key=around, wrapped=wrapped)


def forget_file_keys(stored: Sequence[StoredFile]) -> None:
    """Let go of the keys of files that are being removed; nobody opens these files again (extensions.FileSeal)."""
    FileKey.objects.filter(file__in=[file.id for file in stored]).delete()


def key_to_write_with(actor: Actor, organisation_id: int, at: datetime) -> DataKey:
    """The school's newest key, made where there is none. Locked against being dropped by the line that will name it."""
    return current_key(organisation_id) or _new_version(actor, organisation_id, at)


def _new_version(actor: Actor, organisation_id: int, at: datetime) -> DataKey:
    """The next version. Two who make one at the same moment get the same."""
    newest = current_key(organisation_id)
    version = newest.version + 1 if newest else 1
    made, is_new = DataKey.objects.get_or_create(
        organisation_id=organisation_id,
        version=version,
        defaults={"wrapped": keys.wrap(keys.new_key(), organisation_id, version), "made_at": at},
    )
    if is_new:
        audit.record(actor, "data_key.made", made, version=version)
    return made


def _require_operator(actor: Actor) -> None:
    if not actor.is_system:
        raise Forbidden
