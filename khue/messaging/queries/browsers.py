"""Which people let a browser ring."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.messaging.channels.parcels import Browser
from khue.messaging.channels.push import PUSH
from khue.messaging.models import PushSubscription


def with_browser(person_ids: Collection[int]) -> frozenset[int]:
    """Those of these people who let some browser ring; nobody while push is off. One query at most."""
    if not PUSH.is_on():
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person_id FROM messaging_pushsubscription WHERE person_id = ANY(%s::bigint[])",
            [array(person_ids)],
        )
        return frozenset(person for (person,) in cursor.fetchall())


def browsers_of(person_ids: Collection[int]) -> dict[int, list[Browser]]:
    """The browsers of these people, by person. One query."""
    found: dict[int, list[Browser]] = defaultdict(list)
    rows = PushSubscription.objects.filter(person_id__in=person_ids).order_by("id")
    for row in rows:
        found[row.person_id].append(Browser(row.id, row.endpoint, bytes(row.public_key), bytes(row.shared_secret)))
    return found


def own_browsers(actor: Actor) -> list[PushSubscription]:
    """The browsers the actor lets ring, the newest first. One query."""
    return list(PushSubscription.objects.filter(person_id=actor.person_id or 0).order_by("-id"))
