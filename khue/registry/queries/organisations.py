"""The tree of organisations, and the public directory of schools."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.foundation.text import fold
from khue.registry.models import Organisation, OrganisationCode, Territory

Kind = Organisation.Kind
PAGE = 50
MOST_WORDS = 4
#: Of a body's page: how many units below it are named.
MOST_UNITS = 100


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


def subtree(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisation and all below it, parents before children. One query; page it before use."""
    return Organisation.objects.filter(lineage__startswith=organisation.lineage).order_by("lineage")


def organisation_of(public_id: UUID) -> Organisation:
    """Any organisation: that it exists and who manages it is public. Raises NotFound."""
    return first(_with_place(public_id))


@compiled
def _with_place(public_id: UUID) -> QuerySet[Organisation]:
    return Organisation.objects.select_related("parent", "territory__parent").filter(public_id=public_id)


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations the actor holds some role on, and all below them, by lineage. One query."""
    if actor.is_system or any(held.covers is None for held in actor.held):
        return Organisation.objects.order_by("lineage")
    ids = frozenset[int]().union(*(held.covers or frozenset() for held in actor.held))
    return Organisation.objects.filter(id__in=ids).order_by("lineage")


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One school in the public directory."""

    public_id: UUID
    name: str
    code: str
    place: str
    managed_by: str
    level_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    entries: Sequence[DirectoryEntry]
    next_cursor: str  # "" on the last page


def directory(*, text: str = "", province: str = "", level_group: str = "", after: str = "") -> DirectoryPage:
    """Schools in operation, by name, fifty at a time.

    text         part of a name, diacritics or not, or a code
    province     code of the province, "82"
    level_group  "01".."05"
    after        the last page's next_cursor
    """
    words = fold(text).split()
    folded, separator, key = after.rpartition("~")
    place = (folded, int(key)) if separator and _is_key(key) else (None, None)
    # A statement is kept for each number of words; beyond what people type Django writes it for the call.
    matching = _found if len(words) <= MOST_WORDS else _matching
    found = list(matching(province or None, level_group or None, *place, *words))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return DirectoryPage([_entry(*row[2:]) for row in found[:PAGE]], f"{last[1]}~{last[0]}" if last else "")


def _schools() -> "QuerySet[Organisation, Any]":
    """Schools in operation, by name, as key, folded name and what an entry is made of."""
    rows = Organisation.objects.filter(kind=Kind.SCHOOL, valid_to=None).order_by("folded_name", "id")
    return rows.values_list(
        "id", "folded_name", "public_id", "name", "code", "level_groups", "parent__name", "territory__kind",
        "territory__name", "territory__parent__name",
    )  # fmt: skip


def _matching(
    province: str | None, level_group: str | None, after: str | None, after_id: int | None, *words: str
) -> "QuerySet[Organisation, Any]":
    """The page behind a place in the list: the last folded name before it, and the key of its school."""
    rows = _schools()
    for word in words:
        rows = rows.filter(Q(folded_name__contains=word) | Q(code__iexact=word))
    if province is not None:
        rows = rows.filter(Q(territory__code=province) | Q(territory__parent__code=province))
    if level_group is not None:
        rows = rows.filter(level_groups__contains=level_group)
    if after is not None:
        rows = rows.filter(Q(folded_name__gt=after) | Q(folded_name=after, id__gt=after_id))
    return rows[: PAGE + 1]


_found = compiled(_matching)


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """What anybody may know of an organisation.

    ancestors  from the root down, without itself
    units      what stands directly under it and is open: the first hundred, and how many there are
    """

    organisation: Organisation
    ancestors: Sequence[Organisation]
    units: Sequence[Organisation]
    unit_count: int
    place: str


def organisation_card(organisation: Organisation) -> OrganisationCard:
    """At most three queries, however large the organisation."""
    above = [int(key) for key in organisation.lineage.strip(".").split(".")[:-1]]
    units = _open_units(organisation.id)
    has_more = len(units) == MOST_UNITS
    count = Organisation.objects.filter(parent=organisation, valid_to=None).count() if has_more else len(units)
    return OrganisationCard(organisation, _by_lineage(above), units, count, place_of(organisation.territory))


@compiled
def _by_lineage(organisation_ids: Collection[int]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(id__in=organisation_ids).order_by("lineage")


@compiled
def _open_units(organisation_id: int) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(parent_id=organisation_id, valid_to=None)
    return rows.order_by("kind", "name", "id")[:MOST_UNITS]


def place_of(territory: Territory | None) -> str:
    """ "Xã Mỹ An, Đồng Tháp"; empty when nothing is known. The territory comes with its parent."""
    if territory is None:
        return ""
    return _place(territory.kind, territory.name, territory.parent.name if territory.parent else None)


def _place(kind: str | None, name: str | None, above: str | None) -> str:
    return (f"{kind.capitalize()} {name}" if kind else "") + (f", {above}" if above else "")


def _entry(
    public_id: UUID,
    name: str,
    code: str | None,
    level_groups: str,
    manager: str | None,
    kind: str | None,
    territory: str | None,
    above: str | None,
) -> DirectoryEntry:
    groups = tuple(filter(None, level_groups.split(",")))
    return DirectoryEntry(public_id, name, code or "", _place(kind, territory, above), manager or "", groups)


def working_places(actor: Actor, permission: str) -> list[Organisation]:
    """The organisations on which the actor was granted a role with this permission, by name. One query."""
    return _named({held.organisation for held in actor.held if actor.may(permission, held.organisation)})


@compiled
def _named(organisation_ids: Collection[int]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(id__in=organisation_ids).order_by("name", "id")


def organisation_with(organisation_id: int) -> Organisation:
    """The organisation with this key, for work that was given the key. One query."""
    return Organisation.objects.get(id=organisation_id)


def organisations_with(organisation_ids: Collection[int]) -> list[Organisation]:
    """The organisations with these keys. One query."""
    return list(Organisation.objects.filter(id__in=list(organisation_ids)))


def bodies_with_codes(codes: Collection[str]) -> dict[str, Organisation]:
    """Who bears each of these codes; a code that nobody bears today, who bore it last. Two queries.

    That bodies exist is public.
    """
    former = OrganisationCode.objects.filter(code__in=list(codes)).select_related("body").order_by("valid_to")
    found = {row.code: row.body for row in former}
    return found | {row.code: row for row in Organisation.objects.filter(code__in=list(codes)) if row.code}


def children_of(organisation: Organisation) -> QuerySet[Organisation]:
    """The bodies that stand directly under this one, by name. One query; page it before use."""
    return Organisation.objects.filter(parent=organisation).order_by("name", "id")


def campuses_under(school_id: int) -> QuerySet[Organisation]:
    """The open campuses of a school without the main one, by name. One query."""
    rows = Organisation.objects.filter(parent=school_id, kind=Organisation.Kind.CAMPUS, valid_to=None)
    return rows.order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as a list prints it."""

    id: int
    public_id: UUID
    name: str
    kind: str


def bodies_under(organisation: Organisation) -> list[Body]:
    """The bodies directly under this one that are no campus, by name, at most a thousand. One query."""
    return [Body(*row) for row in _bodies_under(organisation.id)]


@compiled
def _bodies_under(organisation_id: int) -> QuerySet[Organisation, tuple[int, UUID, str, str]]:
    rows = Organisation.objects.filter(parent_id=organisation_id).exclude(kind=Organisation.Kind.CAMPUS)
    return rows.order_by("name", "id").values_list("id", "public_id", "name", "kind")[:1000]
