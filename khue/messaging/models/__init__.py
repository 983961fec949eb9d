"""The tables of messaging, by their canonical path."""

from khue.messaging.models.telling import Broadcast, Delivery, Message, Pace, PushSubscription, Tally

__all__ = ["Broadcast", "Delivery", "Message", "Pace", "PushSubscription", "Tally"]
