"""Which wishes are named when a school has no timetable."""

from dataclasses import replace

from khue.timetable.solver.problem import AllowedStarts, AtOnce, GapsPerDay, Kind, Resource
from khue.timetable.solver.reasons import reasons
from khue.timetable.solver.wish import Lock, Reasons, TimesOff
from khue.timetable.solver.words import reason_sentences
from khue.timetable.tests.small import AN, BINH, CLASS_6A, CLASS_6B, RESOURCES, TWO_SESSIONS, block, week

MATHS_A, MATHS_B = block("Toán · 6A", AN, CLASS_6A), block("Toán · 6B", AN, CLASS_6B)
MUSIC_A = block("Nhạc · 6A", BINH, CLASS_6A)


def test_a_school_with_a_timetable_has_nothing_to_explain():
    assert reasons(week(MATHS_A, MATHS_B, MUSIC_A, rules=[GapsPerDay(AN, 0)]), seconds=5) is None


def test_a_teacher_with_more_periods_than_free_ones_is_named_with_the_lessons():
    away = (replace(RESOURCES[AN], closed=frozenset({0, 1, 2, 4, 5, 6})), *RESOURCES[1:])
    problem = week(MATHS_A, MATHS_A, MATHS_B, MUSIC_A, rules=[GapsPerDay(BINH, 0)], resources=away)

    found = reasons(problem, seconds=10)

    assert found == Reasons((TimesOff(AN),), (0, 1, 2))
    assert reason_sentences(problem, found) == [
        "Cô An nghỉ 6 tiết trong tuần.",
        "Không thể xếp đủ các tiết này cùng với những yêu cầu trên: Toán · 6A (2); Toán · 6B.",
    ]


def test_an_overbooked_room_is_named():
    room = (*RESOURCES, Resource("Phòng Tin", Kind.ROOM, frozenset(range(1, 8))))
    problem = week(block("Tin · 6A", AN, CLASS_6A, 4), block("Tin · 6B", BINH, CLASS_6B, 4), resources=room)

    assert reasons(problem, seconds=10) == Reasons((TimesOff(4),), (0, 1))


def test_too_many_classes_at_one_fixed_period_are_named_with_the_limit():
    rules = [AtOnce((0, 1), 1), AllowedStarts((0, 1), frozenset({3})), GapsPerDay(AN, 0)]
    problem = week(MATHS_A, block("Nhạc · 6B", BINH, CLASS_6B), rules=rules)

    assert reasons(problem, seconds=10) == Reasons((rules[0], rules[1]), (0, 1))


def test_fixed_periods_that_collide_are_both_named():
    rules = [AllowedStarts((0,), frozenset({3})), AllowedStarts((1,), frozenset({3})), GapsPerDay(AN, 1)]
    problem = week(MATHS_A, MATHS_B, rules=rules)

    found = reasons(problem, seconds=10)

    assert found == Reasons((rules[0], rules[1]), (0, 1))
    assert reason_sentences(problem, found)[0] == "Toán · 6A chỉ được bắt đầu vào: Thứ 2, tiết 4."


def test_a_lock_against_a_time_off_is_named_with_it():
    away = (replace(RESOURCES[AN], closed=frozenset({2})), *RESOURCES[1:])

    found = reasons(week(MATHS_A, MUSIC_A, resources=away), seconds=10, locked={0: 2})

    assert found == Reasons((TimesOff(AN), Lock(0, 2)), (0,))


def test_a_class_with_more_periods_than_its_sessions_needs_no_wish_to_be_impossible():
    problem = week(*[MUSIC_A] * 5, *[MATHS_A] * 4, MATHS_B, rules=[GapsPerDay(AN, 0)], grid=TWO_SESSIONS)

    found = reasons(problem, seconds=10)

    assert found == Reasons((), tuple(range(9)))
    assert reason_sentences(problem, found) == [
        "Trong tuần không đủ chỗ cho các tiết này: Nhạc · 6A (5); Toán · 6A (4)."
    ]
