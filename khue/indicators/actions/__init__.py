"""Public writes of the indicators."""

from khue.indicators.actions.asked import TELL as TELL_ASKED
from khue.indicators.actions.asked import Asking, answer_asked, ask_schools, remind_schools, withdraw_asked
from khue.indicators.actions.counting import count_stale_school, mark_stale, recount
from khue.indicators.actions.far import count_here_again, report_school, take_figures
from khue.indicators.actions.lake import count_month, fill_lake, flow_facts
from khue.indicators.actions.open_data import publish_open_data
from khue.indicators.actions.reported import record_measure, report_count
from khue.indicators.actions.reports import (
    Correction,
    NothingToSum,
    correct_report,
    prefill_report,
    send_report,
    set_deadline,
    sign_report,
)
from khue.indicators.actions.school_index import (
    Claim,
    appraise,
    begin_assessment,
    publish_assessment,
    recognise,
    return_assessment,
    save_claims,
    submit_assessment,
)
from khue.indicators.actions.sums import sum_up
from khue.indicators.actions.support import hand_device, make_programme, receive_devices, take_device_back

__all__ = [
    "TELL_ASKED",
    "Asking",
    "Claim",
    "Correction",
    "NothingToSum",
    "answer_asked",
    "appraise",
    "ask_schools",
    "begin_assessment",
    "correct_report",
    "count_here_again",
    "count_month",
    "count_stale_school",
    "fill_lake",
    "flow_facts",
    "hand_device",
    "make_programme",
    "mark_stale",
    "prefill_report",
    "publish_assessment",
    "publish_open_data",
    "receive_devices",
    "recognise",
    "record_measure",
    "recount",
    "remind_schools",
    "report_count",
    "report_school",
    "return_assessment",
    "save_claims",
    "send_report",
    "set_deadline",
    "sign_report",
    "submit_assessment",
    "sum_up",
    "take_device_back",
    "take_figures",
    "withdraw_asked",
]
