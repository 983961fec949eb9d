"""Provinces and communes: by code and day, by name, and what they were called before."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from khue.foundation.clock import today
from khue.foundation.compiled import compiled
from khue.registry.models import FormerTerritory, Territory, TerritoryStatus
from khue.registry.spelling import bare_key, spelling_key

Level = Territory.Level

#: The day on which 63 provinces became 34 and the districts ended (NQ 202/2025/QH15).
REFORM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class TerritoryCode:
    """What a code meant on a day.

    name  then
    now   the territory that it is, or that took its place
    """

    code: str
    name: str
    kind: str
    now: Territory


def provinces(on: date | None = None) -> QuerySet[Territory]:
    """The provinces of a day, by code. 34 since the reform; earlier ones are only FormerTerritory. One query."""
    return _in_force(Territory.objects.filter(level=Level.PROVINCE), on or today()).order_by("code")


def province_choices() -> "list[tuple[str, str]]":
    """Code and name of each province of today, by code, for a page that asks which. One query."""
    return _choices(Level.PROVINCE.value, today())


@compiled
def _choices(level: str, on: date) -> "QuerySet[Territory, tuple[str, str]]":
    return _in_force(Territory.objects.filter(level=level), on).order_by("code").values_list("code", "name")


def communes_of(province: Territory, on: date | None = None) -> QuerySet[Territory]:
    """The communes of a province on a day, by code. One query."""
    return _in_force(Territory.objects.filter(parent=province), on or today()).order_by("code")


def territory_of_code(level: str, code: str, *, on: date) -> TerritoryCode | None:
    """What this code meant on that day: "15" is Yên Bái until 30 June 2025, Lào Cai after. None when unknown."""
    if on < REFORM:
        former = FormerTerritory.objects.select_related("successor").filter(level=level, code=code).first()
        return TerritoryCode(code, former.name, "", former.successor) if former else None
    row = _in_force(Territory.objects.filter(level=level, code=code), on).first()
    if row is None:
        return None
    status = status_on(row, on)
    return TerritoryCode(code, status.name, status.kind, row)


def status_on(territory: Territory, on: date) -> TerritoryStatus:
    """The name and kind of a territory on a day; a status of its own row where no change is recorded."""
    recorded = TerritoryStatus.objects.filter(territory=territory, valid_from__lte=on).order_by("-valid_from").first()
    return recorded or TerritoryStatus(
        territory=territory, name=territory.name, kind=territory.kind, valid_from=territory.valid_from
    )


def province_named(name: str) -> Territory | None:
    """The province of that name, with or without "tỉnh" before it, tone marks anywhere. None when there is none.

    A name from before the reform finds the province that took its place, unless today's has the same name.
    """
    key = bare_key(name)
    found = provinces().filter(spelling_key=key).first()
    if found is not None:
        return found
    former = FormerTerritory.objects.filter(level=Level.PROVINCE, spelling_key=key).select_related("successor").first()
    return former.successor if former else None


def commune_named(province: Territory, name: str) -> Territory | None:
    """The one commune of that name in a province. None when there is none, or several of different kinds."""
    rows = list(communes_of(province).filter(spelling_key=bare_key(name)))
    if len(rows) > 1:
        rows = [row for row in rows if spelling_key(row.full_name) == spelling_key(name)]
    return rows[0] if len(rows) == 1 else None


def communes_after(province: Territory, name: str) -> list[Territory]:
    """What became of the communes that bore this name before the reform, in a province of today, by code.

    name  as on an old paper, "xã Tân Tiến" or "Tân Tiến"; with its kind only communes of that kind are meant
    Several, where it was divided or its name was borne in several districts; none for a name that no former commune
    bore. One query.
    """
    formers = FormerTerritory.objects.filter(
        level=Level.COMMUNE, spelling_key=bare_key(name), successor__parent=province
    ).select_related("successor")
    has_kind = bare_key(name) != spelling_key(name)
    meant = {one.successor for one in formers if not has_kind or spelling_key(one.name) == spelling_key(name)}
    return sorted(meant, key=lambda territory: territory.code)


def _in_force(rows: QuerySet[Territory], on: date) -> QuerySet[Territory]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
