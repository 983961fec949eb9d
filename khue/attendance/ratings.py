"""The grades that a lesson may be given, as a school rates its lessons."""

from collections.abc import Sequence

#: "letters": giờ A, B, C, D. "points": 0 to 10. An empty grade is always allowed: not every lesson is rated.
_RATINGS: dict[str, Sequence[str]] = {
    "letters": ("A", "B", "C", "D"),
    "points": tuple(str(number) for number in range(10, -1, -1)),
    "none": (),
}


def ratings_of(way: str) -> Sequence[str]:
    """What may stand in the grade of a lesson, the best first, after the empty one."""
    return ("", *_RATINGS[way])
