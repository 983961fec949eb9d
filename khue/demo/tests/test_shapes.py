import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from khue.demo.campuses import places, those_at
from khue.demo.names import person_name
from khue.demo.schools import ClassRoom
from khue.demo.shapes import LARGE, shapes
from khue.demo.weeks import ASSEMBLY, CLASS_HOUR, Teaching, place


def test_the_large_school_has_the_real_shape() -> None:
    assert (LARGE.class_count, LARGE.pupils, LARGE.campuses + 1, LARGE.teachers) == (53, 2143, 3, 120)
    assert [len(shapes(count)) for count in (1, 3, 1000)] == [1, 3, 1000]


@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6))
def test_nobody_is_in_two_places_at_once(seed: int, classes: int, teachers: int) -> None:
    teachings = [
        Teaching(room, room * 10 + subject, (room + subject) % teachers, "am", 1 + subject % 4, subject == 0)
        for room in range(classes)
        for subject in range(6)
    ]

    placed = place(teachings, random.Random(seed))

    for whose in ("class_key", "teacher"):
        busy = Counter((getattr(p.teaching, whose), p.weekday, p.period) for p in placed)
        assert set(busy.values()) <= {1}
    given_periods = Counter(p.teaching.class_subject for p in placed)
    assert all(given_periods[t.class_subject] <= t.periods for t in teachings)


CLASSES = st.lists(st.tuples(st.integers(6, 12), st.integers(1, 3)), min_size=1, max_size=20)


@given(CLASSES, st.lists(st.sampled_from(["TOAN", "NV", "MT"]), min_size=20, max_size=40))
def test_nobody_is_at_two_campuses_in_a_half_day(classes: list[tuple[int, int]], stands_for: list[str]) -> None:
    rooms = [ClassRoom(key, grade, "", homeroom=key, campus=campus) for key, (grade, campus) in enumerate(classes)]
    teachers_of = {code: [key for key, own in enumerate(stands_for) if own == code] for code in ("TOAN", "NV", "MT")}
    asked = [(code, room.session, room.campus, 3) for room in rooms for code in teachers_of]
    at = places(rooms, teachers_of, asked)

    for room in rooms:
        assert at[room.homeroom, room.session] == room.campus
        for able in teachers_of.values():
            found = those_at(at, room.campus, room.session, able, range(len(stands_for)))
            assert found
            assert {at.setdefault((staff, room.session), room.campus) for staff in found[:1]} == {room.campus}


def test_the_same_seed_gives_the_same_names() -> None:
    first, second = (
        [person_name(random.Random(7), is_girl=n % 2 == 0, family="Lê") for n in range(5)] for _ in range(2)
    )

    assert first == second
    assert all(name.startswith("Lê ") for name in first)


@given(st.integers(0, 2**32), st.lists(st.integers(20, 29), min_size=1, max_size=8))
def test_every_lesson_has_its_hour_and_no_class_a_hole(seed: int, periods: list[int]) -> None:
    teachings = [
        Teaching(room, room * 100 + number, (room + number) % 30, "am", 1, number == 0)
        for room, count in enumerate(periods)
        for number in range(count)
    ]

    placed = place(teachings, random.Random(seed))

    assert len(placed) == len(teachings)
    for room in range(len(periods)):
        hours = {(p.weekday, p.period) for p in placed if p.teaching.class_key == room} | {ASSEMBLY}
        assert CLASS_HOUR in hours
        assert all(period == 1 or (day, period - 1) in hours for day, period in hours)
