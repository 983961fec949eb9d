"""Open data: the indicators of a month for everybody, with small figures hidden."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.indicators.access import Permission
from khue.indicators.catalogue import BY_CODE, Origin
from khue.indicators.dictionary import COLUMNS
from khue.indicators.models import MonthlyCount, OpenDataSet
from khue.indicators.suppression import Cell, hidden
from khue.registry import queries as registry
from khue.registry.models import Organisation


class NothingToPublish(Refusal):
    code = "nothing_to_publish"
    message = _("Tháng %(month)s chưa có số liệu trong kho. Hãy chờ kho được tính xong rồi công bố.")


@transaction.atomic
def publish_open_data(*, actor: Actor, organisation: Organisation, month: str, at: datetime) -> OpenDataSet:
    """Publish the indicators of a month of a body and all below it, without campuses. Published again, it is replaced.

    Figures of which a part is 1 to 4 are hidden, with those they would follow from (decision 0212).
    month    "2026-11"
    refuses  NothingToPublish
    """
    require(actor, Permission.OPEN_DATA_PUBLISH, within=organisation)
    bodies = list(registry.subtree(organisation).exclude(kind=Organisation.Kind.CAMPUS))
    rows = MonthlyCount.objects.filter(organisation__in=[body.id for body in bodies], month=month)
    rows = rows.filter(code__in=[code for code, held in BY_CODE.items() if held.may_publish]).order_by("code")
    found = list(rows)
    if not found:
        raise NothingToPublish(month=month)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([name for name, _kind, _text in COLUMNS])
    lines = list(_lines(bodies, found, month))
    writer.writerows(lines)
    gone = sum(line[-1] == "1" for line in lines)
    made, _new = OpenDataSet.objects.update_or_create(
        organisation=organisation, month=month,
        defaults={
            "content": stream.getvalue(), "lines": len(lines), "hidden": gone, "published_at": at,
            "published_by_name": actor.name,
        },
    )  # fmt: skip
    audit.record(actor, "open_data.published", made, month=month, lines=len(lines), hidden=gone)
    return made


def _lines(bodies: Sequence[Organisation], found: Sequence[MonthlyCount], month: str) -> Iterator[list[str]]:
    """One line a body and indicator, in the order of COLUMNS."""
    by_id = {body.id: body for body in bodies}
    for code in dict.fromkeys(row.code for row in found):
        of_code = [row for row in found if row.code == code]
        is_small = BY_CODE[code].origin is Origin.ROWS
        gone = _hidden(of_code, by_id, _shares) if is_small else frozenset()
        untold = _hidden(of_code, by_id, _unknown) if is_small else frozenset()
        for row in sorted(of_code, key=lambda row: by_id[row.organisation_id].lineage):
            body = by_id[row.organisation_id]
            is_hidden = row.organisation_id in gone
            shares = ["", ""] if is_hidden else [str(row.numerator), str(row.denominator)]
            unknown = "" if row.organisation_id in untold else str(row.unknown)
            start = [month, body.kind, body.code or "", body.name, code, str(row.definition)]
            yield [*start, *shares, unknown, "1" if is_hidden else "0"]


def _shares(row: MonthlyCount) -> tuple[int, ...]:
    return row.numerator, row.denominator - row.numerator


def _unknown(row: MonthlyCount) -> tuple[int, ...]:
    return (row.unknown,)


def _hidden(
    rows: Sequence[MonthlyCount],
    by_id: dict[int, Organisation],
    parts: Callable[[MonthlyCount], tuple[int, ...]],
) -> frozenset[int | str]:
    """Bodies whose figures are not printed. What stands under none of the counted bodies is a top of its own."""
    counted = {row.organisation_id for row in rows}
    cells = []
    for row in rows:
        above = by_id[row.organisation_id].parent_id
        cells.append(Cell(row.organisation_id, above if above in counted else None, parts(row)))
    return hidden(cells)
