"""Telling what happened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from khue.activity.models import ActiveDay
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden


class Verb(StrEnum):
    """Verbs of the ADL vocabulary that Khuê uses, by the last part of their IRI."""

    EXPERIENCED = "experienced"
    INITIALIZED = "initialized"
    PROGRESSED = "progressed"
    COMPLETED = "completed"
    ANSWERED = "answered"
    PASSED = "passed"
    FAILED = "failed"
    SCORED = "scored"


@dataclass(frozen=True)
class Told:
    """One statement: who did what with which thing.

    statement_id  chosen by the teller, so that telling twice is one statement
    happened_at   instant of the act, which may have been offline some days ago
    score_ratio   0 to 1
    parent_id     the public id of what the thing is part of: the course of a lesson
    """

    statement_id: UUID
    person_id: int
    organisation_id: int
    verb: Verb
    object_kind: str
    object_id: UUID
    object_name: str
    happened_at: datetime
    parent_id: UUID | None = None
    score_ratio: Decimal | None = None
    is_success: bool | None = None
    seconds: int | None = None


@transaction.atomic
def tell(*, actor: Actor, statements: Collection[Told], at: datetime) -> int:
    """Store statements, each once. returns how many were new. Two statements of SQL, however many are told.

    refuses  Forbidden to a person who tells about somebody else; the system tells about everybody
    source   xAPI 1.0.3, Part Two 2.3: statements are immutable, an id is stored once
    """
    if not actor.is_system and any(told.person_id != actor.person_id for told in statements):
        raise Forbidden
    if not statements:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _columns(statements, at))
        new = int(cursor.rowcount)
    days = {(s.organisation_id, s.person_id, s.happened_at.astimezone(clock.VIETNAM).date()) for s in statements}
    ActiveDay.objects.bulk_create(
        [ActiveDay(organisation_id=place, person_id=person, day=day) for place, person, day in sorted(days)],
        ignore_conflicts=True,
    )
    return new


_INSERT = """
INSERT INTO activity_statement (statement_id, happened_at, stored_at, organisation_id, person_id, verb, object_kind,
                                object_id, object_name, parent_id, score_ratio, is_success, seconds)
SELECT i, h, %(at)s, o, p, v, k, t, n, u, r, s, d
FROM unnest(%(ids)s::uuid[], %(happened)s::timestamptz[], %(organisations)s::bigint[], %(persons)s::bigint[],
            %(verbs)s::text[], %(kinds)s::text[], %(objects)s::uuid[], %(names)s::text[], %(parents)s::uuid[],
            %(scores)s::numeric[], %(successes)s::boolean[], %(seconds)s::integer[])
     AS told (i, h, o, p, v, k, t, n, u, r, s, d)
ON CONFLICT DO NOTHING
"""


def _columns(statements: Collection[Told], at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "ids": [s.statement_id for s in statements],
        "happened": [s.happened_at for s in statements],
        "organisations": [s.organisation_id for s in statements],
        "persons": [s.person_id for s in statements],
        "verbs": [s.verb.value for s in statements],
        "kinds": [s.object_kind for s in statements],
        "objects": [s.object_id for s in statements],
        "names": [s.object_name for s in statements],
        "parents": [s.parent_id for s in statements],
        "scores": [s.score_ratio for s in statements],
        "successes": [s.is_success for s in statements],
        "seconds": [s.seconds for s in statements],
    }
