"""Public reads of the registry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from khue.registry.models import Guardianship, Organisation, Person


def covered_by(organisation_id: int) -> frozenset[int] | None:
    """Ids of the organisation and all below it; None for the root of the node, which covers everything."""
    organisation = Organisation.objects.get(id=organisation_id)
    if organisation.parent_id is None:
        return None
    return frozenset(Organisation.objects.filter(lineage__startswith=organisation.lineage).values_list("id", flat=True))


def organisations_below(organisation: Organisation, *, kind: str) -> QuerySet[Organisation]:
    """Organisations of one kind in the subtree of this one, itself included, by name. One query; page it before use."""
    rows = Organisation.objects.filter(lineage__startswith=organisation.lineage, kind=kind)
    return rows.order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person can be reached; an empty e-mail for nowhere."""

    person_id: int
    full_name: str
    email: str


def contacts_of(person_ids: Collection[int]) -> list[Contact]:
    """Where these people can be reached, for a message they are entitled to. One query."""
    rows = Person.objects.filter(id__in=person_ids).order_by("id")
    return [Contact(*row) for row in rows.values_list("id", "full_name", "email")]


def guardians_to_tell(child_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """By child: the guardians who receive messages about it on that day, none barred by a court. One query."""
    rows = Guardianship.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        child_id__in=child_ids,
        receives_messages=True,
        is_barred=False,
        valid_from__lte=on,
    )
    told: dict[int, list[int]] = {child: [] for child in child_ids}
    for child, guardian in rows.order_by("guardian_id").values_list("child_id", "guardian_id"):
        told[child].append(guardian)
    return told
