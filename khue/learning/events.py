"""Facts of learning."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class LessonCompleted(Event):
    """A pupil has done a lesson for the first time."""

    name: ClassVar[str] = "learning.lesson_completed"
    lesson_id: int
    enrolment_id: int
    person_id: int
