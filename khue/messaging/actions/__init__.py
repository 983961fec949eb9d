"""Public writes of messaging: telling people things, notices to many, browsers that ring."""

from khue.messaging.actions.broadcasts import (
    Announcement,
    NobodyToTell,
    broadcast,
    count_again,
    finish_broadcast,
    tell_part,
)
from khue.messaging.actions.browsers import NotAPushService, forget_browser, ring_browser
from khue.messaging.actions.telling import Note, mark_all_read, mark_read, notify

__all__ = [
    "Announcement",
    "NobodyToTell",
    "NotAPushService",
    "Note",
    "broadcast",
    "count_again",
    "finish_broadcast",
    "forget_browser",
    "mark_all_read",
    "mark_read",
    "notify",
    "ring_browser",
    "tell_part",
]
