"""A draft as its page shows it: the classes of one grade beside each other, in narrow queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.schools import queries as schools
from khue.timetable.models import Draft, DraftPart
from khue.timetable.planning.fixed import FixedPeriods
from khue.timetable.planning.frame import When
from khue.timetable.planning.wishes import session_of
from khue.timetable.queries.fixed import fixed_periods
from khue.timetable.queries.planning import asked_of, day_of, frame_of


@dataclass(frozen=True, slots=True)
class BoardLesson:
    """A lesson in a cell. `is_first` where a pair of periods begins; `title` what a fixed period is called."""

    lesson: UUID
    subject: str
    hue: str
    teacher: str
    is_locked: bool
    duration: int
    is_first: bool = True
    title: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """One grade of a draft. cells by class id and period; tray: what has no place, by class id."""

    grade: int
    fixed: FixedPeriods

    classes: Sequence[tuple[int, UUID, str]]
    rows: Sequence[When]
    cells: Mapping[tuple[int, When], Sequence[BoardLesson]]
    tray: Mapping[int, Sequence[BoardLesson]]

    def assembly(self, when: When) -> str:
        """What the classes of the grade meet for in a period without a lesson; "" for nothing."""
        return self.fixed.assembly(when.weekday, when.session, when.period, self.grade)

    def day_of(self, class_id: int, weekday: int) -> list[tuple[When, Sequence[BoardLesson]]]:
        """The periods of a class on a day, with what lies there."""
        return [(when, self.cells.get((class_id, when), ())) for when in self.rows if when.weekday == weekday]


_FIELDS = (
    "lesson__public_id", "lesson__weekday", "lesson__session", "lesson__period", "lesson__duration",
    "lesson__is_locked", "class_subject__subject__name", "class_subject__subject__hue", "staff__person__full_name",
    "class_subject__school_class_id", "class_subject__school_class__public_id", "class_subject__school_class__name",
)  # fmt: skip


def board(draft: Draft, grade: int) -> Board:
    """The classes of a grade in a draft. Four queries, whatever the size."""
    fixed = fixed_periods(draft.organisation_id, day_of(draft))
    classes: dict[int, tuple[int, UUID, str]] = {}
    cells: dict[tuple[int, When], list[BoardLesson]] = defaultdict(list)
    tray: dict[int, list[BoardLesson]] = defaultdict(list)
    found = DraftPart.objects.filter(lesson__draft=draft, class_subject__school_class__grade=grade).order_by("id")
    for (key, weekday, session, period, duration, locked, subject, hue, teacher, class_id, address, name) in (
        found.values_list(*_FIELDS)
    ):  # fmt: skip
        classes[class_id] = (class_id, address, name)
        if weekday is None or period is None:
            tray[class_id].append(BoardLesson(key, subject, hue, teacher, locked, duration))
            continue
        for more in range(duration):
            title = fixed.of_lesson(weekday, session, period + more, grade, subject)
            lesson = BoardLesson(key, subject, hue, teacher, locked, duration, more == 0, title)
            cells[class_id, When(weekday, session, period + more)].append(lesson)
    asked = asked_of(draft.organisation_id, day_of(draft))
    used = {when.session for _class, when in cells} | {session_of(asked, key, grade) for key in classes}
    rows = [when for when in frame_of(draft).periods() if "" in used or when.session in used]
    in_order = sorted(classes.values(), key=lambda each: schools.by_number(each[2]))
    return Board(grade, fixed, in_order, rows, cells, tray)
