"""Loading provinces and communes."""

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import today
from khue.foundation.text import nfc
from khue.registry.access import Permission
from khue.registry.commune_data import SOURCE, communes, former_communes, former_districts
from khue.registry.models import FormerTerritory, Territory, TerritoryStatus
from khue.registry.queries.territories import REFORM
from khue.registry.spelling import bare_key, spelling_key
from khue.registry.territory_data import FOUNDED, Status, former_provinces, province_statuses

Level = Territory.Level


@transaction.atomic
def load_reference_data(*, actor: Actor) -> int:
    """Bring provinces, communes and former codes to what this release ships. Doing it again changes nothing.

    returns  how many rows were written
    cost     six reads when nothing differs; a few statements for all rows when they are new
    """
    require(actor, Permission.REFERENCE_WRITE, within=None)

    statuses = province_statuses()
    written = _load_territories([_province(code, each) for code, each in statuses.items()])
    provinces = {row.code: row for row in Territory.objects.filter(level=Level.PROVINCE)}
    written += _load_territories(_communes(provinces))
    written += _load_statuses(statuses, provinces)
    written += _load_former(_former_provinces(provinces))
    written += _load_former(_former_places(provinces))
    if written:
        audit.record(actor, "reference.territories_loaded", None, written=written)
    return written


def _province(code: str, statuses: list[Status]) -> Territory:
    now = next(status for status in reversed(statuses) if status.valid_from <= today())
    return Territory(
        level=Level.PROVINCE,
        code=code,
        name=now.name,
        spelling_key=spelling_key(now.name),
        kind=now.kind,
        valid_from=FOUNDED,
        source=now.source,
        verified=now.verified,
    )


def _communes(provinces: dict[str, Territory]) -> list[Territory]:
    return [
        Territory(
            level=Level.COMMUNE,
            code=commune.code,
            name=nfc(commune.name),
            spelling_key=spelling_key(commune.name),
            kind=commune.kind,
            parent=provinces[commune.province],
            valid_from=FOUNDED,
            source=SOURCE,
        )
        for commune in communes()
    ]


def _load_territories(wanted: list[Territory]) -> int:
    """Write those that are new or differ. A territory is known by its level, code and first day."""
    fields = ("name", "spelling_key", "kind", "parent_id", "source", "verified")
    rows = Territory.objects.filter(level=wanted[0].level, valid_from=FOUNDED)
    known = {row.code: row for row in rows}
    new, changed = [], []
    for row in wanted:
        there = known.get(row.code)
        if there is None:
            new.append(row)
        elif any(getattr(there, name) != getattr(row, name) for name in fields):
            for name in fields:
                setattr(there, name, getattr(row, name))
            changed.append(there)
    Territory.objects.bulk_create(new)
    Territory.objects.bulk_update(changed, ["parent" if name == "parent_id" else name for name in fields])
    return len(new) + len(changed)


def _load_statuses(statuses: dict[str, list[Status]], provinces: dict[str, Territory]) -> int:
    wanted = [
        TerritoryStatus(
            territory=provinces[code],
            name=status.name,
            kind=status.kind,
            valid_from=status.valid_from,
            valid_to=status.valid_to,
            source=status.source,
            verified=status.verified,
        )
        for code, each in statuses.items()
        for status in each
    ]
    known = {_status_values(row) for row in TerritoryStatus.objects.all()}
    new = [row for row in wanted if _status_values(row) not in known]
    TerritoryStatus.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["territory", "valid_from"],
        update_fields=["name", "kind", "valid_to", "source", "verified"],
    )
    return len(new)


def _status_values(row: TerritoryStatus) -> tuple[object, ...]:
    return row.territory_id, row.name, row.kind, row.valid_from, row.valid_to, row.source, row.verified


def _former_provinces(provinces: dict[str, Territory]) -> list[FormerTerritory]:
    return [
        FormerTerritory(
            level=Level.PROVINCE,
            code=former.code,
            name=former.name,
            spelling_key=spelling_key(former.name),
            successor=provinces[former.successor],
            replaced_on=REFORM,
            source=former.source,
            verified=former.verified,
        )
        for former in former_provinces()
    ]


def _former_places(provinces: dict[str, Territory]) -> list[FormerTerritory]:
    """Districts and communes. A district that was no island of its own is followed by its province of today."""
    heirs = {row.code: row for row in Territory.objects.filter(level=Level.COMMUNE, valid_from=FOUNDED)}
    after = {former.code: provinces[former.successor] for former in former_provinces()}
    districts = former_districts()
    return [
        _former(
            "district", one.code, one.province, one.name, heirs[one.commune] if one.commune else after[one.province]
        )
        for one in districts
    ] + [
        _former(Level.COMMUNE, one.code, one.district, one.name, heirs[successor])
        for one in former_communes()
        for successor in one.successors
    ]


def _former(level: str, code: str, within: str, name: str, successor: Territory) -> FormerTerritory:
    return FormerTerritory(
        level=level,
        code=code,
        within=within,
        name=name,
        spelling_key=bare_key(name),
        successor=successor,
        replaced_on=REFORM,
        source=SOURCE,
    )


def _load_former(wanted: list[FormerTerritory]) -> int:
    levels = {row.level for row in wanted}
    known = set(FormerTerritory.objects.filter(level__in=levels, replaced_on=REFORM).values_list(*_FORMER))
    new = [row for row in wanted if tuple(getattr(row, name) for name in _FORMER) not in known]
    FormerTerritory.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["level", "code", "successor"],
        update_fields=["within", "name", "spelling_key", "replaced_on", "source", "verified"],
    )
    return len(new)


_FORMER = ("level", "code", "within", "name", "spelling_key", "successor_id", "replaced_on", "source", "verified")
