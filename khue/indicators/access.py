"""Who reads indicators, and where."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the indicators."""

    INDICATOR_READ = "indicators:indicator:read"
    LAKE_WRITE = "indicators:lake:write"
    FIGURE_REPORT = "indicators:figure:report"
    OPEN_DATA_PUBLISH = "indicators:open_data:publish"
    REPORT_WRITE = "indicators:report:write"
    REPORT_RECEIVE = "indicators:report:receive"
    REPORT_ANSWER = "indicators:report:answer"  # what an office asks of the own school for one occasion
    INDEX_ASSESS = "indicators:index:assess"
    INDEX_APPRAISE = "indicators:index:appraise"
    SUPPORT_RUN = "indicators:support:run"
