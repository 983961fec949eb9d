"""The first page of the office."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from khue.foundation import clock
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.payments import labels, queries
from khue.payments.access import Permission
from khue.payments.views.office import school_of, tabs


@require_safe
def desk(request: Request) -> HttpResponse:
    """What came today, what waits, who is late; one tap to each."""
    school = school_of(request, Permission.MONEY_READ)
    today = clock.today()
    context = {
        "tabs": tabs(request.actor, "desk"),
        "school": school,
        "today": today,
        "desk": queries.desk_of(request.actor, school.id, today),
        "states": labels.STATES,
        "may_write": request.actor.may(Permission.FEE_WRITE, school),
        "may_take": request.actor.may(Permission.MONEY_TAKE, school),
    }
    return page(request, "payments/desk.html", context)
