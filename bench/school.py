"""A school as large as THCS&THPT Đốc Binh Kiều (53 classes, 3 campuses, 120 staff), made from a seed.

Sizes are the school's own; who teaches what, who is off when and what stands where is drawn. 39 classes of grades 6-9
and 14 of grades 10-12 have their weekly periods of GDPT 2018, mornings and two afternoons; every one has a flag
assembly, a homeroom period, double periods of literature and mathematics, and no holes. 108 of the staff teach, within
their quota less the four periods of a homeroom; each has a day off, and some work at two campuses.
"""

from collections import defaultdict
from random import Random

from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    Block,
    GapsPerDay,
    Grid,
    Kind,
    PeriodsOnEnd,
    Problem,
    Resource,
    Rule,
    Travel,
)

GRID = Grid(
    ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7"), tuple(f"tiết {n}" for n in range(1, 9)), ((0, 4), (5, 7))
)
LOWER = {
    "Ngữ văn": (2, 1, 1), "Toán": (2, 1, 1), "Ngoại ngữ": (1, 1, 1), "Khoa học tự nhiên": (2, 1, 1), "Tin học": (1,),
    "Lịch sử và Địa lí": (1, 1, 1), "Giáo dục công dân": (1,), "Công nghệ": (1,), "Giáo dục thể chất": (1, 1),
    "Nghệ thuật": (1, 1), "Hoạt động trải nghiệm": (1,), "Giáo dục địa phương": (1,),
}  # fmt: skip
UPPER = {
    "Ngữ văn": (2, 1), "Toán": (2, 1), "Ngoại ngữ": (1, 1, 1), "Lịch sử": (1, 1), "Giáo dục thể chất": (1, 1),
    "GDQP và an ninh": (1,), "Vật lí": (1, 1), "Hóa học": (1, 1), "Sinh học": (1, 1), "Tin học": (1, 1),
    "Hoạt động trải nghiệm": (1,), "Giáo dục địa phương": (1,), "Chuyên đề": (1, 1, 1),
}  # fmt: skip
CLASSES = {6: 10, 7: 10, 8: 10, 9: 9, 10: 5, 11: 5, 12: 4}
PLACES = ("Điểm chính", "Điểm 2", "Điểm 3")
QUOTA = 19 - 4
FLAG, HOMEROOM = GRID.time(0, 0), GRID.time(4, 4)


def large_school(seed: int) -> Problem:
    """The school of one seed."""
    random = Random(seed)
    school = _School(random)
    for grade, count in CLASSES.items():
        for number in range(count):
            place = PLACES[0] if grade > 9 or number < 6 else PLACES[1 + number % 2]
            school.add_class(f"{grade}A{number + 1}", place, LOWER if grade < 10 else UPPER)
    return school.problem()


class _School:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.resources: list[Resource] = []
        self.blocks: list[Block] = []
        self.rules: list[Rule] = []
        self.loads: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self.of_subject: dict[str, list[int]] = defaultdict(list)

    def add_class(self, name: str, place: str, plan: dict[str, tuple[int, ...]]) -> None:
        """A class, its lessons, and who gives them."""
        total = sum(sum(blocks) for blocks in plan.values()) + 2
        free = 25 + 6 - total
        mornings = [GRID.time(day, period) for day in range(5) for period in range(5)]
        afternoons = [GRID.time(day, 5 + period) for day in (1, 3) for period in range(3)]
        is_open = {*mornings, *afternoons[: 6 - free]}
        school_class = self._add(name, Kind.CLASS, frozenset(range(GRID.size)) - is_open)
        for subject, durations in plan.items():
            teacher = self._teacher(subject, place, sum(durations))
            first = len(self.blocks)
            for duration in durations:
                self.of_subject[subject].append(len(self.blocks))
                self.blocks.append(Block(f"{subject} · {name}", duration, (teacher, school_class), place))
            if len(durations) > 1:
                self.rules.append(Apart(tuple(range(first, len(self.blocks))), 1))
        for title, start in (("Chào cờ", FLAG), ("Sinh hoạt lớp", HOMEROOM)):
            self.rules.append(AllowedStarts((len(self.blocks),), frozenset({start})))
            self.blocks.append(Block(f"{title} · {name}", 1, (school_class,), place))
        self.rules.append(GapsPerDay(school_class, 0))

    def problem(self) -> Problem:
        """Everything that was added, with the special rooms: four of computers, six grounds for sport."""
        rooms = [AtOnce(tuple(self.of_subject["Tin học"]), 4), AtOnce(tuple(self.of_subject["Giáo dục thể chất"]), 6)]
        return Problem("THCS&THPT 53 lớp", GRID, tuple(self.resources), tuple(self.blocks), (*self.rules, *rooms))

    def _teacher(self, subject: str, place: str, periods: int) -> int:
        """One of the subject with room for so many periods, of this campus first; else a new one."""
        near = self.loads[subject, place]
        also = self.loads[subject, PLACES[0]] if place != PLACES[0] else []
        for staff in (near, also):
            for index, (teacher, load) in enumerate(staff):
                if load + periods <= QUOTA:
                    staff[index] = (teacher, load + periods)
                    return teacher
        off = {GRID.time(self.random.choice((1, 2, 3)), period) for period in range(len(GRID.periods))}
        teacher = self._add(f"{subject} {len(self.resources)}", Kind.TEACHER, frozenset(off))
        self.rules += [GapsPerDay(teacher, 2), PeriodsOnEnd(teacher, 4), Travel(teacher, 1)]
        near.append((teacher, periods))
        return teacher

    def _add(self, name: str, kind: Kind, closed: frozenset[int]) -> int:
        self.resources.append(Resource(name, kind, closed))
        return len(self.resources) - 1
