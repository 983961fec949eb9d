"""The columns of a table, as a page or a view declares them; templates write column(_("Điểm"), numeric=True)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    numeric  digits stand right-aligned, one under another
    sort     address that sorts the list by this column, "" where it cannot be sorted
    sorted   "ascending" or "descending" when the list is sorted by it now
    wide     takes the room that is left
    hidden   the heading is for screen readers only: a column of buttons
    """

    label: str
    numeric: bool = False
    sort: str = ""
    sorted: str = ""
    wide: bool = False
    hidden: bool = False
