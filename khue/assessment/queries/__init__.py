"""Public reads of assessment: the bank, papers under review, tests, what classes have been set, attempts."""

from khue.assessment.queries.assignments import (
    DueTest,
    PupilResult,
    assignment_of,
    assignments_of,
    due_tests,
    results_of,
    set_for,
    visible_assignments,
)
from khue.assessment.queries.attempts import (
    ShownChoice,
    ShownQuestion,
    answers_in,
    closed_attempt,
    own_attempt_of,
    own_attempts,
    shown_questions,
)
from khue.assessment.queries.bank import (
    BankFilter,
    BankPage,
    BankRow,
    bank_page,
    choices_of,
    media_of,
    outcomes_of,
    question_of,
    visible_questions,
)
from khue.assessment.queries.building import TestLine, is_set, lines_of, test_of, visible_tests
from khue.assessment.queries.papers import items_of, paper_of, visible_papers
from khue.assessment.queries.shelves import Shelf, shelves_of, subjects_and_grades_of

__all__ = [
    "BankFilter",
    "BankPage",
    "BankRow",
    "DueTest",
    "PupilResult",
    "Shelf",
    "ShownChoice",
    "ShownQuestion",
    "TestLine",
    "answers_in",
    "assignment_of",
    "assignments_of",
    "bank_page",
    "choices_of",
    "closed_attempt",
    "due_tests",
    "is_set",
    "items_of",
    "lines_of",
    "media_of",
    "outcomes_of",
    "own_attempt_of",
    "own_attempts",
    "paper_of",
    "question_of",
    "results_of",
    "set_for",
    "shelves_of",
    "shown_questions",
    "subjects_and_grades_of",
    "test_of",
    "visible_assignments",
    "visible_papers",
    "visible_questions",
    "visible_tests",
]
