"""What a plan says, small enough to keep and to show: counts, the first rows, what is wrong and how often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from khue.schools.roster.issues import WARNINGS
from khue.schools.roster.plan import Outcome, Plan, RowPlan
from khue.schools.roster.staff_plan import StaffPlan, TeacherPlan

SHOWN_ROWS = 20
SHOWN_WRONG = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview. `sentences` say what is wrong or doubtful; `changes` name what will change."""

    line: int
    full_name: str
    birth: str
    class_name: str
    outcome: str
    changes: list[str]
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Teachers by outcome; `teaching` and `homerooms` count the class-subjects and classes whose teacher changes."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    teaching: int = 0
    homerooms: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.wrong


@dataclass(frozen=True, slots=True)
class Preview:
    """new, changed, unchanged, wrong: pupils; doubtful: rows with a warning; `kinds` counts rows by issue code."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    doubtful: int = 0
    moved: int = 0
    guardians: int = 0
    new_classes: list[str] = field(default_factory=list)
    kinds: list[tuple[str, int]] = field(default_factory=list)
    first: list[Line] = field(default_factory=list)
    mistakes: list[Line] = field(default_factory=list)
    staff: Counts = field(default_factory=Counts)

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.wrong

    @property
    def does_something(self) -> bool:
        staff = self.staff
        return bool(self.new or self.changed or staff.new or staff.changed or staff.teaching or staff.homerooms)

    def stored(self) -> dict[str, Any]:
        """As the import's row keeps it."""
        return asdict(self)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "Preview":
        """From what `stored` made; an import without a preview yet has an empty one."""
        lines = {name: [Line(**line) for line in stored.get(name, ())] for name in ("first", "mistakes")}
        return cls(**{**stored, **lines, "staff": Counts(**stored.get("staff", {}))})


def preview_of(plan: Plan, staff: StaffPlan) -> Preview:
    """The plan in short."""
    rows: list[RowPlan | TeacherPlan] = [*plan.rows, *staff.teachers]
    kinds = Counter(code for row in rows for code in {found.code for found in row.row.issues})
    wrong = [row for row in rows if row.outcome is Outcome.WRONG]
    doubtful = [row for row in rows if row.outcome is not Outcome.WRONG and row.row.issues]
    return Preview(
        new=plan.count(Outcome.NEW),
        changed=plan.count(Outcome.CHANGED),
        unchanged=plan.count(Outcome.UNCHANGED),
        wrong=plan.count(Outcome.WRONG),
        doubtful=len(doubtful),
        moved=sum("class" in row.changes and row.pupil is not None for row in plan.rows),
        guardians=sum(adult.appoint for row in plan.rows for adult in row.guardians),
        new_classes=[made.name for made in plan.new_classes],
        kinds=[(code.value, count) for code, count in kinds.most_common()],
        first=_lines([*plan.rows[:SHOWN_ROWS], *staff.teachers[:SHOWN_ROWS]]),
        mistakes=_lines([*wrong, *doubtful][:SHOWN_WRONG]),
        staff=Counts(
            new=staff.count(Outcome.NEW),
            changed=staff.count(Outcome.CHANGED),
            unchanged=staff.count(Outcome.UNCHANGED),
            wrong=staff.count(Outcome.WRONG),
            teaching=len(staff.teaching),
            homerooms=len(staff.leaders),
        ),
    )


def _lines(rows: Sequence[RowPlan | TeacherPlan]) -> list[Line]:
    return [
        Line(
            plan.row.line,
            plan.row.full_name,
            str(plan.row.birth or ""),
            _place(plan),
            plan.outcome.value,
            list(plan.changes),
            [found.sentence for found in sorted(plan.row.issues, key=lambda found: found.code in WARNINGS)],
        )
        for plan in rows
    ]


def _place(plan: RowPlan | TeacherPlan) -> str:
    """A pupil's class; the classes where a teacher teaches."""
    if isinstance(plan, RowPlan):
        return plan.row.class_name or ""
    return ", ".join(dict.fromkeys(work.class_name for work in plan.row.works if work.class_name and not work.is_over))
