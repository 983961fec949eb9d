"""Letting a browser ring, and no longer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, Refusal
from khue.messaging.channels import push
from khue.messaging.channels.push_encryption import from_base64url
from khue.messaging.models import PushSubscription

MOST_BROWSERS = 10


class NotAPushService(Refusal):
    code = "not_a_push_service"
    message = _("Trình duyệt này dùng dịch vụ thông báo chưa được hỗ trợ. Thông báo vẫn hiện trong ứng dụng.")


@transaction.atomic
def ring_browser(*, actor: Actor, endpoint: str, public_key: str, shared_secret: str, at: datetime) -> PushSubscription:
    """Let this browser ring for the actor. Doing so again, also as somebody else, makes it ring for this actor only.

    public_key, shared_secret  as the browser gave them, in base64url
    refuses  NotAPushService
    """
    if actor.person_id is None or not actor.held:
        raise Forbidden
    try:
        key, secret = from_base64url(public_key), from_base64url(shared_secret)
    except ValueError:
        raise NotAPushService from None
    if not push.is_push_service(endpoint) or len(endpoint) > 1000 or len(key) != 65 or len(secret) != 16:
        raise NotAPushService
    PushSubscription.objects.filter(endpoint=endpoint).delete()
    older = PushSubscription.objects.filter(person_id=actor.person_id).order_by("-id")[MOST_BROWSERS - 1 :]
    PushSubscription.objects.filter(id__in=[row.id for row in older]).delete()
    made = PushSubscription.objects.create(
        organisation_id=actor.held[0].organisation, person_id=actor.person_id, endpoint=endpoint, public_key=key,
        shared_secret=secret, made_at=at,
    )  # fmt: skip
    audit.record(actor, "browser.rings", made)
    return made


@transaction.atomic
def forget_browser(*, actor: Actor, endpoint: str) -> None:
    """Let this browser ring no more; "" for all of the actor's. One that never did stays as it is."""
    if actor.person_id is None:
        raise Forbidden
    rows = PushSubscription.objects.filter(person_id=actor.person_id)
    gone = (rows.filter(endpoint=endpoint) if endpoint else rows).delete()[0]
    if gone:
        audit.record(actor, "browser.silenced", None, number=gone)
