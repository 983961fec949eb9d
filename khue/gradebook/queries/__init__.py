"""Public reads of the gradebook: a teacher's grids, a pupil's own report, corrections."""

from khue.gradebook.means import term_mean
from khue.gradebook.queries.books import (
    Rights,
    book_of,
    column_for_test,
    column_of,
    columns_of,
    free_column,
    learners_of,
    rights_on,
    school_year_of_book,
    strands_of,
    visible_books,
)
from khue.gradebook.queries.corrections import correction_of, count_waiting, decides, visible_corrections
from khue.gradebook.queries.grids import Grid, GridColumn, GridRow, grid_of, row_of
from khue.gradebook.queries.reports import (
    NewMark,
    ReportedPupil,
    SubjectReport,
    ToldMark,
    marks_to_tell,
    new_marks,
    report_of,
    reported_pupils,
)
from khue.gradebook.queries.shelf import BookToFill, ShelfRow, books_to_fill, columns_entered, shelf_of
from khue.gradebook.rule_sets import MarkKind, RuleSet, rule_set_for

__all__ = [
    "BookToFill",
    "Grid",
    "GridColumn",
    "GridRow",
    "MarkKind",
    "NewMark",
    "ReportedPupil",
    "Rights",
    "RuleSet",
    "ShelfRow",
    "SubjectReport",
    "ToldMark",
    "book_of",
    "books_to_fill",
    "column_for_test",
    "column_of",
    "columns_entered",
    "columns_of",
    "correction_of",
    "count_waiting",
    "decides",
    "free_column",
    "grid_of",
    "learners_of",
    "marks_to_tell",
    "new_marks",
    "report_of",
    "reported_pupils",
    "rights_on",
    "row_of",
    "rule_set_for",
    "school_year_of_book",
    "shelf_of",
    "strands_of",
    "term_mean",
    "visible_books",
    "visible_corrections",
]
