"""Public writes of the gradebook: mark-books, the year of a class and of a pupil."""

from khue.gradebook.actions.arriving import carry_marks_over
from khue.gradebook.actions.books import (
    add_regular_column,
    link_column,
    lock_book,
    lock_books,
    open_book,
    take_column_for_test,
)
from khue.gradebook.actions.corrections import ask_correction, decide_correction
from khue.gradebook.actions.entering import receive_marks, record_remarks
from khue.gradebook.actions.imports import bring_marks, take_marks
from khue.gradebook.actions.marking import RecordedMarks, TypedCell, record_marks, record_test_results
from khue.gradebook.actions.moving_up import NobodyToMove, move_up
from khue.gradebook.actions.phrases import keep_phrase, remove_phrase
from khue.gradebook.actions.primary import TypedAssessment, decide_promotion, name_outstanding, record_assessments
from khue.gradebook.actions.pupils import (
    approve_training,
    end_exemption,
    exempt,
    judge_training,
    plan_make_up,
    propose_training,
    receive_result,
    record_reassessment,
    register_reassessment,
    settle_make_up,
)
from khue.gradebook.actions.years import (
    TypedConduct,
    approve_meeting,
    decide_level,
    recompute_years,
    record_conduct,
    record_meeting,
    remove_window,
    set_window,
)
from khue.gradebook.refusals import (
    BookIsLocked,
    BookIsOpen,
    CorrectionDecided,
    MarkNotUnderstood,
    NoRuleSet,
    ReasonMissing,
)

__all__ = [
    "BookIsLocked",
    "BookIsOpen",
    "CorrectionDecided",
    "MarkNotUnderstood",
    "NoRuleSet",
    "NobodyToMove",
    "ReasonMissing",
    "RecordedMarks",
    "TypedAssessment",
    "TypedCell",
    "TypedConduct",
    "add_regular_column",
    "approve_meeting",
    "approve_training",
    "ask_correction",
    "bring_marks",
    "carry_marks_over",
    "decide_correction",
    "decide_level",
    "decide_promotion",
    "end_exemption",
    "exempt",
    "judge_training",
    "keep_phrase",
    "link_column",
    "lock_book",
    "lock_books",
    "move_up",
    "name_outstanding",
    "open_book",
    "plan_make_up",
    "propose_training",
    "receive_marks",
    "receive_result",
    "recompute_years",
    "record_assessments",
    "record_conduct",
    "record_marks",
    "record_meeting",
    "record_reassessment",
    "record_remarks",
    "record_test_results",
    "register_reassessment",
    "remove_phrase",
    "remove_window",
    "set_window",
    "settle_make_up",
    "take_column_for_test",
    "take_marks",
]
