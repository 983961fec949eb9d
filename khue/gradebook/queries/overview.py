"""How far the mark-books of a whole grade are filled: subjects by classes, as a head looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from khue.foundation.actor import Actor
from khue.gradebook.queries.shelf import BookRow, books_in_force
from khue.schools import queries as schools


@dataclass(frozen=True, slots=True)
class BookState:
    """One book of this term: how many of its columns hold a mark."""

    public_id: UUID
    class_name: str
    is_locked: bool
    entered: int
    columns: int

    @property
    def is_full(self) -> bool:
        """Whether every column holds a mark."""
        return self.entered >= self.columns


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject and its book in each class of the grade; None where it is not taught or no book is open."""

    subject: str
    hue: str
    books: Sequence[BookState | None]


@dataclass(frozen=True, slots=True)
class GradeOverview:
    """classes: address and name, in the order of each row's books."""

    classes: Sequence[tuple[UUID, str]]
    rows: Sequence[SubjectRow]
    taught: int

    @property
    def books(self) -> list[BookState]:
        """All that are open."""
        return [book for row in self.rows for book in row.books if book]


def overview_of_grade(actor: Actor, grade: int, on: date) -> GradeOverview:
    """The books of a grade in the term of that day, of classes the actor may open. Two queries."""
    subjects = schools.subjects_of_grade(actor, grade, on)
    opened = {book[0]: book for book in books_in_force([one.id for one in subjects], on)}
    names = {one.class_id: one.class_name for one in subjects}
    classes = sorted(names.items(), key=lambda each: (len(each[1]), each[1]))
    rows = []
    for _subject, group in groupby(subjects, key=lambda one: one.subject_id):
        in_class = {one.class_id: one for one in group}
        first = next(iter(in_class.values()))
        rows.append(SubjectRow(first.subject, first.hue, [_state(in_class.get(key), opened) for key, _name in classes]))
    return GradeOverview(classes, rows, len(subjects))


def _state(of: schools.GradeSubject | None, opened: dict[int, BookRow]) -> BookState | None:
    found = of and opened.get(of.id)
    if not of or not found:
        return None
    _of, public_id, locked_at, entered, columns = found
    return BookState(public_id, of.class_name, locked_at is not None, entered, columns)
