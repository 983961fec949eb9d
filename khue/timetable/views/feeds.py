"""Lessons in a phone's own calendar: the page where one gets an address, and the address itself."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.timetable import actions, queries
from khue.timetable.access import Permission
from khue.timetable.icalendar import event_lines, written

#: A feed tells of the last two weeks and the next twelve, from Monday on: what a calendar keeps is a season.
WEEKS_BEFORE, WEEKS_AHEAD = 2, 12


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: Request) -> HttpResponse:
    """Whose lessons one may have in a calendar. A new address is shown in the answer that made it, and never again."""
    require(request.actor, Permission.TIMETABLE_READ, within=None)
    made = ""
    if request.method == "POST":
        place, _dash, person = request.POST.get("whose", "").partition("-")
        if not (place.isascii() and place.isdecimal() and person.isascii() and person.isdecimal()):
            raise NotFound
        if len(place) > 18 or len(person) > 18:
            raise NotFound
        token = actions.make_feed(actor=request.actor, organisation_id=int(place), person_id=int(person), at=now())
        made = request.build_absolute_uri(reverse("timetable:feed", args=[token]))
    context = {
        "choices": queries.own_feeds(request.actor, today()),
        "made": made,
        "made_for": request.POST.get("whose", ""),
        "webcal": made.replace("https://", "webcal://").replace("http://", "webcal://"),
    }
    answer = page(request, "timetable/feeds.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def revoke(request: Request, public_id: UUID) -> HttpResponse:
    """Close an address."""
    actions.revoke_feed(actor=request.actor, feed=queries.own_feed_of(request.actor, public_id), at=now())
    return flash.say(see_other("timetable:feeds"), _("Đã đóng địa chỉ. Lịch dùng địa chỉ đó sẽ không cập nhật nữa."))


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar at an address; whoever knows the address is let in by it, and by nothing else."""
    monday = today() - timedelta(days=today().weekday())
    try:
        found, actor = queries.feed_with(token, today())
        first, last = monday - timedelta(weeks=WEEKS_BEFORE), monday + timedelta(weeks=WEEKS_AHEAD)
        lines = event_lines(queries.events_of_feed(actor, found, first, last))
        digest = hashlib.sha256("\n".join(line for each in lines for line in each).encode()).hexdigest()
        changed_at = actions.note_feed_read(actor=actor, feed=found, digest=digest, at=now())
    except (NotFound, Forbidden):
        raise Http404 from None  # a program asks: no sign-in page for it
    body = written(_("Thời khoá biểu"), lines, changed_at=changed_at)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = tag = f'"{digest[:32]}"'
    seconds = int(changed_at.timestamp())
    answer["Cache-Control"] = "private, no-cache"
    answer["Last-Modified"] = http_date(seconds)
    return get_conditional_response(request, etag=tag, last_modified=seconds, response=answer) or answer
