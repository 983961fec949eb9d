"""What makes a school be counted again, and the clock that counts it."""

from khue.assessment.events import AttemptSubmitted
from khue.attendance.events import RollTaken
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.events import Event
from khue.indicators import actions
from khue.learning.events import LessonCompleted


def note_roll(event: RollTaken) -> None:
    """A lesson was held: A5, A6."""
    _note(event)


def note_lesson(event: LessonCompleted) -> None:
    """A pupil learnt online: A2."""
    _note(event)


def note_attempt(event: AttemptSubmitted) -> None:
    """A pupil took a test online: A2."""
    _note(event)


def _note(event: Event) -> None:
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def count_stale_schools() -> int:
    """Count every school where something happened, each in a transaction of its own. Returns how many."""
    counted = 0
    while True:
        with scope.of(SYSTEM):
            if actions.count_stale_school(actor=SYSTEM, at=clock.now()) is None:
                return counted
        counted += 1
