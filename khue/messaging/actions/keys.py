"""Keys of schools: made when first needed, renewed on request, everything written sealed again with the newest."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import Job
from khue.messaging import keys
from khue.messaging.models import DataKey, Line
from khue.messaging.queries.keys import current_key, keys_without_lines
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
def seal_again(*, actor: Actor, lines: Sequence[Line], newest: DataKey) -> None:
    """Seal lines, fetched and locked with their keys, with the newest key. Their words do not change."""
    _require_operator(actor)
    for line in lines:
        line.sealed, line.data_key = seal_words(line, sealed_words(line), newest), newest
    Line.objects.bulk_update(lines, ["sealed", "data_key"])


@transaction.atomic
def drop_old_keys(*, actor: Actor, newest: DataKey) -> int:
    """Forget a school's older keys that hold nothing any more, for good. returns how many.

    A line that is being written under one of them holds its row: this waits for it and then leaves the key.
    """
    _require_operator(actor)
    dropped = 0
    for old in keys_without_lines(newest.organisation_id, newest):
        locked = DataKey.objects.select_for_update().filter(id=old.id)
        if locked.exists() and not Line.objects.filter(data_key=old).exists():
            DataKey.objects.filter(id=old.id).delete()
            audit.record(actor, "data_key.dropped", old, version=old.version)
            dropped += 1
    return dropped


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
