"""Public reads of messaging: what was told to whom and how far it came, notices, browsers that ring."""

from khue.messaging.queries.broadcasts import (
    BroadcastCard,
    ToAsk,
    big_broadcasts,
    broadcast_card,
    broadcast_numbered,
    may_announce,
    places_of,
    places_to_tell,
)
from khue.messaging.queries.browsers import browsers_of, own_browsers, with_browser
from khue.messaging.queries.telling import (
    Fate,
    News,
    deliveries_of,
    delivery_of,
    fates_of,
    follows,
    inbox,
    message_of,
    news,
    unread_count,
    visible_messages,
)

__all__ = [
    "BroadcastCard",
    "Fate",
    "News",
    "ToAsk",
    "big_broadcasts",
    "broadcast_card",
    "broadcast_numbered",
    "browsers_of",
    "deliveries_of",
    "delivery_of",
    "fates_of",
    "follows",
    "inbox",
    "may_announce",
    "message_of",
    "news",
    "own_browsers",
    "places_of",
    "places_to_tell",
    "unread_count",
    "visible_messages",
    "with_browser",
]
