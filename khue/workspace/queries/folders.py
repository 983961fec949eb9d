"""Shared folders and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.workspace.models import SharedFile, Version
from khue.workspace.queries.circles import Membership, membership_of, memberships

PURPOSE_SHARED = "workspace.shared"


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder in the list, with how many files are in it."""

    circle: Membership
    files: int


def folders(actor: Actor) -> list[FolderRow]:
    """The folders the actor may open today. One query beside the circles."""
    circles = memberships(actor)
    rows = SharedFile.objects.filter(_within(circles), removed_at=None).order_by()
    counts = {
        (office, key): count
        for office, key, count in rows.values_list("organisation_id", "folder__circle").annotate(Count("id"))
    }
    return [FolderRow(each, counts.get((each.office.id, each.key), 0)) for each in circles]


def files_in(circle: Membership, *, removed: bool = False) -> QuerySet[SharedFile]:
    """The files of a circle's folder, by name; or those that were taken out. Page before use."""
    rows = SharedFile.objects.filter(organisation=circle.office, folder__circle=circle.key)
    return rows.filter(removed_at__isnull=not removed).order_by("folded", "id")


def visible_shared(actor: Actor) -> QuerySet[SharedFile]:
    """Files of all folders the actor may open today. Page before use."""
    return SharedFile.objects.filter(_within(memberships(actor))).select_related("folder", "organisation")


def shared_of(actor: Actor, public_id: UUID) -> tuple[SharedFile, Membership]:
    """A file and the circle through which the actor sees it. Raises NotFound."""
    found = one(visible_shared(actor), public_id=public_id)
    return found, membership_of(actor, found.organisation.public_id, found.folder.circle)


def versions_of(shared: SharedFile) -> list[Version]:
    """What a file of `shared_of` contained, the newest first. One query."""
    return list(Version.objects.filter(shared=shared).select_related("file").order_by("-number"))


def newest_of(shared: Sequence[SharedFile]) -> dict[int, Version]:
    """The newest version of each, by the file's id. One query."""
    rows = Version.objects.filter(shared__in=shared).select_related("file")
    return {row.shared_id: row for row in rows.order_by("shared", "-number").distinct("shared")}


def may_read_shared(actor: Actor, file: StoredFile) -> bool:
    """Whoever may open the folder today, whoever put the file there. Three queries."""
    return Version.objects.filter(file=file, shared__in=visible_shared(actor).values("id")).exists()


def _within(circles: Sequence[Membership]) -> Q:
    keys: dict[int, list[str]] = {}
    for each in circles:
        keys.setdefault(each.office.id, []).append(each.key)
    each_office = [Q(organisation_id=office, folder__circle__in=found) for office, found in keys.items()]
    return reduce(or_, each_office, Q(pk__in=()))
