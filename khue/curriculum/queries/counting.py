"""The required outcomes of the whole programme, as indicator A3 counts them."""

from datetime import date

from django.db.models import Q

from khue.curriculum.models import Outcome


def outcome_keys(on: date) -> list[tuple[int, int]]:
    """Key and grade of every required outcome in force on a day. One query."""
    rows = Outcome.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return list(rows.filter(kind=Outcome.Kind.OUTCOME).order_by("id").values_list("id", "grade"))
