"""Which rules hold on a day, and what a level may see then."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet

from khue.exchange.cards import Card
from khue.exchange.checks import Rule
from khue.exchange.keys import public_keys
from khue.exchange.models import LEVELS, FieldGrant, ThisNode, ValidationRule
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound


def rules_on(day: date) -> list[Rule]:
    """The checks in force on a day. One query."""
    rows = ValidationRule.objects.filter(_in_force(day)).order_by("kind", "code", "field")
    return [
        Rule(
            code=row.code,
            kind=row.kind,
            field=row.field,
            check=row.check_name,
            argument=row.argument,
            is_error=row.severity == ValidationRule.Severity.ERROR,
            duty=row.duty,
            message=row.message,
        )
        for row in rows
    ]


def allowed_fields(level: str, day: date) -> Mapping[str, frozenset[str]]:
    """What a level may see on a day: names of fields by kind. A kind without any does not leave the node. One query."""
    rows = FieldGrant.objects.filter(_in_force(day), level=level).values_list("kind", "field")
    found: dict[str, set[str]] = {}
    for kind, field in rows:
        found.setdefault(kind, set()).add(field)
    return {kind: frozenset(fields) for kind, fields in found.items()}


def this_node() -> ThisNode | None:
    """Who this node is to others; None before the first peer was admitted. One query."""
    return next(iter(_nodes()), None)


@compiled
def _nodes() -> QuerySet[ThisNode]:
    return ThisNode.objects.select_related("body").order_by("id")[:1]


def level_above(node: ThisNode | None) -> str:
    """The level this node reports to. A node that is not paired yet is a department's; above the Ministry is nobody."""
    level = node.level if node else "department"
    return (*LEVELS, "")[LEVELS.index(level) + 1]


def _in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def own_card(address: str = "") -> Card:
    """How this node introduces itself to others. Raises NotFound before it has a name. One query."""
    this = this_node()
    if this is None:
        raise NotFound
    return Card(
        node=str(this.node),
        name=this.name,
        level=this.level,
        code=this.body.code or "",
        address=address,
        keys=public_keys(this.key_generation),
    )
