"""The audit trail: each action writes one row, in its own transaction."""

import json
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
