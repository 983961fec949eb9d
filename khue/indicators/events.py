"""Facts of the indicators."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class AssessmentJudged(Event):
    """A department gave a school's assessment back, recognised its level or published it. state: what it is now."""

    name: ClassVar[str] = "indicators.assessment_judged"
    assessment_id: int
    state: str


@dataclass(frozen=True)
class ReportSent(Event):
    """A school sent its report of a period, or an office the sum of what it received."""

    name: ClassVar[str] = "indicators.report_sent"
    school_year: str
    period: str
