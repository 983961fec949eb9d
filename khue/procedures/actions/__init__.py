"""Public writes of procedures: filing, working, following, drawing."""

from khue.procedures.actions.drawing import (
    Terms,
    close_procedure,
    draw_procedure,
    draw_version,
    load_shipped,
    publish_version,
)
from khue.procedures.actions.filing import Filing, file_case
from khue.procedures.actions.following import find_case, rate_case
from khue.procedures.actions.papers import (
    declare_day,
    forget_unsent_files,
    keep_signed_result,
    open_attachment,
    open_slip,
    take_result,
)
from khue.procedures.actions.together import do_steps
from khue.procedures.actions.working import (
    answer_supplement,
    apologise,
    ask_supplement,
    do_step,
    refuse_unanswered,
    withdraw_case,
)

__all__ = [
    "Filing",
    "Terms",
    "answer_supplement",
    "apologise",
    "ask_supplement",
    "close_procedure",
    "declare_day",
    "do_step",
    "do_steps",
    "draw_procedure",
    "draw_version",
    "file_case",
    "find_case",
    "forget_unsent_files",
    "keep_signed_result",
    "load_shipped",
    "open_attachment",
    "open_slip",
    "publish_version",
    "rate_case",
    "refuse_unanswered",
    "take_result",
    "withdraw_case",
]
