"""The tables of the room, by what they are about."""

from khue.indicators.models.asked import AskedReport, AskedRound
from khue.indicators.models.cube import (
    ClassCount,
    CubeRun,
    FarFigure,
    FigureMark,
    HumanMeasure,
    IndicatorCount,
    LakeMark,
    LakePartition,
    MonthlyCount,
    OpenDataSet,
    ReportedCount,
    StaleSchool,
)
from khue.indicators.models.reports import PeriodReport, PeriodSum, ReportDeadline
from khue.indicators.models.school_index import CriterionClaim, SchoolAssessment
from khue.indicators.models.support import DeviceHolding, SupportedDevice, SupportProgramme

__all__ = [
    "AskedReport",
    "AskedRound",
    "ClassCount",
    "CriterionClaim",
    "CubeRun",
    "DeviceHolding",
    "FarFigure",
    "FigureMark",
    "HumanMeasure",
    "IndicatorCount",
    "LakeMark",
    "LakePartition",
    "MonthlyCount",
    "OpenDataSet",
    "PeriodReport",
    "PeriodSum",
    "ReportDeadline",
    "ReportedCount",
    "SchoolAssessment",
    "StaleSchool",
    "SupportProgramme",
    "SupportedDevice",
]
