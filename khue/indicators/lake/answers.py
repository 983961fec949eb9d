"""What is asked of an engine and what it answers. No library is needed to read this page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """From the month in which a school year begins to the month that figures are wanted for, "2026-09" to "2026-11"."""

    first: str
    last: str


@dataclass(frozen=True, slots=True, order=True)
class UnitCount:
    """One indicator of one unit, as an engine counted it."""

    level: str
    unit: str
    code: str
    numerator: int
    denominator: int
    unknown: int


class Engine(Protocol):
    """Something that reads the lake and runs expressions."""

    @property
    def name(self) -> str: ...

    def counts(self, root: Path, span: Span) -> list[UnitCount]:
        """Every indicator of the country, provinces, communes and schools, in order."""
