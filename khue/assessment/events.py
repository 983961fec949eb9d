"""What assessment tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class TestAssigned(Event):
    """A class has been set a test.

    opens_at, closes_at  instants, ISO 8601
    """

    name: ClassVar[str] = "assessment.test_assigned"
    assignment_id: int
    class_subject_id: int
    opens_at: str
    closes_at: str


@dataclass(frozen=True)
class AttemptSubmitted(Event):
    """An attempt is closed and scored.

    score, top   hundredths of a point: had, and to be had
    mark         tenths on the scale of ten: 85 is 8,5
    mark_column  where the teacher wants the mark: "", "regular", "midterm" or "final"
    """

    name: ClassVar[str] = "assessment.attempt_submitted"
    attempt_id: int
    assignment_id: int
    class_subject_id: int
    enrolment_id: int
    person_id: int
    score: int
    top: int
    mark: int
    mark_column: str
