import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from khue.demo.names import person_name
from khue.demo.shapes import LARGE, shapes
from khue.demo.weeks import Teaching, place


def test_the_large_school_has_the_real_shape() -> None:
    assert (LARGE.class_count, LARGE.pupils, LARGE.campuses + 1, LARGE.teachers) == (53, 2143, 3, 120)
    assert [len(shapes(count)) for count in (1, 3, 1000)] == [1, 3, 1000]


@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6))
def test_nobody_is_in_two_places_at_once(seed: int, classes: int, teachers: int) -> None:
    teachings = [
        Teaching(room, room * 10 + subject, (room + subject) % teachers, "am", 1 + subject % 4)
        for room in range(classes)
        for subject in range(6)
    ]

    placed = place(teachings, random.Random(seed))

    for whose in ("class_key", "teacher"):
        busy = Counter((getattr(p.teaching, whose), p.weekday, p.period) for p in placed)
        assert set(busy.values()) <= {1}
    given_periods = Counter(p.teaching.class_subject for p in placed)
    assert all(given_periods[t.class_subject] <= t.periods for t in teachings)


def test_the_same_seed_gives_the_same_names() -> None:
    first, second = (
        [person_name(random.Random(7), is_girl=n % 2 == 0, family="Lê") for n in range(5)] for _ in range(2)
    )

    assert first == second
    assert all(name.startswith("Lê ") for name in first)
