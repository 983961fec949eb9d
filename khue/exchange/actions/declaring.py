"""What a school says of itself where no other row of the node knows it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.exchange.access import Permission
from khue.exchange.catalogue import Kind, by_name
from khue.exchange.models import DeclaredFact, StaleSchool
from khue.exchange.shapes import misshapen
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation


class FactUnusable(Refusal):
    code = "fact_unusable"
    message = _("%(label)s: giá trị không đúng kiểu hoặc dài quá quy định.")


@transaction.atomic
def declare_facts(*, actor: Actor, school: Organisation, facts: Mapping[str, str | int | None], at: datetime) -> int:
    """Keep what a school says of itself, by field of the specification; None takes it back. Returns how many changed.

    refuses  FactUnusable
    source   domain §1.8: the fields of a school; NĐ 88/2026/NĐ-CP, Điều 22
    """
    require(actor, Permission.FACT_DECLARE, within=school)

    known = by_name(Kind.SCHOOL)
    said = {name: value for name, value in facts.items() if name in known and value is not None and value != ""}
    for _place, name in misshapen(Kind.SCHOOL, [said]):
        raise FactUnusable(label=known[name].label)
    before = dict(DeclaredFact.objects.filter(organisation=school).values_list("field", "value"))
    taken_back = [name for name in facts if name in before and name not in said]
    changed = {name: value for name, value in said.items() if before.get(name) != value}
    DeclaredFact.objects.filter(organisation=school, field__in=taken_back).delete()
    DeclaredFact.objects.bulk_create(
        [
            DeclaredFact(organisation=school, field=name, value=value, declared_at=at, declared_by_id=actor.account_id)
            for name, value in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["organisation", "field"],
        update_fields=["value", "declared_at", "declared_by_id"],
    )
    if changed or taken_back:
        StaleSchool.objects.bulk_create([StaleSchool(organisation=school, since=at)], ignore_conflicts=True)
        audit.record(actor, "school_facts.declared", school, changed=changed, taken_back=taken_back)
    return len(changed) + len(taken_back)
