"""Public writes of the indicators."""

from khue.indicators.actions.counting import count_stale_school, mark_stale, recount
from khue.indicators.actions.lake import count_month, fill_lake, flow_facts, lake_root

__all__ = ["count_month", "count_stale_school", "fill_lake", "flow_facts", "lake_root", "mark_stale", "recount"]
