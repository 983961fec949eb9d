"""The audit trail: each action writes one row, in its own transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, QuerySet

from khue.foundation.access import Permission
from khue.foundation.actor import Actor
from khue.foundation.clock import now
from khue.foundation.models import AuditRow
from khue.foundation.postgres.engine.base import DatabaseWrapper


def record(actor: Actor, verb: str, subject: models.Model | None, **details: object) -> None:
    """Append one row: who, acting as what, did `verb` on `subject`.

    verb     "mark.recorded": thing and past tense
    details  before and after values, ids and reasons; what json can carry, dates, decimals and UUIDs
    """
    organisation = getattr(subject, "organisation_id", None)
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(
        "INSERT INTO foundation_auditrow (occurred_at, organisation_id, account_id, person_id, actor_name, roles,"
        " door, verb, subject_kind, subject_id, details) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            now(),
            organisation,
            actor.account_id,
            actor.person_id,
            actor.name,
            ",".join(sorted(actor.roles)),
            actor.door,
            verb,
            subject._meta.label_lower if subject is not None else "",
            subject.pk if subject is not None else None,
            json.dumps(details, default=_plain, ensure_ascii=False),
        ],
    )


_EACH = """
INSERT INTO foundation_auditrow (occurred_at, organisation_id, account_id, person_id, actor_name, roles, door, verb,
    subject_kind, subject_id, details)
SELECT %(at)s, each.organisation, %(account)s, %(person)s, %(name)s, %(roles)s, %(door)s, %(verb)s, %(kind)s,
    each.subject, each.details::jsonb
FROM unnest(%(organisations)s::bigint[], %(subjects)s::bigint[], %(details)s::text[])
    AS each(organisation, subject, details)
"""


def record_each(actor: Actor, verb: str, rows: Sequence[tuple[models.Model, Mapping[str, object]]]) -> None:
    """Append a row for each of many things of one kind to which the same was done. One statement; none for nothing.

    rows  each thing with its details, as `record` takes them
    """
    if not rows:
        return
    values = {
        "at": now(), "account": actor.account_id, "person": actor.person_id, "name": actor.name,
        "roles": ",".join(sorted(actor.roles)), "door": actor.door, "verb": verb,
        "kind": rows[0][0]._meta.label_lower,
        "organisations": [getattr(subject, "organisation_id", None) for subject, _details in rows],
        "subjects": [subject.pk for subject, _details in rows],
        "details": [json.dumps(details, default=_plain, ensure_ascii=False) for _subject, details in rows],
    }  # fmt: skip
    cast(DatabaseWrapper, connection).kept_cursor().execute(_EACH, values)


def visible_audit(actor: Actor) -> QuerySet[AuditRow]:
    """The trail of organisations whose trail this actor may read; what belongs to none only for the operator.

    Newest first; page before use.
    """
    rows = AuditRow.objects.order_by("-occurred_at", "-id")
    places = actor.organisations(Permission.AUDIT_READ)
    within = Q(organisation_id__isnull=False) if places is None else Q(organisation_id__in=places)
    if actor.may(Permission.AUDIT_READ_NODE):
        within |= Q(organisation_id__isnull=True)
    return rows.filter(within)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in the audit trail")
