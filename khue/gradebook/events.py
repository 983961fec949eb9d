"""Facts of the mark-book."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class MarksRecorded(Event):
    """Marks of one book were entered or changed.

    cells  pairs (column id, enrolment id) that now hold another mark than before, emptied ones left out
    """

    name: ClassVar[str] = "gradebook.marks_recorded"
    book_id: int
    cells: list[list[int]]


@dataclass(frozen=True)
class BookLocked(Event):
    """A mark-book was closed for its term."""

    name: ClassVar[str] = "gradebook.book_locked"
    book_id: int
