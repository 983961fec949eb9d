"""Bringing rules and rights to what this release ships."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction

from khue.exchange import catalogue
from khue.exchange.access import Permission
from khue.exchange.models import FieldGrant, ValidationRule
from khue.foundation import audit
from khue.foundation.actor import Actor, require

#: The day NĐ 88/2026/NĐ-CP came into force: who may see what of the sector's data follows from it.
IN_FORCE = date(2026, 5, 15)
BASES = {
    "public": "NĐ 88/2026/NĐ-CP, Điều 5 và 12",
    "personal": "NĐ 88/2026/NĐ-CP, Điều 12; Luật 91/2025/QH15",
    "sensitive": "NĐ 88/2026/NĐ-CP, Điều 12; Luật 91/2025/QH15 (dữ liệu nhạy cảm)",
}


@transaction.atomic
def load_reference(*, actor: Actor) -> int:
    """Bring validation rules and field grants to what this release ships. Doing it again changes nothing.

    Rows of other days, and what an operator has verified, stay as they are.
    returns  how many rows were written
    """
    require(actor, Permission.NODE_MANAGE, within=None)

    rules = [
        ValidationRule(
            code=row["code"],
            kind=row["kind"],
            field=row["field"],
            check_name=row["check"],
            argument=row["argument"],
            severity=row["severity"],
            duty=row["duty"],
            message=row["message"],
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            verified=row["verified"] == "true",
        )
        for row in catalogue.shipped_rules()
    ]
    grants = [
        FieldGrant(kind=kind, field=field.name, level=level, valid_from=IN_FORCE, source=BASES[field.classed])
        for kind in catalogue.Kind
        for field in catalogue.fields_of(kind)
        for level in field.sees
    ]
    once = ("check_name", "argument", "severity", "duty", "message", "source", "verified")
    written = _bring(ValidationRule, rules, ("code", "kind", "field", "valid_from"), once)
    written += _bring(FieldGrant, grants, ("kind", "field", "level", "valid_from"), ("source",))
    if written:
        audit.record(actor, "exchange_reference.loaded", None, written=written)
    return written


def _bring(
    table: type[models.Model], wanted: Sequence[models.Model], known_by: tuple[str, ...], values: tuple[str, ...]
) -> int:
    """Write those that are new or differ."""
    there = set(table._default_manager.values_list(*known_by, *values))
    new = [row for row in wanted if tuple(getattr(row, name) for name in (*known_by, *values)) not in there]
    table._default_manager.bulk_create(
        new, update_conflicts=True, unique_fields=list(known_by), update_fields=list(values)
    )
    return len(new)
