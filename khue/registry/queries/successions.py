"""What a code of another day stood for, and who stands for it today: bodies and territories."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from khue.foundation.clock import today
from khue.foundation.compiled import compiled
from khue.registry.models import FormerTerritory, Management, Organisation, OrganisationCode, Succession, Territory

#: From a body to those that stand for it on a day; a body that has not ended stands for itself.
_HEIRS = """
WITH RECURSIVE later (id, road) AS (
    SELECT %(body)s::bigint, ARRAY[%(body)s::bigint]
  UNION ALL
    SELECT s.successor_id, later.road || s.successor_id FROM later
      JOIN registry_succession s ON s.predecessor_id = later.id
     WHERE s.on <= %(on)s AND NOT s.successor_id = ANY (later.road)
)
SELECT DISTINCT o.id FROM later JOIN registry_organisation o ON o.id = later.id
 WHERE (o.valid_to IS NULL OR o.valid_to >= %(on)s) AND (o.valid_from IS NULL OR o.valid_from <= %(on)s) ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class BodyThen:
    """Which body bore a code on a day, and who stands for it now: itself, one successor, or several after a split."""

    body: Organisation
    now: tuple[Organisation, ...]


def body_of_code(code: str, *, on: date) -> BodyThen | None:
    """The body that bore this code on that day. None when nobody did. At most four queries."""
    former = OrganisationCode.objects.filter(_held(on), code=code).select_related("body").first()
    body = former.body if former else _by_own_code(code, on)
    return BodyThen(body, tuple(heirs_of(body))) if body else None


def heirs_of(body: Organisation, on: date | None = None) -> list[Organisation]:
    """The bodies that stand for this one on a day, today when none is given; through any number of changes. Two
    queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, {"body": body.id, "on": on or today()})
        ids = [key for (key,) in cursor.fetchall()]
    return list(Organisation.objects.filter(id__in=ids).order_by("id"))


def successions_of(body: Organisation) -> list[Succession]:
    """What a body came from and what it became, in the order of days. One query."""
    return _successions(body.id)


@compiled
def _successions(body_id: int) -> QuerySet[Succession]:
    rows = Succession.objects.filter(Q(predecessor_id=body_id) | Q(successor_id=body_id))
    return rows.select_related("predecessor", "successor").order_by("on", "id")


def former_codes_of(body: Organisation) -> list[OrganisationCode]:
    """The codes a body bore before, in the order of days. One query."""
    return _former_codes(body.id)


@compiled
def _former_codes(body_id: int) -> QuerySet[OrganisationCode]:
    return OrganisationCode.objects.filter(body_id=body_id).order_by("valid_to", "id")


def manager_on(body: Organisation, on: date) -> Organisation | None:
    """Who managed a body on that day, as far as it was written down. One query."""
    row = Management.objects.filter(_held(on), body=body).select_related("manager").order_by("-valid_from").first()
    return row.manager if row else None


def territories_of_code(level: str, code: str, *, on: date) -> list[Territory]:
    """What stands today where this code stood on that day: one territory, or several where it was divided.

    Empty for a code we know nothing of.
    At most two queries for each change since then.
    """
    places = list(FormerTerritory.objects.filter(level=level, code=code, replaced_on__gt=on).order_by("replaced_on"))
    first = places[0].replaced_on if places else None
    found = [place.successor_id for place in places if place.replaced_on == first]
    if not found:
        found = list(_standing(on).filter(level=level, code=code).values_list("id", flat=True))
    return _followed(found)


def _followed(ids: list[int]) -> list[Territory]:
    """Through later changes: a territory that has ended is replaced by those that took its place."""
    rows = Territory.objects.select_related("parent").filter(id__in=ids).order_by("code", "valid_from")
    ended = [row for row in rows if row.valid_to is not None and row.valid_to < today()]
    standing = [row for row in rows if row not in ended]
    later: list[int] = []
    for row in ended:
        heirs = FormerTerritory.objects.filter(level=row.level, code=row.code, replaced_on__gt=row.valid_from)
        later += heirs.exclude(successor=row).values_list("successor_id", flat=True)
    if not later:
        return standing
    return [*standing, *(row for row in _followed(later) if row not in standing)]


def _by_own_code(code: str, on: date) -> Organisation | None:
    rows = Organisation.objects.filter(Q(valid_from=None) | Q(valid_from__lte=on), code=code)
    body = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).first()
    if body is None:
        return None
    since = OrganisationCode.objects.filter(body=body).order_by("-valid_to").first()
    return None if since and on <= since.valid_to else body


def _standing(on: date) -> QuerySet[Territory]:
    return Territory.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def _held(on: date) -> Q:
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))
