"""Pages of announcements to classes: what was told, writing one, reading it, who has read it."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists, uploads
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, Refusal, refusals_on
from khue.foundation.models import StoredFile
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.announcements_seen import Reach
from khue.messaging.extensions import ClassRoll
from khue.messaging.forms.announcements import FILES, AnnouncementForm
from khue.messaging.models import Announcement
from khue.messaging.queries.announcements import ATTACHMENT

TOLD: lists.Listing[Announcement] = lists.Listing(order=("-id",), size=20)


@require_safe
def announcements(request: Request) -> HttpResponse:
    """What the actor told classes, with how far it came; or what the actor was told."""
    follows = queries.may_tell_classes(request.actor)
    rows = queries.told_by(request.actor) if follows else queries.told_to(request.actor)
    of_class = request.GET.get("class", "")
    if of_class.isascii() and of_class.isdecimal() and len(of_class) < 19:
        rows = queries.of_class(rows, int(of_class))
    seen = TOLD.page(rows, request.GET)
    context = {
        "seen": seen,
        "follows": follows,
        "asks_consent": bool(follows and queries.may_ask_consent(request.actor)),
        "figures": queries.figures_of(seen.rows) if follows else {},
        "classes": queries.class_names_of(seen.rows),
        "chosen": f"?class={of_class}" if of_class else "",
        "now": clock.now(),
    }
    return page(request, "messaging/announcements.html", context)


def classes_of_one_school(request: Request, asks: str = "") -> list[ClassRoll]:
    """The classes a form offers: of one school, the one that "at" names where there are several. Forbidden for none."""
    offered = queries.classes_to_tell(request.actor, asks)
    if not offered:
        raise Forbidden
    wanted = request.GET.get("at", "")
    places = [str(roll.organisation_id) for roll in offered]
    place = wanted if wanted in places else places[0]
    return [roll for roll in offered if str(roll.organisation_id) == place]


def files_received(request: Request, organisation_id: int) -> list[StoredFile]:
    """What the form brought in its file fields."""
    found = [
        uploads.received(
            actor=request.actor, request=request, field=field, purpose=ATTACHMENT, organisation_id=organisation_id,
            at=clock.now(),
        )
        for field in FILES
    ]  # fmt: skip
    return [file for file in found if file is not None]


@require_http_methods(["GET", "POST"])
def write(request: Request) -> HttpResponse:
    """Write an announcement and tell it at once."""
    classes = classes_of_one_school(request)
    place = classes[0].organisation_id
    form = AnnouncementForm(
        request.POST or None, request.FILES or None, classes=classes, chosen=request.GET.getlist("class")
    )
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            files = files_received(request, place)
            made = actions.announce(actor=request.actor, draft=form.draft(), files=files, at=clock.now())
            return flash.say(see_other("messaging:announcement", made.public_id), _("Đã gửi thông báo tới lớp."))
    context = {"form": form, "place": place}
    return page(request, "messaging/announcement_write.html", context, status=422 if form.errors else 200)


@require_safe
def announcement(request: Request, public_id: UUID) -> HttpResponse:
    """One announcement: to a family or a pupil to read, which marks it read; to staff with who has read it."""
    found, reach = queries.opened_announcement(request.actor, public_id)
    own = queries.own_copies_of(request.actor, found)
    if own:
        actions.read_announcement(actor=request.actor, announcement=found, at=clock.now())
    context = {
        "announcement": found,
        "files": queries.files_of(found) if found.withdrawn_at is None else [],
        "own": own,
        "deciders": queries.own_decisions(request.actor, own),
        "is_open": found.is_open(clock.now()),
        "now": clock.now(),
    }
    if own:
        return page(request, "messaging/announcement.html", context)
    return page(request, "messaging/announcement_followed.html", {**context, **_followed(request.actor, found, reach)})


def _followed(actor: Actor, found: Announcement, reach: Reach) -> dict[str, object]:
    lines = queries.copy_lines(found, reach)
    today = clock.today()
    return {
        "classes": queries.class_names_of([found]).get(found.id, []),
        "late": [line for line in lines if not line.has_reacted],
        "done": [line for line in lines if line.has_reacted],
        "read": sum(line.read_at is not None for line in lines),
        "total": len(lines),
        "may_remind": found.reminded_on is None or found.reminded_on < today,
        "may_change": queries.may_change(actor, found),
        "class_count": len({line.copy.class_id for line in lines}),
    }


@require_POST
def acknowledge(request: Request, copy_id: UUID) -> HttpResponse:
    """Say that it was read and understood."""
    copy = queries.copy_of(request.actor, copy_id)
    actions.acknowledge(actor=request.actor, copy=copy, at=clock.now())
    said = _("Đã ghi nhận. Cảm ơn đã xác nhận.")
    return flash.say(see_other("messaging:announcement", copy.announcement.public_id), said)


@require_POST
def remind(request: Request, public_id: UUID) -> HttpResponse:
    """Remind those who have not done what is asked."""
    found, _reach = queries.followed_announcement(request.actor, public_id)
    there = see_other("messaging:announcement", found.public_id)
    try:
        with transaction.atomic():
            count = actions.remind(actor=request.actor, announcement=found, at=clock.now())
    except Refusal as refusal:
        return flash.say(there, str(refusal), tone="soon")
    said = ngettext("Đã nhắc %(count)s phiếu.", "Đã nhắc %(count)s phiếu.", count) % {"count": count}
    return flash.say(there, said)


@require_POST
def close(request: Request, public_id: UUID) -> HttpResponse:
    """Take no more answers."""
    found, _reach = queries.followed_announcement(request.actor, public_id)
    actions.close_announcement(actor=request.actor, announcement=found, at=clock.now())
    return flash.say(see_other("messaging:announcement", found.public_id), _("Đã đóng, không nhận thêm trả lời."))
