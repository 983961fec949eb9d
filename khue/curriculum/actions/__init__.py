"""Public writes of the curriculum: reference data and outcome trees."""

from khue.curriculum.actions.outcomes import (
    ImportClosed,
    ImportHasErrors,
    apply_import,
    give_up_import,
    upload_outcomes,
)
from khue.curriculum.actions.reference import load_reference_data
from khue.curriculum.outcome_merge import Merged
from khue.curriculum.refusals import ColumnMissing, FileTooLarge, NotCase, TooManyRows, UnreadableFile

__all__ = [
    "ColumnMissing",
    "FileTooLarge",
    "ImportClosed",
    "ImportHasErrors",
    "Merged",
    "NotCase",
    "TooManyRows",
    "UnreadableFile",
    "apply_import",
    "give_up_import",
    "load_reference_data",
    "upload_outcomes",
]
