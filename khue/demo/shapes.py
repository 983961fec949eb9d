"""The shapes of the schools that are generated. The first is a real one's (domain §2.4, §4.4); names are made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """One school: classes by grade, pupils in all, campuses besides the main one, staff."""

    name: str
    level_groups: str
    classes: tuple[tuple[int, int], ...]  # (grade, how many classes)
    pupils: int
    campuses: int
    teachers: int

    @property
    def class_count(self) -> int:
        return sum(count for _grade, count in self.classes)


#: 53 classes, 2,143 pupils (39 lower-secondary classes with 1,613, 14 upper-secondary with 530), three campuses.
LARGE = Shape(
    "Trường THCS&THPT Sen Hồng",
    "03,04",
    ((6, 10), (7, 10), (8, 10), (9, 9), (10, 5), (11, 5), (12, 4)),
    2143,
    2,
    120,
)
PRIMARY = Shape("Trường Tiểu học Tràm Chim", "02", tuple((grade, 4) for grade in range(1, 6)), 640, 1, 32)
LOWER = Shape("Trường THCS Gò Tháp", "03", tuple((grade, 4) for grade in range(6, 10)), 608, 0, 36)
FIRST_THREE = (LARGE, PRIMARY, LOWER)


def shapes(count: int) -> list[Shape]:
    """The three schools of the demonstration, then as many more of the average size (706 pupils) as are wanted."""
    more = [
        Shape(f"Trường THCS số {number}", "03", tuple((grade, 4) for grade in range(6, 10)), 706, 0, 38)
        if number % 2
        else Shape(f"Trường Tiểu học số {number}", "02", tuple((grade, 4) for grade in range(1, 6)), 706, 0, 36)
        for number in range(4, count + 1)
    ]
    return [*FIRST_THREE, *more][:count]
