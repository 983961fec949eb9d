"""Pictures of how marks and levels spread: counts by class and grade, the table one tap away."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from khue.foundation import clock
from khue.foundation.errors import NotFound
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.gradebook import labels, queries
from khue.gradebook.spread import LEAST_GROUP


@require_safe
def spread(request: Request, book_id: UUID) -> HttpResponse:
    """Term results, or one column, of a class; periodic marks and results also of the classes beside it."""
    found = queries.book_of(request.actor, book_id)
    columns = queries.columns_of(found)
    chosen = request.GET.get("column", "")
    column = next((one for one in columns if str(one.public_id) == chosen), None)
    if column is None:
        spreads = queries.mean_spreads(request.actor, found)
    elif column.kind == column.Kind.REGULAR:
        spreads = [queries.column_spread(found, column)]
    else:
        spreads = queries.kind_spreads(request.actor, found, column.kind)
    tabs = [(str(one.public_id), labels.column(one.kind, one.position)) for one in columns]
    shown = {"book": found, "tabs": tabs, "chosen": chosen if column else "", "spreads": spreads, "least": LEAST_GROUP}
    return page(request, "gradebook/spread.html", shown)


@require_safe
def levels(request: Request) -> HttpResponse:
    """Study and conduct of every class whose results the actor oversees, and of each grade."""
    classes = queries.result_classes(request.actor, clock.today())
    if not classes:
        raise NotFound
    asked = request.GET.get("period", "")
    period = {"1": 1, "2": 2}.get(asked, 0) if asked else queries.period_in_view(classes[0], clock.today())
    shown = {"grades": queries.level_spreads(classes, period), "period": period, "least": LEAST_GROUP}
    return page(request, "gradebook/levels.html", shown)
