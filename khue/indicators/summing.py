"""What an office's reports come to: line by line, unknown never zero, each school once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from khue.indicators.models import PeriodReport, PeriodSum
from khue.indicators.reporting import LINES

#: A school's report, an office's sum of many, or what is kept of an office that has not sent its sum.
Told = PeriodReport | PeriodSum


@dataclass(frozen=True, slots=True)
class Sum:
    """One line. value: of the schools that know it, None where none does; unknown: how many schools do not."""

    value: int | None
    unknown: int


def sums_of(reports: Iterable[Told]) -> dict[str, Sum]:
    """By key of LINES, in their order, of what any of these reports says. No school may stand in two of them.

    Shares are not summed: of them a form has numerator and denominator.
    source   domain §9.7: numerators and denominators are summed; unknown is not zero
    """
    held = list(reports)
    found = {}
    for line in LINES:
        said = [report for report in held if line.key in report.figures]
        if said and line.unit != "%":
            values = [_value(report, line.key) for report in said]
            known = [value for value in values if value is not None]
            found[line.key] = Sum(sum(known) if known else None, sum(_unknown(report, line.key) for report in said))
    return found


def count_summed(reports: Iterable[Told]) -> int:
    """Of how many schools these reports tell."""
    return sum(1 if report.summed is None else report.summed for report in reports)


def _value(report: Told, key: str) -> int | None:
    corrected = report.corrected.get(key)
    value: int | None = corrected["value"] if corrected else report.figures[key]
    return value


def _unknown(report: Told, key: str) -> int:
    if report.summed is None:
        return int(_value(report, key) is None)
    return 0 if key in report.corrected else int(report.unknown.get(key, 0))
