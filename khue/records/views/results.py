"""Results of procedures at a school or a department: what waits for the seal, sealing it, what was sealed."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.lists import Listing
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, queries
from khue.records.access import Permission
from khue.records.forms import BatchForm
from khue.records.models import ResultDocument
from khue.records.views.home import home_of
from khue.registry import queries as registry

#: Of those that wait the oldest first, of those sealed the newest.
WAITING: Listing[ResultDocument] = Listing(order=("id",), size=30)
SEALED: Listing[ResultDocument] = Listing(order=("-id",), size=30)


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
    given, is_sealed = request.GET.dict(), request.GET.get("state") == "sealed"
    rows = queries.visible_results(request.actor).filter(organisation=place)
    here = reverse("records:results")
    context = {
        "place": place, "form": form, "has_key": bool(keys), "count": rows.filter(sealed_at=None).count(),
        "tabs": [(_("Chờ đóng dấu"), here, not is_sealed), (_("Đã đóng dấu"), f"{here}?state=sealed", is_sealed)],
        "is_sealed": is_sealed, "home": home_of(request.actor),
        "seen": (SEALED if is_sealed else WAITING).page(rows.filter(sealed_at__isnull=not is_sealed), given),
    }  # fmt: skip
    return page(request, "records/results.html", context, status=422 if form.errors else 200)
