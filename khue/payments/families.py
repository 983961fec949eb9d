"""Which children are billed together: those at one school who have the very same guardians.

One shared guardian is not enough: the mother of one child would read what is asked for her former husband's other one.
"""

from collections.abc import Collection

from khue.payments.models import InvoiceLine
from khue.registry import queries as registry


def of_children(children: Collection[int], organisation_id: int) -> dict[int, int]:
    """For each child the person in whose name its family is billed. Two queries.

    A family keeps the name it was billed in before at this school, so that its money stays together.
    """
    guardians = registry.guardians_of(children)
    together: dict[frozenset[int], list[int]] = {}
    for child in sorted(children):
        adults = frozenset(g.guardian_id for g in guardians.get(child, []) if not g.is_barred)
        together.setdefault(adults or frozenset({-child}), []).append(child)
    known = dict(
        InvoiceLine.objects.filter(organisation_id=organisation_id, child_id__in=children)
        .order_by("id")
        .values_list("child_id", "invoice__family_id")
    )
    family: dict[int, int] = {}
    for group in together.values():
        before = [known[child] for child in group if known.get(child) in group]
        family.update(dict.fromkeys(group, before[0] if before else group[0]))
    return family
