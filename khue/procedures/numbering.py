"""Numbers without gaps, dossier codes, and the papers that carry them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from django.db import connection

from khue.foundation.clock import VIETNAM
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.procedures.models import Case, Slip

_NEXT = """
INSERT INTO procedures_counter AS c (organisation_id, series, last)
SELECT %(organisation)s, series, 1 FROM unnest(%(series)s::text[]) AS series
ON CONFLICT (organisation_id, series) DO UPDATE SET last = c.last + 1 RETURNING series, last
"""


def next_numbers(organisation_id: int, series: Sequence[str]) -> dict[str, int]:
    """The next number of each series. Whoever comes second waits until this transaction ends: so none is left out."""
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_NEXT, {"organisation": organisation_id, "series": sorted(series)})
    return dict(cursor.fetchall())


def dossiers_of(at: datetime) -> str:
    """The series of dossiers of a day: "261123"."""
    return f"{at.astimezone(VIETNAM):%y%m%d}"


def dossier_code(organisation_code: str, at: datetime, number: int) -> str:
    """ "G07.123-260901-0001" (domain §5.1); the number has four digits or, on a day of ten thousand, more."""
    return f"{organisation_code}-{dossiers_of(at)}-{number:04}"


def series_of(kind: Slip.Kind, at: datetime) -> str:
    """The series of a kind of slip in a year: "receipt:2026"."""
    return f"{kind.value}:{at.astimezone(VIETNAM).year}"


def issue(case: Case, kind: Slip.Kind, content: Mapping[str, object], at: datetime, number: int | None = None) -> Slip:
    """Write a slip.

    number  if it was taken already, together with others
    """
    if number is None:
        number = next_numbers(case.organisation_id, [series_of(kind, at)])[series_of(kind, at)]
    return Slip.objects.create(
        organisation_id=case.organisation_id, case=case, kind=kind, year=at.astimezone(VIETNAM).year, number=number,
        content=content, issued_at=at,
    )  # fmt: skip
