"""The tree of organisations as officers walk it, and what they may do with one body."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.foundation.text import fold
from khue.registry.access import Permission
from khue.registry.models import Management, Organisation
from khue.registry.queries.organisations import organisation_of
from khue.registry.tree import PARENTS, may_stand_under

PAGE = 50
MOST_MANAGERS = 500


@dataclass(frozen=True, slots=True)
class Branch:
    """One body with how many open bodies stand directly under it."""

    organisation: Organisation
    children: int


@dataclass(frozen=True, slots=True)
class TreePage:
    """What stands directly under a body, or everything found below it.

    under  None where the reader works in several places: then the branches are those
    """

    under: Organisation | None
    ancestors: Sequence[Organisation]
    branches: Sequence[Branch]
    next_cursor: str


def tree_page(actor: Actor, *, under: UUID | None = None, text: str = "", after: str = "") -> TreePage:
    """Fifty bodies of the part of the tree the actor works in: directly under one, or by name anywhere below it.

    under  None begins with the places the actor was granted a role on
    cost   three queries; raises NotFound for a body outside the actor's part
    """
    places = list(Organisation.objects.filter(id__in=_roots(actor)).order_by("lineage"))
    if not places:
        raise NotFound
    here = organisation_of(under) if under else places[0] if len(places) == 1 else None
    if here is not None and not any(here.lineage.startswith(place.lineage) for place in places):
        raise NotFound
    rows = Organisation.objects.filter(valid_to=None)
    if here is None:
        rows = rows.filter(id__in=[place.id for place in places])
    elif text:
        rows = rows.filter(lineage__startswith=here.lineage).exclude(id=here.id)
    else:
        rows = rows.filter(parent=here)
    for word in fold(text).split():
        rows = rows.filter(Q(folded_name__contains=word) | Q(code__iexact=word))
    found = list(_after(rows, after).annotate(children=_children()).order_by("kind", "folded_name", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return TreePage(
        under=here,
        ancestors=_ancestors(here, places) if here else [],
        branches=[Branch(row, row.children) for row in found[:PAGE]],
        next_cursor=f"{last.kind}~{last.folded_name}~{last.id}" if last else "",
    )


def manageable(actor: Actor, public_id: UUID) -> Organisation:
    """A body that the actor may correct, move or close. Raises NotFound for every other."""
    rows = Organisation.objects.select_related("parent", "territory__parent")
    places = actor.organisations(Permission.ORGANISATION_WRITE)
    return one(rows if places is None else rows.filter(id__in=places), public_id=public_id)


def kinds_below(parent: Organisation) -> list[str]:
    """What may be founded under this body."""
    return [kind for kind in PARENTS if may_stand_under(kind, parent.kind)] if parent.valid_to is None else []


def managers_for(actor: Actor, organisation: Organisation) -> list[Organisation]:
    """Who could manage this body instead, within its province and the actor's part of the tree. One query."""
    kinds = [kind for kind in PARENTS[organisation.kind] if kind]
    above = organisation.lineage.strip(".").split(".")
    # The Ministry, then the department: what stands beside each other within one province.
    stem = ".".join(above[: max(1, min(2, len(above) - 1))]) + "."
    rows = Organisation.objects.filter(valid_to=None, kind__in=kinds, lineage__startswith=stem)
    rows = rows.exclude(id=organisation.parent_id or 0).exclude(lineage__startswith=organisation.lineage)
    places = actor.organisations(Permission.ORGANISATION_WRITE)
    if places is not None:
        rows = rows.filter(id__in=places)
    return list(rows.order_by("-kind", "folded_name", "id")[:MOST_MANAGERS])


def mergeable_into(actor: Actor, organisation: Organisation, text: str = "") -> list[Organisation]:
    """Bodies of the same kind within the actor's part of the tree, found by name or code.

    At most fifty, those under the same manager first, then by name. One query.
    """
    rows = Organisation.objects.filter(valid_to=None, kind=organisation.kind).exclude(id=organisation.id)
    for word in fold(text).split():
        rows = rows.filter(Q(folded_name__contains=word) | Q(code__iexact=word))
    places = actor.organisations(Permission.ORGANISATION_WRITE)
    if places is not None:
        rows = rows.filter(id__in=places)
    is_near = Case(When(parent_id=organisation.parent_id, then=0), default=1)
    return list(rows.order_by(is_near, "folded_name", "id")[:PAGE])


def managements_of(organisation: Organisation) -> list[Management]:
    """Who has managed this body, the present manager first; empty where it never changed hands. One query."""
    return _managements(organisation.id)


@compiled
def _managements(body_id: int) -> QuerySet[Management]:
    rows = Management.objects.filter(body_id=body_id).select_related("manager")
    return rows.order_by(F("valid_to").desc(nulls_first=True), "-id")


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor corrects, moves and closes this body."""
    return actor.may(Permission.ORGANISATION_WRITE, organisation)


def _roots(actor: Actor) -> set[int]:
    return {held.organisation for held in actor.held if actor.may(Permission.ORGANISATION_WRITE, held.organisation)}


def _children() -> Coalesce:
    open_ones = Organisation.objects.filter(parent=OuterRef("pk"), valid_to=None).order_by().values("parent")
    return Coalesce(Subquery(open_ones.annotate(n=Count("id")).values("n")), 0)


def _after(rows: QuerySet[Organisation], cursor: str) -> QuerySet[Organisation]:
    kind, _first, rest = cursor.partition("~")
    folded, _last, key = rest.rpartition("~")
    if not key.isdecimal():
        return rows
    later = Q(folded_name__gt=folded) | Q(folded_name=folded, id__gt=int(key))
    return rows.filter(Q(kind__gt=kind) | Q(kind=kind) & later)


def _ancestors(here: Organisation, places: Sequence[Organisation]) -> list[Organisation]:
    """From the actor's own place down to the body, without itself."""
    start = max((p.lineage for p in places if here.lineage.startswith(p.lineage)), key=len)
    keys = [int(key) for key in here.lineage.strip(".").split(".")[:-1]]
    return list(Organisation.objects.filter(id__in=keys, lineage__startswith=start).order_by("lineage"))
