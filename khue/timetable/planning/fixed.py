"""What a school calls its fixed periods: "Chào cờ", where nothing is taught, and "Sinh hoạt lớp", which is a lesson."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FixedPeriod:
    """One of them. session "": of both half-days; subject "": nothing is taught; grade None: of all."""

    title: str
    weekday: int
    session: str
    period: int
    subject: str
    grade: int | None

    def holds(self, session: str, grade: int) -> bool:
        """Whether it is one of this half-day and grade."""
        return self.session in ("", session) and self.grade in (None, grade)


class FixedPeriods:
    """The fixed periods of a week, found by weekday and period."""

    def __init__(self, rows: Iterable[FixedPeriod]) -> None:
        self._rows: dict[tuple[int, int], list[FixedPeriod]] = defaultdict(list)
        for row in rows:
            self._rows[row.weekday, row.period].append(row)

    def assembly(self, weekday: int | None, session: str, period: int, grade: int) -> str:
        """Where a class meets without a lesson, what that is called; "" where it does not."""
        return self._title(weekday, session, period, grade, "")

    def of_lesson(self, weekday: int | None, session: str, period: int, grade: int, subject: str) -> str:
        """What a lesson is called there beside its subject; "" for an ordinary one."""
        return self._title(weekday, session, period, grade, subject)

    def _title(self, weekday: int | None, session: str, period: int, grade: int, subject: str) -> str:
        if weekday is None:
            return ""
        found = self._rows.get((weekday, period), ())
        return next((row.title for row in found if row.subject == subject and row.holds(session, grade)), "")
