"""Results of procedures at a school: what waits for the seal, sealing it, what was sealed."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, queries
from khue.records.access import Permission
from khue.records.forms import BatchForm
from khue.registry import queries as registry

#: How many a page shows; those that wait first come first, of those sealed the newest.
MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: Request) -> HttpResponse:
    """What waits, with the form that seals all of it, and what was sealed."""
    place = next(iter(registry.working_places(request.actor, Permission.RESULT_SEAL)), None)
    if place is None:
        raise NotFound
    keys = queries.keys_for(request.actor, place.id, queries.RESULT)
    form = BatchForm(request.POST if request.method == "POST" else None, keys=keys)
    if form.is_valid():
        with refusals_on(form):
            batch = actions.begin_results(
                actor=request.actor, organisation=place, key=form.signing_key, secret=form.cleaned_data["secret"],
                at=clock.now(),
            )  # fmt: skip
            assert batch.job is not None
            return flash.say(see_other("foundation:job", batch.job.public_id), _("Đang đóng dấu. Có thể rời trang."))
    rows = queries.visible_results(request.actor).filter(organisation=place)
    open_rows = rows.filter(sealed_at=None)
    context = {
        "place": place, "form": form, "has_key": bool(keys), "count": open_rows.count(),
        "waiting": list(open_rows.order_by("id")[:MOST]), "sealed": list(rows.filter(sealed_at__isnull=False)[:MOST]),
    }  # fmt: skip
    return page(request, "records/results.html", context, status=422 if form.errors else 200)
