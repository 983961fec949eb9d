"""Facts of the mark-book."""

from dataclasses import dataclass, field
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class MarksRecorded(Event):
    """Marks of one book were entered or changed.

    cells   pairs (column id, enrolment id) that now hold another mark than before, emptied ones left out
    pupils  enrolment ids whose result may be another than before, those of emptied cells too
    """

    name: ClassVar[str] = "gradebook.marks_recorded"
    book_id: int
    cells: list[list[int]]
    pupils: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class BookLocked(Event):
    """A mark-book was closed for its term."""

    name: ClassVar[str] = "gradebook.book_locked"
    book_id: int
