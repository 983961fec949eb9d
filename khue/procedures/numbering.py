"""Numbers without gaps, dossier codes, and the papers that carry them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db import connection

from khue.foundation.clock import VIETNAM
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.procedures.models import Case, Slip

_ISSUE = """
WITH next AS (
    INSERT INTO procedures_counter AS c (organisation_id, series, last) VALUES (%(organisation)s, %(series)s, 1)
    ON CONFLICT (organisation_id, series) DO UPDATE SET last = c.last + 1 RETURNING last
)
INSERT INTO procedures_slip (public_id, organisation_id, case_id, kind, year, number, content, issued_at)
SELECT %(public_id)s, %(organisation)s, %(case)s, %(kind)s, %(year)s, next.last, %(content)s, %(at)s FROM next
RETURNING id, number
"""


def dossiers_of(at: datetime) -> str:
    """The series of dossiers of a day, as it stands in their codes: "G07.123-260901-0001" (domain §5.1)."""
    return f"{at.astimezone(VIETNAM):%y%m%d}"


def series_of(kind: Slip.Kind, at: datetime) -> str:
    """The series of a kind of slip in a year: "receipt:2026"."""
    return f"{kind.value}:{year_of(at)}"


def year_of(at: datetime) -> int:
    """The year in which a paper written now is numbered."""
    return at.astimezone(VIETNAM).year


def issue(case: Case, kind: Slip.Kind, content: Mapping[str, object], at: datetime) -> Slip:
    """Write a slip with the next number of its series. One statement."""
    slip = Slip(
        organisation_id=case.organisation_id, case=case, kind=kind, year=year_of(at),
        content=dict(content), issued_at=at,
    )  # fmt: skip
    values = {
        "organisation": slip.organisation_id, "series": series_of(kind, at), "public_id": slip.public_id,
        "case": case.id, "kind": str(kind), "year": slip.year, "content": json.dumps(slip.content, ensure_ascii=False),
        "at": at,
    }  # fmt: skip
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_ISSUE, values)
    slip.id, slip.number = cursor.fetchone()
    slip._state.adding, slip._state.db = False, connection.alias
    return slip
