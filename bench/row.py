"""One measured figure, as all benchmarks report it (architecture §7)."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """A figure beside what it is compared with and what it must reach.

    name             stable: "answer_save.cost"
    baseline         what was measured in the same run to compare with ("pgbench, 64 clients"); empty when nothing was
    ratio            value / baseline_value
    budget           in words a reader and a program understand: "<= 0.7", ">= 0.5 x baseline"; empty when none is set
    """

    name: str
    value: float
    unit: str
    baseline: str | None = None
    baseline_value: float | None = None
    ratio: float | None = None
    budget: str | None = None
    ok: bool = True

    def as_json(self) -> dict[str, object]:
        """The row as var/bench/latest.json has it."""
        return asdict(self)


def at_most(name: str, value: float, unit: str, budget: float, *, others: str = "") -> Row:
    """A cost: less is better. Costs are processor time, bytes or counts; on a shared machine a time is no budget.

    others   what other programs need for the same work, for the reader; measured elsewhere (rivals.md), so no baseline
    """
    return Row(
        name, round(value, 3), unit, budget=f"<= {budget:g}{f' ({others})' if others else ''}", ok=value <= budget
    )


def against(
    name: str, value: float, unit: str, *, baseline: str, baseline_value: float, at_least: float | None = None
) -> Row:
    """A throughput: more is better, as a share of what was measured beside it.

    at_least   the share that must be reached
    """
    ratio = value / baseline_value if baseline_value else 0.0
    budget = None if at_least is None else f">= {at_least:g} x baseline"
    ok = at_least is None or ratio >= at_least
    return Row(name, round(value, 1), unit, baseline, round(baseline_value, 1), round(ratio, 3), budget, ok)


def noted(name: str, value: float, unit: str) -> Row:
    """A figure without a budget, for the record."""
    return Row(name, round(value, 3), unit)
