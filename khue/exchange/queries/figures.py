"""Figures that nodes below reported, in the order in which they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from khue.exchange.catalogue import Kind
from khue.exchange.models import ReportedRecord
from khue.exchange.queries.feed import complete_up_to


@dataclass(frozen=True, slots=True)
class ReceivedFigure:
    """One figure as another node says it. What is no number there is 0: what is misshapen was held back.

    organisation_id  the school, where it is a body of this node; else the body the neighbour reports for
    neighbour        who brought it; is_gone: the school says it no more
    """

    key: str
    organisation_id: int
    school_code: str
    school_name: str
    year: str
    code: str
    definition: int
    numerator: int
    denominator: int
    unknown: int
    version: int
    neighbour: str
    changed_at: datetime
    is_gone: bool


def figures_after(position: int, limit: int = 2000) -> tuple[Sequence[ReceivedFigure], int]:
    """The next figures behind a position of the feed, and how far they go. Three statements."""
    up_to = complete_up_to()
    rows = ReportedRecord.objects.filter(kind=Kind.FIGURE, position__gt=position, position__lte=up_to)
    rows = rows.exclude(peer=None).select_related("peer").order_by("position")
    found = list(rows[:limit])
    return [_figure(row) for row in found], found[-1].position if len(found) == limit else up_to


def figures_kept_of(school_id: int) -> Sequence[ReceivedFigure]:
    """What this node itself last told of a school's figures, also what it took back. One query."""
    rows = ReportedRecord.objects.filter(kind=Kind.FIGURE, organisation_id=school_id, peer=None)
    return [_figure(row) for row in rows.select_related("peer").order_by("position")]


def _figure(row: ReportedRecord) -> ReceivedFigure:
    said = row.payload
    _figure_word, _school, year, code = row.key.split(".") if row.key.count(".") == 3 else ("", "", "", "")
    return ReceivedFigure(
        key=row.key, organisation_id=row.organisation_id, school_code=row.school_code,
        school_name=str(said.get("tentruong", "")), year=str(said.get("namhoc", year)),
        code=str(said.get("machiso", code)), definition=_number(said.get("phienban")),
        numerator=_number(said.get("tuso")), denominator=_number(said.get("mauso")),
        unknown=_number(said.get("chuaro")), version=row.version,
        neighbour=row.peer.name if row.peer else "", changed_at=row.changed_at, is_gone=row.event == "CANCEL",
    )  # fmt: skip


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
