"""Meals and days that families pay for: counted from rolls by the school's own rules."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.attendance import actions, queries
from khue.attendance.absent_sessions import HalfDay
from khue.attendance.meals import Announced, MealRule, days_of, meals_of
from khue.attendance.models import Absence, LeaveRequest, LessonLog, MealRules
from khue.attendance.tests.builders import published
from khue.foundation.errors import Forbidden
from khue.payments import actions as payments
from khue.payments import queries as bills
from khue.payments.extensions import Span
from khue.payments.models import Invoice
from khue.payments.queries import Asked, Plan
from khue.payments.tests.books import office
from khue.schools.models import Enrolment
from tests.world import NOON, TODAY, World, actor, enrol

MONDAY = date(2026, 11, 23)
EIGHT = time(8, 0)
RULE = MealRule(date(2026, 9, 1), "am", "12345", EIGHT)


def half(day: int, session: str, held: int, missed: int) -> HalfDay:
    return HalfDay(MONDAY + timedelta(days=day), session, held, missed)


def told(hour: int, day: int = 0, session: str = "") -> Announced:
    """Announced at that hour in Vietnam for that day of the week."""
    on = MONDAY + timedelta(days=day)
    return Announced(on, on, session, datetime(on.year, on.month, on.day, hour - 7, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("half_days", "announced", "rules", "meals"),
    [
        ([half(0, "am", 4, 0)], [], [RULE], 1),
        ([half(0, "am", 4, 3)], [], [RULE], 1),  # came for one lesson, and ate
        ([half(0, "am", 4, 4)], [told(7)], [RULE], 0),  # told at 7:59
        ([half(0, "am", 4, 4)], [told(8)], [RULE], 1),  # told at 8:59, when it was cooked
        ([half(0, "am", 4, 4)], [], [RULE], 1),  # never told
        ([half(0, "am", 4, 4)], [told(7, session="pm")], [RULE], 1),  # told of another half-day
        ([half(0, "am", 4, 4)], [told(7, session="am")], [RULE], 0),
        ([half(0, "am", 4, 4)], [], [MealRule(date(2026, 9, 1), "am")], 0),  # this school asks for no announcement
        ([half(0, "pm", 2, 0)], [], [RULE], 0),  # meals are for who was there in the morning
        ([half(0, "am", 0, 0)], [], [RULE], 0),  # no roll, nobody knows
        ([half(5, "am", 4, 0)], [], [RULE], 0),  # no meal on Saturdays
        ([half(0, "am", 4, 4), half(0, "pm", 2, 0)], [], [], 1),  # no rules: there at all
        ([half(0, "am", 4, 4), half(0, "pm", 2, 2)], [], [], 0),
        ([half(0, "am", 4, 0), half(1, "am", 4, 0)], [], [RULE, MealRule(MONDAY + timedelta(1), "pm")], 1),  # dated
    ],
)
def test_a_meal_is_counted_as_the_school_decided(half_days, announced, rules, meals):
    assert meals_of(half_days, announced, rules) == meals


HALF_DAYS = st.builds(half, st.integers(0, 13), st.sampled_from(["am", "pm"]), st.integers(0, 5), st.integers(0, 5))
RULES = st.builds(
    MealRule, st.dates(MONDAY - timedelta(3), MONDAY + timedelta(10)), st.sampled_from(["", "am", "pm"]),
    st.sampled_from(["12345", "1234567", ""]), st.sampled_from([None, EIGHT]),
)  # fmt: skip


@given(st.lists(HALF_DAYS), st.lists(RULES, max_size=3, unique_by=lambda rule: rule.valid_from))
def test_nobody_pays_two_meals_a_day_and_leave_in_time_never_costs_more(half_days, rules):
    all_days = [Announced(MONDAY, MONDAY + timedelta(13), "", NOON - timedelta(days=1))]

    paid = meals_of(half_days, [], rules)

    assert meals_of(half_days, all_days, rules) <= paid <= len({each.day for each in half_days if each.held})
    assert days_of(half_days) <= len({each.day for each in half_days})


@pytest.fixture
def rolls(world: World) -> list[LessonLog]:
    """A lesson on each of the four Mondays of November, with its roll; A missed one with leave, one without."""
    slot = published(world.here)
    a = world.here.enrolments[0]
    logs = [
        LessonLog.objects.create(
            organisation=world.here.organisation, slot=slot, class_subject=world.here.maths,
            day=MONDAY - timedelta(weeks=week), taken_at=NOON,
        )
        for week in range(4)
    ]  # fmt: skip
    for log, kind in ((logs[0], "P"), (logs[1], "K")):
        Absence.objects.create(organisation=world.here.organisation, lesson=log, enrolment=a, kind=kind)
    LeaveRequest.objects.create(
        organisation=world.here.organisation, enrolment=a, first_day=MONDAY, last_day=MONDAY, reason="Ốm",
        state="approved", asked_at=NOON - timedelta(days=1), asked_by=world.here.guardians[0].person,
    )  # fmt: skip
    return logs


def set_rules(who, world: World, **more: object) -> MealRules:
    given_ = {"valid_from": date(2026, 9, 1), "session": "am", "weekdays": "12345", "cut_off": EIGHT} | more
    return actions.set_meal_rules(actor=who, organisation_id=world.here.organisation.id, at=NOON, **given_)


def november(world: World) -> Span:
    return Span(world.here.organisation.id, date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.django_db
def test_children_pay_for_the_meals_that_the_rolls_tell(world: World, rolls) -> None:
    a, b, c = (each.person_id for each in world.here.enrolments)
    Enrolment.objects.filter(person_id=c).update(ends_on=date(2026, 11, 10))  # leaves after two Mondays
    children = [a, b, c]

    assert queries.meals_used(november(world), children) == {a: 2, b: 4, c: 2}
    set_rules(actor(world.here.clerk), world)
    assert queries.meals_used(november(world), children) == {a: 3, b: 4, c: 2}
    assert queries.days_used(november(world), children) == {a: 2, b: 4, c: 2}


@pytest.mark.django_db
def test_meals_are_billed_by_presence_without_anybody_typing_a_number(world: World, rolls) -> None:
    here = office(world.here)
    meal = payments.set_fee(
        actor=here.clerk, account=here.account, name="Ăn trưa", legal_basis="QĐ 51", base="meal", amount=25_000,
        is_voluntary=False, valid_from=date(2026, 9, 1),
    )  # fmt: skip
    plan = Plan("Ăn tháng 11", november(world), ("school",), (Asked(meal),), True, TODAY, TODAY)

    assert bills.draft_of(plan).total == 10 * 25_000
    payments.bill(actor=here.clerk, plan=plan, at=NOON)
    assert sorted(Invoice.objects.values_list("total", flat=True)) == [50_000, 100_000, 100_000]


@pytest.mark.django_db
def test_counting_meals_costs_the_same_for_three_children_and_for_ten(
    world: World, rolls, django_assert_num_queries
) -> None:
    for number in range(7):
        enrol(world.here, f"Lê {number}")
    everybody = [each.person_id for each in world.here.enrolments]

    for children in (everybody[:3], everybody):
        with django_assert_num_queries(5):
            queries.meals_used(november(world), children)


@pytest.mark.django_db
def test_only_the_office_says_how_meals_are_counted(world: World, client_of) -> None:
    form = {"valid_from": "01/12/2026", "session": "pm", "weekdays": ["1", "3"], "cut_off": "07:30"}
    for nobody in (world.here.teacher, world.here.guardians[0], world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            set_rules(actor(nobody), world)
    for nobody in (world.here.teacher, world.here.guardians[0]):
        assert client_of(nobody).post("/attendance/meals/", form).status_code == 404
    assert not MealRules.objects.exists()

    client = client_of(world.here.clerk)
    assert client.post("/attendance/meals/", form | {"weekdays": []}).status_code == 422
    assert client.post("/attendance/meals/", form).status_code == 303
    made = MealRules.objects.get()
    assert (made.organisation, made.session, made.weekdays, made.cut_off) == (
        world.here.organisation, "pm", "13", time(7, 30))  # fmt: skip
    assert "07:30" in client.get("/attendance/meals/").content.decode()
