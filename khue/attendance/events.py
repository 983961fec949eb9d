"""Facts of attendance."""

from dataclasses import dataclass, field
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class RollTaken(Event):
    """The roll of one lesson was taken, or taken again.

    newly_missing      enrolment ids that are now absent without a reason and were not so before
    no_longer_missing  enrolment ids that were absent without a reason and are not so any more
    """

    name: ClassVar[str] = "attendance.roll_taken"
    lesson_id: int
    newly_missing: list[int]
    no_longer_missing: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class LeaveChanged(Event):
    """Leave was asked for a pupil, granted, declined or withdrawn. `state` is what it became."""

    name: ClassVar[str] = "attendance.leave_changed"
    leave_id: int
    state: str
