"""What can be done to a school's timetable."""

from khue.timetable.actions.bells import BellTime, set_bells, set_ways
from khue.timetable.actions.covers import (
    Substitute,
    assign_cover,
    assign_covers,
    record_absence,
    withdraw_absence,
    withdraw_cover,
)
from khue.timetable.actions.drafts import discard_draft, lock_lesson, make_draft, move_lesson, renew_draft
from khue.timetable.actions.feeds import make_feed, note_feed_read, revoke_feed
from khue.timetable.actions.fet_files import NotFetFile, bring_fet_file, discard_fet_file, keep_fet_answer, search_fet
from khue.timetable.actions.publishing import DraftNotReady, publish_draft, tell_changes
from khue.timetable.actions.searching import AlreadySearching, note_progress, search_draft, take_answer
from khue.timetable.actions.swaps import swap_lessons, take_back_swap
from khue.timetable.actions.versions import (
    LaterVersionExists,
    OutsideTerm,
    PlannedLesson,
    TwoPlacesAtOnce,
    publish_timetable,
)
from khue.timetable.actions.wishes import WishDetails, add_wish, end_wish

__all__ = [
    "AlreadySearching",
    "BellTime",
    "DraftNotReady",
    "LaterVersionExists",
    "NotFetFile",
    "OutsideTerm",
    "PlannedLesson",
    "Substitute",
    "TwoPlacesAtOnce",
    "WishDetails",
    "add_wish",
    "assign_cover",
    "assign_covers",
    "bring_fet_file",
    "discard_draft",
    "discard_fet_file",
    "end_wish",
    "keep_fet_answer",
    "lock_lesson",
    "make_draft",
    "make_feed",
    "move_lesson",
    "note_feed_read",
    "note_progress",
    "publish_draft",
    "publish_timetable",
    "record_absence",
    "renew_draft",
    "revoke_feed",
    "search_draft",
    "search_fet",
    "set_bells",
    "set_ways",
    "swap_lessons",
    "take_answer",
    "take_back_swap",
    "tell_changes",
    "withdraw_absence",
    "withdraw_cover",
]
