"""Facts of the timetable."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class TimetablePublished(Event):
    """A weekly plan came into force."""

    name: ClassVar[str] = "timetable.published"
    version_id: int
