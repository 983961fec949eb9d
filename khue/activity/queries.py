"""Reading what happened. Callers pass people and places the actor may see."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from khue.activity.models import ActiveDay, Statement
from khue.foundation import changes
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled


@dataclass(frozen=True, slots=True)
class Act:
    """One act, as a person's own history prints it."""

    happened_at: datetime
    verb: str
    object_kind: str
    object_id: UUID
    object_name: str


def own_acts(actor: Actor, limit: int = 20) -> list[Act]:
    """The actor's own latest acts. One query."""
    rows = Statement.objects.filter(person_id=actor.person_id or 0).order_by("-happened_at")
    fields = rows.values_list("happened_at", "verb", "object_kind", "object_id", "object_name")
    return [Act(*row) for row in fields[:limit]]


def done_objects(person_id: int, object_ids: Collection[UUID], verb: str = "completed") -> set[UUID]:
    """Which of these things a person has done. One query."""
    rows = Statement.objects.filter(person_id=person_id, object_id__in=object_ids, verb=verb)
    return set(rows.values_list("object_id", flat=True))


def active_persons(organisation_ids: Collection[int], first: date, last: date) -> "QuerySet[ActiveDay, dict[str, int]]":
    """Distinct people who learnt online between two days, as person ids for use inside other queries."""
    rows = ActiveDay.objects.filter(organisation_id__in=organisation_ids, day__range=(first, last))
    return cast("QuerySet[ActiveDay, dict[str, int]]", rows.values("person_id").distinct())


def active_days(person_ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """On how many days each person learnt online; people without such a day are left out. One query."""
    return dict(_active_days(person_ids, first, last))


@compiled
def _active_days(person_ids: Collection[int], first: date, last: date) -> QuerySet[ActiveDay, tuple[int, int]]:
    rows = ActiveDay.objects.filter(person_id__in=person_ids, day__gte=first, day__lte=last).order_by()
    return rows.values_list("person_id").annotate(Count("day", distinct=True))


def months_with_changed_days(mark: int | None) -> list[tuple[int, date]]:
    """School and first day of the month of every active day that was written since `mark` (foundation.changes), or of
    all. One query, which reads the whole table.
    """
    rows = ActiveDay.objects.order_by()
    if mark is not None:
        rows = rows.filter(changes.since(mark, ActiveDay._meta.db_table))
    return list(rows.annotate(month=TruncMonth("day")).values_list("organisation_id", "month").distinct())


def active_day_facts(organisation_ids: Collection[int], first: date, last: date) -> Iterator[tuple[int, int, date]]:
    """School, person and day of learning online between two days. One query, read as it comes."""
    rows = ActiveDay.objects.filter(organisation_id__in=organisation_ids, day__range=(first, last))
    fields = rows.order_by("organisation_id", "person_id", "day").values_list("organisation_id", "person_id", "day")
    return fields.iterator(chunk_size=20_000)
