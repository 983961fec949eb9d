"""The tables of the mark-book and of the year, by their canonical path."""

from khue.gradebook.models.books import Mark, MarkBook, MarkColumn, MarkCorrection, TermResult
from khue.gradebook.models.entering import MarkImport, ReceivedMark
from khue.gradebook.models.primary import Phrase, PrimaryAssessment, PrimaryYear, Remark
from khue.gradebook.models.years import (
    ClassMeeting,
    EntryWindow,
    Exemption,
    LevelDecision,
    MakeUpTest,
    PupilYear,
    Reassessment,
    ReceivedResult,
    SubjectYear,
    SummerTraining,
    TermConduct,
)

__all__ = [
    "ClassMeeting",
    "EntryWindow",
    "Exemption",
    "LevelDecision",
    "MakeUpTest",
    "Mark",
    "MarkBook",
    "MarkColumn",
    "MarkCorrection",
    "MarkImport",
    "Phrase",
    "PrimaryAssessment",
    "PrimaryYear",
    "PupilYear",
    "Reassessment",
    "ReceivedMark",
    "ReceivedResult",
    "Remark",
    "SubjectYear",
    "SummerTraining",
    "TermConduct",
    "TermResult",
]
