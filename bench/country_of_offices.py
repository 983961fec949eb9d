"""A country of bodies on the node of the benchmarks: as many departments, communes and schools as the Ministry has.

34 departments, 3,321 commune offices and 40,000 schools stand beside the demonstration's; nine schools in ten have sent
the first report of this school year, half of the communes said by when, and every department. Made once, by statements
of the database, and kept with the node. Works on the node's own database, in this process; see bench/visitor.py.
"""

import json
from typing import cast
from uuid import UUID

import psycopg

from bench import database
from khue.foundation import clock
from khue.indicators.queries import school_year_of
from khue.indicators.reporting import BY_CODE

SCHOOLS = 40_000
_IS_THERE = "SELECT 1 FROM registry_organisation WHERE code = 'DEM-S-1'"
_BODIES = """
WITH made AS (
    INSERT INTO registry_organisation
        (public_id, kind, code, name, parent_id, lineage, territory_id, level_groups, ownership, is_disadvantaged,
         address, phone, email)
    SELECT gen_random_uuid(), {kind}, {code}, {name}, above.id, above.lineage || 'new' || {code} || '.', {territory},
           {levels}, '1', false, '', '', ''
    FROM {rows} RETURNING id, parent_id
)
SELECT count(*) FROM made
"""
_LINEAGE = """
UPDATE registry_organisation AS body SET lineage = above.lineage || body.id || '.'
FROM registry_organisation AS above WHERE above.id = body.parent_id AND body.lineage LIKE '%new%'
"""


def make() -> None:
    """The bodies, the days and the reports, where the node has none yet: half a minute of work."""
    with database.owner() as connection:
        if not connection.execute(_IS_THERE).fetchone():
            _make(connection)


def _make(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    for kind, code, name, territory, levels, rows in _PARTS:
        connection.execute(
            _BODIES.format(kind=kind, code=code, name=name, territory=territory, levels=levels, rows=rows)
        )
        connection.execute(_LINEAGE)
    figures = json.dumps(dict.fromkeys(BY_CODE, 1_000))
    for statement in (_DAYS, _REPORTS, _SUMS, _NODES):
        connection.execute(statement, {"year": school_year_of(clock.today()), "figures": figures})
    connection.execute("VACUUM ANALYZE registry_organisation, indicators_periodreport, indicators_reportdeadline")


_PARTS = (
    (
        "'department'", "'DEM-D-' || place.code", "'Sở Giáo dục và Đào tạo ' || place.name", "place.id", "''",
        "registry_organisation above, registry_territory place WHERE above.kind = 'ministry'"
        " AND place.level = 'province' AND place.valid_to IS NULL",
    ),
    (
        "'commune_office'", "'DEM-C-' || place.code", "'UBND ' || place.kind || ' ' || place.name", "place.id", "''",
        "registry_territory place JOIN registry_territory province ON province.id = place.parent_id"
        " JOIN registry_organisation above ON above.code = 'DEM-D-' || province.code"
        " WHERE place.level = 'commune' AND place.valid_to IS NULL",
    ),
    (
        "'school'", "'DEM-S-' || number", "'Trường ' || (number * 7919 % 40009) || ' ' || above.name",
        "above.territory_id", "'02'",
        "(SELECT id, name, lineage, territory_id, row_number() OVER (ORDER BY id) - 1 AS place"
        " FROM registry_organisation WHERE code LIKE 'DEM-C-%') AS above"
        f" JOIN generate_series(1, {SCHOOLS}) AS number ON number % 3321 = above.place",
    ),
)  # fmt: skip
_DAYS = """
INSERT INTO indicators_reportdeadline (organisation_id, school_year, period, due_on)
SELECT id, %(year)s, 'start', current_date - 30 + (id %% 3)::int * 30 FROM registry_organisation
WHERE code LIKE 'DEM-D-%%' OR (code LIKE 'DEM-C-%%' AND id %% 2 = 0)
"""
_REPORTS = """
INSERT INTO indicators_periodreport
    (public_id, organisation_id, school_year, period, state, figures, corrected, unknown, prefilled_at, sent_at,
     signed_by_name, proof, digest, is_late)
SELECT gen_random_uuid(), body.id, %(year)s, 'start', 'sent',
       (SELECT jsonb_object_agg('1.' || line, body.id * line %% 997) FROM generate_series(1, 60) AS line), '{}', '{}',
       now() - interval '3 days', now() - interval '2 days', 'Hiệu trưởng', 'password', repeat('0', 64),
       body.id %% 20 = 0
FROM registry_organisation AS body WHERE body.code LIKE 'DEM-S-%%' AND body.id %% 10 > 0
"""

#: As wide as what the worker would sum up; what the figures are costs a page nothing.
_SUMS = """
INSERT INTO indicators_periodsum (organisation_id, school_year, period, figures, unknown, summed, summed_at)
SELECT id, %(year)s, 'start', %(figures)s::jsonb, '{}', 36000, now()
FROM registry_organisation WHERE kind IN ('ministry', 'department', 'commune_office')
"""

#: As the Ministry has it: schools are kept by the nodes of their departments, and nothing of them is collected here.
_NODES = """
INSERT INTO exchange_peer
    (public_id, organisation_id, node, name, level, direction, address, keys, is_active, epoch, number, position,
     made_position, last_error, admitted_at)
SELECT gen_random_uuid(), id, gen_random_uuid(), name, 'department', 'below', '', '[]', true, 1, 0, 0, 0, '', now()
FROM registry_organisation WHERE code LIKE 'DEM-D-%%'
"""


def offices() -> tuple[UUID, UUID, UUID]:
    """The public ids of the Ministry, of the department with most schools below it, and of one of its communes."""
    with database.owner() as connection:
        found = connection.execute(_OFFICES).fetchone()
    assert found
    return cast("tuple[UUID, UUID, UUID]", found)


_OFFICES = """
SELECT ministry.public_id, department.public_id, commune.public_id
FROM registry_organisation commune
JOIN registry_organisation department ON department.id = commune.parent_id
JOIN registry_organisation ministry ON ministry.id = department.parent_id
WHERE commune.code LIKE 'DEM-C-%'
ORDER BY count(*) OVER (PARTITION BY department.id) DESC, commune.id LIMIT 1
"""
