"""Which body may stand under which: the levels of the administration since 1 July 2025.

source  TT 15/2025 as amended by TT 45/2026; domain §4.1
"""

from khue.registry.models import Organisation

Kind = Organisation.Kind

#: A school is managed by a department or a commune office; a few stand under the Ministry itself.
PARENTS: dict[str, frozenset[str | None]] = {
    Kind.MINISTRY: frozenset({None}),
    Kind.DEPARTMENT: frozenset({None, Kind.MINISTRY}),
    Kind.COMMUNE_OFFICE: frozenset({None, Kind.DEPARTMENT}),
    Kind.SCHOOL: frozenset({None, Kind.MINISTRY, Kind.DEPARTMENT, Kind.COMMUNE_OFFICE}),
    Kind.CAMPUS: frozenset({Kind.SCHOOL}),
}


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """Whether an organisation of this kind may have such a parent; None is the root of the node."""
    return parent_kind in PARENTS[Kind(kind)]
