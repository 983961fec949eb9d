"""Public writes of the indicators."""

from khue.indicators.actions.counting import count_stale_school, mark_stale, recount
from khue.indicators.actions.lake import count_month, fill_lake, flow_facts
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

__all__ = [
    "Claim",
    "appraise",
    "begin_assessment",
    "count_month",
    "count_stale_school",
    "fill_lake",
    "flow_facts",
    "mark_stale",
    "publish_assessment",
    "recognise",
    "recount",
    "return_assessment",
    "save_claims",
    "submit_assessment",
]
