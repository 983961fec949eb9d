"""Public reads of the curriculum: what is taught in which grade, and what has to be learnt."""

from khue.curriculum.outcome_files import LARGEST as LARGEST_FILE
from khue.curriculum.queries.imports import ImportReview, import_of, review_of
from khue.curriculum.queries.names import subject_named
from khue.curriculum.queries.outcomes import (
    OutcomeLine,
    OutcomeNode,
    case_package,
    count_outcomes,
    outcome_tree,
    outcomes_by_ids,
    outcomes_named,
    required_outcomes,
    search_outcomes,
)
from khue.curriculum.queries.subjects import (
    GRADES,
    GradeColumn,
    ProgrammeTable,
    SubjectRow,
    grade_plan,
    grades_of,
    programme_table,
    strand_names,
    strands_of,
    subject_by_code,
    subject_grade,
    subject_of,
    subjects,
    subjects_in,
)

__all__ = [
    "GRADES",
    "LARGEST_FILE",
    "GradeColumn",
    "ImportReview",
    "OutcomeLine",
    "OutcomeNode",
    "ProgrammeTable",
    "SubjectRow",
    "case_package",
    "count_outcomes",
    "grade_plan",
    "grades_of",
    "import_of",
    "outcome_tree",
    "outcomes_by_ids",
    "outcomes_named",
    "programme_table",
    "required_outcomes",
    "review_of",
    "search_outcomes",
    "strand_names",
    "strands_of",
    "subject_by_code",
    "subject_grade",
    "subject_named",
    "subject_of",
    "subjects",
    "subjects_in",
]
