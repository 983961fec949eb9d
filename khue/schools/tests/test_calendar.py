import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khue.schools import queries, school_days
from khue.schools.models import SpecialDay
from khue.schools.school_days import Special, Stretch
from tests.world import TODAY, World

TERM_1 = Stretch(1, 1, date(2026, 9, 7), date(2027, 1, 10))
TERM_2 = Stretch(2, 2, date(2027, 1, 11), date(2027, 5, 23))


def holidays(first: date, days: int) -> dict[date, Special]:
    return {first + timedelta(days=n): Special("Nghỉ Tết Nguyên đán", None) for n in range(days)}


def test_the_year_has_eighteen_and_seventeen_teaching_weeks() -> None:
    """The dates of Đồng Tháp 2026-27 with two weeks of Tết (domain §2.4)."""
    weeks = school_days.teaching_weeks([TERM_1, TERM_2], holidays(date(2027, 2, 1), 14))

    assert [w.number for w in weeks if w.term_id == 1] == list(range(1, 19))
    assert [w.number for w in weeks if w.term_id == 2 and w.number] == list(range(19, 36))
    assert [w.starts_on for w in weeks if w.number is None] == [date(2027, 2, 1), date(2027, 2, 8)]


@given(st.dates(date(2026, 9, 1), date(2027, 5, 31)), st.integers(0, 40))
def test_weeks_cover_each_term_without_gap_or_overlap(first: date, days: int) -> None:
    weeks = school_days.teaching_weeks([TERM_1, TERM_2], holidays(first, days))

    assert weeks[0].starts_on == TERM_1.starts_on
    assert weeks[-1].ends_on == TERM_2.ends_on
    assert all(a.ends_on + timedelta(days=1) == b.starts_on for a, b in itertools.pairwise(weeks))
    numbers = [w.number for w in weeks if w.number]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_term_that_begins_on_a_wednesday_begins_a_week_there() -> None:
    weeks = school_days.teaching_weeks([Stretch(1, 1, date(2026, 9, 9), date(2026, 9, 20))], {})

    assert [(w.starts_on, w.ends_on) for w in weeks] == [
        (date(2026, 9, 9), date(2026, 9, 13)),
        (date(2026, 9, 14), date(2026, 9, 20)),
    ]


def test_an_ordinary_monday_a_sunday_and_a_day_of_the_summer(world: World) -> None:
    place = world.here.organisation.id

    assert queries.school_day(place, TODAY).taught_as == 1
    assert not queries.is_school_day(place, date(2026, 11, 22))
    assert not queries.is_school_day(place, date(2026, 7, 1))


def test_a_holiday_has_no_school_and_its_make_up_day_is_taught_as_another_weekday(world: World) -> None:
    place, year = world.here.organisation, world.here.year
    SpecialDay.objects.create(
        organisation=place, school_year=year, day=date(2026, 11, 24), kind="holiday", title="Ngày Văn hóa Việt Nam"
    )
    SpecialDay.objects.create(
        organisation=place, school_year=year, day=date(2026, 11, 29), kind="make_up", taught_as=2, title="Học bù"
    )

    assert not queries.is_school_day(place.id, date(2026, 11, 24))
    assert queries.school_day(place.id, date(2026, 11, 24)).title == "Ngày Văn hóa Việt Nam"
    assert queries.school_day(place.id, date(2026, 11, 29)).taught_as == 2
    assert queries.is_school_day(world.elsewhere.organisation.id, date(2026, 11, 24))


def test_the_current_term_and_year_hold_through_the_break_after_them(world: World) -> None:
    place = world.here.organisation.id

    assert queries.current_term(place, TODAY) == world.here.term
    assert queries.current_term(place, date(2027, 1, 11)) == world.here.term_2
    assert queries.current_term(place, date(2027, 7, 1)) == world.here.term_2
    assert queries.current_term(place, date(2026, 9, 1)) is None
    assert queries.school_year_on(place, TODAY) == world.here.year
    assert queries.school_year_on(place, date(2026, 9, 1)) is None
    assert [w.number for w in queries.teaching_weeks(world.here.year)][:3] == [1, 2, 3]
