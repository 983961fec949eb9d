"""Facts of attendance."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class RollTaken(Event):
    """The roll of one lesson was taken, or taken again.

    newly_missing  enrolment ids that are now absent without a reason and were not so before
    """

    name: ClassVar[str] = "attendance.roll_taken"
    lesson_id: int
    newly_missing: list[int]
