from datetime import date

import pytest

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.schools import actions, queries
from khue.schools.actions import TermDates
from khue.schools.models import SchoolYear, SpecialDay, Term
from tests.world import TODAY, YEAR_START, World, actor, organisation

NEXT = [TermDates(date(2027, 9, 6), date(2028, 1, 9), 18), TermDates(date(2028, 1, 10), date(2028, 5, 21), 17)]


def test_the_next_year_is_proposed_from_the_last_one_and_opened(world: World) -> None:
    here = world.here
    proposed = queries.proposed_terms(here.organisation.id, TODAY)

    made = actions.open_school_year(
        actor=actor(here.clerk),
        organisation=here.organisation,
        terms=[TermDates(term.starts_on, term.ends_on, term.teaching_weeks) for term in proposed],
    )

    assert (made.code, made.starts_on, made.ends_on) == ("2027-2028", date(2027, 9, 6), date(2028, 5, 21))
    assert [(t.number, t.starts_on, t.ends_on, t.teaching_weeks) for t in queries.terms_of(made)] == [
        (1, date(2027, 9, 6), date(2028, 1, 9), 18),
        (2, date(2028, 1, 10), date(2028, 5, 21), 17),
    ]
    assert AuditRow.objects.get().verb == "school_year.opened"


def test_the_first_year_of_a_school_is_proposed_from_the_frame(world: World) -> None:
    fresh = organisation("school", "THCS Mới", world.department)

    assert [(t.starts_on, t.ends_on) for t in queries.proposed_terms(fresh.id, TODAY)] == [
        (date(2026, 9, 7), date(2027, 1, 10)),
        (date(2027, 1, 11), date(2027, 5, 23)),
    ]


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ([], actions.TermsOutOfOrder),
        ([TermDates(date(2027, 9, 6), date(2027, 9, 6), 18)], actions.TermsOutOfOrder),
        ([NEXT[1], NEXT[0]], actions.TermsOutOfOrder),
        ([TermDates(date(2027, 9, 6), date(2027, 12, 9), 18)], actions.YearTooLong),
        ([NEXT[0], TermDates(date(2028, 1, 10), date(2029, 1, 1), 17)], actions.YearTooLong),
        ([TermDates(YEAR_START, date(2027, 1, 3), 18), TermDates(date(2027, 1, 4), date(2027, 5, 1), 17)],
         actions.YearExists),
        ([TermDates(date(2027, 5, 23), date(2027, 9, 1), 18), TermDates(date(2027, 9, 4), date(2028, 1, 30), 17)],
         actions.YearsOverlap),
    ],
)  # fmt: skip
def test_impossible_years_are_refused(world: World, terms: list[TermDates], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.open_school_year(actor=actor(world.here.head), organisation=world.here.organisation, terms=terms)

    assert SchoolYear.objects.filter(organisation=world.here.organisation).count() == 1


def test_terms_change_and_the_year_with_them(world: World) -> None:
    here = world.here
    terms = [TermDates(YEAR_START, date(2027, 1, 17), 18), TermDates(date(2027, 1, 18), date(2027, 5, 30), 17)]

    actions.change_terms(actor=actor(here.head), school_year=here.year, terms=terms)

    here.year.refresh_from_db()
    assert here.year.ends_on == date(2027, 5, 30)
    assert Term.objects.get(school_year=here.year, number=2).starts_on == date(2027, 1, 18)


def test_terms_do_not_leave_holidays_or_pupils_outside(world: World) -> None:
    here = world.here
    who = actor(here.head)
    actions.add_holiday(
        actor=who, school_year=here.year, first=date(2027, 5, 20), last=date(2027, 5, 21), title="Nghỉ bão"
    )
    shorter = [TermDates(YEAR_START, date(2027, 1, 10), 18), TermDates(date(2027, 1, 11), date(2027, 5, 15), 17)]
    with pytest.raises(actions.DaysLeftOutside, match="20/05/2027"):
        actions.change_terms(actor=who, school_year=here.year, terms=shorter)
    later = [TermDates(date(2026, 9, 14), date(2027, 1, 10), 18), TermDates(date(2027, 1, 11), date(2027, 5, 23), 17)]
    with pytest.raises(actions.PupilsLeftOutside):
        actions.change_terms(actor=who, school_year=here.year, terms=later)

    here.year.refresh_from_db()
    assert (here.year.starts_on, here.year.ends_on) == (YEAR_START, date(2027, 5, 23))


def test_holidays_and_make_up_days_count_in_the_weeks(world: World) -> None:
    here = world.here
    who = actor(here.clerk)
    before = queries.calendar_of(here.year)
    actions.add_holiday(
        actor=who, school_year=here.year, first=date(2026, 11, 23), last=date(2026, 11, 28), title=" Nghỉ  bão "
    )
    actions.add_make_up_day(actor=who, school_year=here.year, day=date(2026, 11, 29), taught_as=1, title="Bù thứ Hai")

    found = queries.calendar_of(here.year)

    assert (before.counted, found.counted) == ({1: 18, 2: 19}, {1: 17, 2: 19})
    assert [(s.first, s.last, s.days, s.taught_as, s.title) for s in found.specials] == [
        (date(2026, 11, 23), date(2026, 11, 28), 6, None, "Nghỉ bão"),
        (date(2026, 11, 29), date(2026, 11, 29), 1, 1, "Bù thứ Hai"),
    ]
    assert found.week_of(TODAY).number is None
    assert queries.school_day(here.organisation.id, date(2026, 11, 29)).taught_as == 1


def test_special_days_that_contradict_are_refused(world: World) -> None:
    here = world.here
    who = actor(here.clerk)
    actions.add_holiday(actor=who, school_year=here.year, first=TODAY, last=TODAY, title="Nghỉ")

    def holiday(first: date, last: date) -> None:
        actions.add_holiday(actor=who, school_year=here.year, first=first, last=last, title="x")

    with pytest.raises(actions.DayTaken, match="“Nghỉ”"):
        holiday(date(2026, 11, 20), date(2026, 11, 27))
    with pytest.raises(actions.HolidayOutOfOrder):
        holiday(date(2026, 11, 27), date(2026, 11, 26))
    with pytest.raises(actions.HolidayOutOfOrder):
        holiday(date(2026, 11, 24), date(2027, 2, 26))
    with pytest.raises(actions.DayOutsideYear):
        holiday(date(2027, 5, 20), date(2027, 5, 30))
    with pytest.raises(actions.MakesNothingUp):
        actions.add_make_up_day(actor=who, school_year=here.year, day=date(2026, 11, 24), taught_as=2, title="x")
    with pytest.raises(actions.DayTaken):
        actions.add_make_up_day(actor=who, school_year=here.year, day=TODAY, taught_as=2, title="x")

    assert SpecialDay.objects.count() == 1
    assert actions.remove_special_days(actor=who, school_year=here.year, first=TODAY, last=TODAY) == 1
    assert not SpecialDay.objects.exists()


def test_only_the_office_of_the_school_changes_its_calendar(world: World) -> None:
    here = world.here
    for who in (here.teacher, here.pupils[0], world.elsewhere.head, world.department_officer):
        one = actor(who)
        with pytest.raises(Forbidden):
            actions.open_school_year(actor=one, organisation=here.organisation, terms=NEXT)
        with pytest.raises(Forbidden):
            actions.change_terms(actor=one, school_year=here.year, terms=NEXT)
        with pytest.raises(Forbidden):
            actions.add_holiday(actor=one, school_year=here.year, first=TODAY, last=TODAY, title="x")
        with pytest.raises(Forbidden):
            actions.add_make_up_day(actor=one, school_year=here.year, day=date(2026, 11, 29), taught_as=1, title="x")
        with pytest.raises(Forbidden):
            actions.remove_special_days(actor=one, school_year=here.year, first=TODAY, last=TODAY)

    assert SchoolYear.objects.count() == 2
    assert not SpecialDay.objects.exists()


def test_a_clerk_keeps_the_calendar_through_the_pages(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    year = f"/years/{world.here.year.public_id}"
    here = f"/calendar/?year={world.here.year.public_id}"

    shown = client.get("/calendar/").content.decode()
    assert "Tuần 12" in shown
    storm = {"title": "Nghỉ bão", "first": "24/11/2026", "last": ""}
    assert client.post(f"{year}/holidays/", storm)["Location"] == here
    again = client.post(f"{year}/holidays/", storm)
    assert again.status_code == 422
    assert "đã được ghi là “Nghỉ bão”" in again.content.decode()
    make_up = {"title": "Bù", "day": "29/11/2026", "taught_as": "2"}
    assert client.post(f"{year}/make-up-days/", make_up)["Location"] == here
    assert client.post(f"{year}/make-up-days/", make_up).status_code == 422
    assert "dạy như Thứ Ba" in client.get(here).content.decode()
    assert client.post(f"{year}/days/remove/", {"first": "2026-11-24", "last": "2026-11-24"})["Location"] == here
    terms = {"starts_1": "07/09/2026", "ends_1": "10/01/2027", "weeks_1": "18", "starts_2": "11/01/2027"}
    assert client.post(f"{year}/terms/", {**terms, "ends_2": "30/05/2027", "weeks_2": "17"})["Location"] == here
    assert client.post(f"{year}/terms/", {**terms, "ends_2": "10/01/2027", "weeks_2": "17"}).status_code == 422
    assert "06/09/2027" in client.get("/calendar/new/").content.decode()
    new = {"starts_1": "06/09/2027", "ends_1": "09/01/2028", "weeks_1": "18", "starts_2": "10/01/2028"}
    opened = client.post("/calendar/new/", {**new, "ends_2": "21/05/2028", "weeks_2": "17"})
    made = SchoolYear.objects.get(code="2027-2028")
    assert opened["Location"] == f"/calendar/?year={made.public_id}"

    other = client_of(world.elsewhere.head)
    assert other.get(here).status_code == 404
    assert other.get(f"{year}/terms/").status_code == 404
    for step in ("holidays", "make-up-days", "days/remove"):
        assert other.post(f"{year}/{step}/", storm).status_code == 404
    assert client_of(world.here.teacher).get("/calendar/").status_code == 403


def test_the_calendar_costs_the_same_with_few_days_and_with_many(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.clerk)
    for day in range(1, 22, 2):
        actions.add_holiday(
            actor=actor(world.here.clerk),
            school_year=world.here.year,
            first=date(2026, 12, day),
            last=date(2026, 12, day),
            title="Nghỉ",
        )
        if day in (1, 21):
            with django_assert_num_queries(10):
                client.get("/calendar/")


def test_what_is_planned_in_august_is_the_year_that_has_not_begun(world: World) -> None:
    here, august = world.here, date(2026, 8, 24)

    assert queries.school_year_on(here.organisation.id, august) is None
    assert queries.year_to_plan(here.organisation.id, august) == here.year
    assert queries.terms_to_plan(here.organisation.id, august) == [here.term, here.term_2]
    assert queries.terms_to_plan(here.organisation.id, date(2027, 2, 1)) == [here.term_2]
    # In the summer before the next year is opened, the last one is all there is.
    assert queries.year_to_plan(here.organisation.id, date(2027, 6, 30)) == here.year
    assert queries.terms_to_plan(here.organisation.id, date(2027, 6, 30)) == [here.term, here.term_2]
