"""Public reads of the registry."""

from django.db.models import QuerySet

from khue.registry.models import Organisation


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
