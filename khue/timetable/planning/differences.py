"""What a new timetable changes for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from khue.timetable.planning.frame import When


@dataclass(frozen=True, slots=True, order=True)
class Taught:
    """One period of a week as those who sit in it see it."""

    weekday: int
    session: str
    period: int
    class_id: int
    class_name: str
    subject: str
    staff_id: int
    teacher: str
    room: str = ""
    grade: int = 0

    @property
    def when(self) -> When:
        return When(self.weekday, self.session, self.period)


@dataclass(frozen=True, slots=True)
class Difference:
    """One period that is different for a class or a teacher: what was taught and what will be; "" for nothing."""

    when: When
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """By class id and by staff id, in the order of the week; whoever keeps their week is not in it."""

    classes: Mapping[int, Sequence[Difference]]
    teachers: Mapping[int, Sequence[Difference]]

    @property
    def is_empty(self) -> bool:
        return not self.classes and not self.teachers


def differences(before: Iterable[Taught], after: Iterable[Taught]) -> Differences:
    """Compare two weeks."""
    old, new = list(before), list(after)
    return Differences(
        _compared([(t.class_id, t.when, f"{t.subject} ({t.teacher})") for t in old],
                  [(t.class_id, t.when, f"{t.subject} ({t.teacher})") for t in new]),
        _compared([(t.staff_id, t.when, f"{t.subject} {t.class_name}") for t in old],
                  [(t.staff_id, t.when, f"{t.subject} {t.class_name}") for t in new]),
    )  # fmt: skip


_Line = tuple[int, When, str]


def _compared(old: Sequence[_Line], new: Sequence[_Line]) -> dict[int, list[Difference]]:
    weeks: dict[int, dict[When, tuple[list[str], list[str]]]] = defaultdict(lambda: defaultdict(lambda: ([], [])))
    for side, lines in enumerate((old, new)):
        for key, when, text in lines:
            weeks[key][when][side].append(text)
    found: dict[int, list[Difference]] = {}
    for key, week in weeks.items():
        changed = [
            Difference(when, " + ".join(sorted(was)), " + ".join(sorted(is_now)))
            for when, (was, is_now) in week.items()
            if sorted(was) != sorted(is_now)
        ]
        if changed:
            found[key] = sorted(changed, key=lambda each: (each.when.weekday, each.when.session, each.when.period))
    return found
