"""Keeping what the reports below every office come to."""

from datetime import datetime

from django.db import transaction

from khue.foundation.actor import Actor, require
from khue.indicators import queries
from khue.indicators.access import Permission
from khue.indicators.models import PeriodSum
from khue.indicators.summing import count_summed, sums_of
from khue.registry import queries as registry


@transaction.atomic
def sum_up(*, actor: Actor, office_id: int, school_year: str, period: str, at: datetime) -> None:
    """Sum anew what came to an office, and then to every one above it. Again and again it says the same.

    The caller has entered the scope of the whole node. Whoever sums at the same time waits at the first office both
    have above them, and reads what the other wrote.
    cost  four statements an office of the line, and the rows of the bodies directly below it
    """
    require(actor, Permission.INDICATOR_READ, within=None)
    line = registry.organisation_with(office_id).lineage.strip(".").split(".")
    for place in reversed([int(key) for key in line]):
        which = {"organisation_id": place, "school_year": school_year, "period": period}
        PeriodSum.objects.bulk_create([PeriodSum(**which, summed_at=at)], ignore_conflicts=True)
        held = PeriodSum.objects.select_for_update().get(**which)
        parts = queries.parts_of_sum(place, school_year, period)
        if not parts:
            held.delete()
            continue
        sums = sums_of(parts)
        held.figures = {key: one.value for key, one in sums.items()}
        held.unknown = {key: one.unknown for key, one in sums.items() if one.unknown}
        held.summed, held.summed_at = count_summed(parts), at
        held.save(update_fields=["figures", "unknown", "summed", "summed_at"])
