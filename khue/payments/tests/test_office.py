"""The work of the office beyond a single bill: months of a school, reliefs, closed days, series of receipts."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.errors import Forbidden
from khue.payments import actions, extensions, payment_codes, queries
from khue.payments.extensions import Span
from khue.payments.lines import Line
from khue.payments.models import BankLine, Closing, Entry, Invoice, InvoiceLine, Receipt, Relief
from khue.payments.queries import Asked, Plan
from khue.payments.refusals import DayClosed, DrawerDiffers, NoFees, ReliefUnclear, ReliefWithoutReason
from khue.payments.reliefs import Less, Terms, less
from khue.payments.tests.books import Office, office
from khue.schools.models import Enrolment
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def plan(here: Office, *groups: str, by_days: bool = False, asked: tuple[Asked, ...] = ()) -> Plan:
    return Plan(
        title="Thu tháng 11", span=Span(here.school.organisation.id, *NOVEMBER), groups=groups or ("school",),
        asked=asked or (Asked(here.fee),), by_days=by_days, issued_on=TODAY, due_on=date(2026, 12, 5),
    )  # fmt: skip


def relieve(here: Office, **given: object) -> Relief:
    more = {"child": None, "ground": "", "percent": None, "price": None, "reason": "QĐ 12 ngày 01/09/2026"} | given
    return actions.grant_relief(actor=here.clerk, item=here.fee, valid_from=date(2026, 9, 1), **more)


def totals() -> dict[int, int]:
    return dict(Invoice.objects.filter(cancelled_at=None).values_list("family_id", "total"))


def cash(here: Office, amount: int, on: date = TODAY) -> Receipt:
    return actions.take_cash(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], payer="Nguyễn Văn A",
        amount=amount, key=uuid4(), on=on, at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"price": 100_000, "quantity": 2}, Less(0, "")),
        ({"price": 100_000, "quantity": 1, "stayed": 10, "of_days": 30}, Less(66_667, "Học 10/30 ngày của kỳ")),
        ({"price": 100_001, "quantity": 1, "terms": [Terms("Hộ nghèo", 50)]}, Less(50_000, "Hộ nghèo")),
        ({"price": 100_000, "quantity": 1, "terms": [Terms("A", 30), Terms("B", price=60_000)]}, Less(40_000, "B")),
        ({"price": 100_000, "quantity": 1, "terms": [Terms("A", 100)], "stayed": 1, "of_days": 2},
         Less(100_000, "Học 1/2 ngày của kỳ; A")),
    ],
)  # fmt: skip
def test_what_is_taken_off(given, wanted):
    assert less(**given) == wanted


@given(
    st.integers(1, 10**8), st.integers(1, 60), st.integers(1, 366), st.integers(1, 366),
    st.lists(st.builds(Terms, st.just("x"), st.integers(1, 100)), max_size=3),
)  # fmt: skip
def test_nothing_below_nothing_is_asked_and_what_is_taken_off_has_a_reason(price, quantity, stayed, days, terms):
    found = less(price=price, quantity=quantity, terms=terms, stayed=min(stayed, days), of_days=days)

    assert 0 <= found.amount <= price * quantity
    assert bool(found.amount) <= bool(found.reason)


def test_a_class_a_grade_and_the_whole_school_are_billed_for_a_month(here: Office) -> None:
    keys = [group.key for group in extensions.groups.filling.choices(here.school.organisation.id, TODAY)]
    assert keys == ["school", "grade:6", f"class:{here.school.school_class.id}"]

    for key in keys:
        with transaction.atomic():
            assert len(actions.bill(actor=here.clerk, plan=plan(here, key), at=NOON)) == 3
            transaction.set_rollback(True)
    with pytest.raises(NoFees):
        actions.bill(actor=here.clerk, plan=plan(here, "grade:7"), at=NOON)


def test_nobody_is_billed_twice_for_the_same_days_until_the_bill_is_taken_back(here: Office) -> None:
    first = actions.bill(actor=here.clerk, plan=plan(here), at=NOON)

    draft = queries.draft_of(plan(here))
    assert (draft.children, draft.before, draft.free) == (0, 3, 0)
    with pytest.raises(NoFees):
        actions.bill(actor=here.clerk, plan=plan(here), at=NOON)
    actions.cancel_invoice(actor=here.clerk, invoice=first[0], reason="Nhập nhầm", on=TODAY, at=NOON)
    (again,) = actions.bill(actor=here.clerk, plan=plan(here), at=NOON)
    assert again.family_id == first[0].family_id


def test_who_came_in_the_middle_of_the_month_pays_for_the_days_there(here: Office) -> None:
    came = here.children[0]
    Enrolment.objects.filter(person=came).update(starts_on=date(2026, 11, 16))

    actions.bill(actor=here.clerk, plan=plan(here, by_days=True), at=NOON)

    assert sorted(totals().values()) == [50_000, 100_000, 100_000]
    assert InvoiceLine.objects.get(child=came).relief_reason == "Học 15/30 ngày của kỳ"


def test_who_is_poor_by_the_file_or_has_an_own_price_pays_less(here: Office) -> None:
    poor, dear, both = here.children[:3]
    for child in (poor, both):
        child.is_poor_household = True
        child.save()
    relieve(here, ground="poor_household", percent=50)
    relieve(here, child=dear, price=80_000)
    relieve(here, child=both, percent=100)

    draft = queries.draft_of(plan(here))
    actions.bill(actor=here.clerk, plan=plan(here), at=NOON)

    assert totals() == {poor.id: 50_000, dear.id: 80_000}
    assert (draft.children, draft.free, draft.total) == (2, 1, 130_000)


def test_a_relief_follows_the_fee_that_follows(here: Office) -> None:
    relief = relieve(here, child=here.children[0], percent=100)
    follower = actions.set_fee(
        actor=here.clerk, account=here.account, name="Nước uống", legal_basis="NQ mới", base="month", amount=120_000,
        is_voluntary=False, valid_from=date(2026, 11, 1),
    )  # fmt: skip

    assert queries.draft_of(plan(here, asked=(Asked(follower),))).children == 2
    actions.end_relief(actor=here.clerk, relief=relief, on=date(2026, 11, 1))
    assert queries.draft_of(plan(here, asked=(Asked(follower),))).children == 3


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"ground": "disabled"}, ReliefUnclear),
        ({"percent": 50}, ReliefUnclear),
        ({"ground": "disabled", "percent": 101}, ReliefUnclear),
        ({"ground": "disabled", "price": 100_000}, ReliefUnclear),
        ({"ground": "disabled", "percent": 50, "reason": " "}, ReliefWithoutReason),
    ],
)
def test_an_unclear_relief_is_not_granted(here: Office, given, refusal) -> None:
    with pytest.raises(refusal):
        relieve(here, **given)

    assert not Relief.objects.exists()


@pytest.fixture
def presence(monkeypatch: pytest.MonkeyPatch):
    """A room above that counts meals, plugged in as its wiring would, and out again."""
    monkeypatch.setattr(extensions.used, "_fillings", {})
    eaten: dict[int, int] = {}
    extensions.used.fill("meal", lambda span, children: {c: n for c, n in eaten.items() if c in children})
    return eaten


def test_meals_are_billed_as_they_were_eaten(here: Office, presence: dict[int, int]) -> None:
    meal = actions.set_fee(
        actor=here.clerk, account=here.account, name="Ăn trưa", legal_basis="Thoả thuận", base="meal", amount=25_000,
        is_voluntary=True, valid_from=date(2026, 9, 1),
    )  # fmt: skip
    one, two, _three = here.children[:3]
    here.agree(meal, *here.children)
    presence.update({one.id: 18, two.id: 0, 999: 5})

    actions.bill(actor=here.clerk, plan=plan(here, asked=(Asked(meal, 22),), by_days=True), at=NOON)

    assert totals() == {one.id: 450_000}


def test_a_draft_costs_the_same_queries_for_three_children_and_for_ten(
    here: Office, world: World, django_assert_num_queries
) -> None:
    from tests.world import enrol

    relieve(here, ground="disabled", percent=50)
    with django_assert_num_queries(5):
        queries.draft_of(plan(here))
    for name in range(7):
        enrol(world.here, f"Lê {name}")
    with django_assert_num_queries(5):
        assert queries.draft_of(plan(here)).children == 10


def test_what_lists_keep_of_an_invoice_is_what_the_money_says(here: Office) -> None:
    (first,) = here.bill(here.children[0])
    cash(here, 130_000)
    (second,) = here.bill(here.children[0], title="Tháng 12")

    paid = dict(Invoice.objects.values_list("id", "paid"))
    assert paid == {first.id: 100_000, second.id: 30_000}
    actions.cancel_invoice(actor=here.clerk, invoice=first, reason="Nhập nhầm", on=TODAY, at=NOON)
    assert dict(Invoice.objects.values_list("id", "paid")) == {first.id: 0, second.id: 100_000}


def close(here: Office, counted: int, note: str = "", on: date = TODAY) -> Closing:
    return actions.close_day(
        actor=here.clerk, organisation_id=here.school.organisation.id, on=on, counted=counted, note=note, at=NOON
    )


def test_a_closed_day_takes_no_more_entries_and_late_transfers_go_to_the_next(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    cash(here, 40_000)
    closing = close(here, 40_000)

    assert (closing.cash, closing.bank, closing.receipts) == (40_000, 0, 1)
    for attempt in (
        lambda: cash(here, 1_000),
        lambda: here.bill(here.children[1]),
        lambda: actions.cancel_invoice(actor=here.clerk, invoice=invoice, reason="x", on=TODAY, at=NOON),
        lambda: close(here, 40_000),
    ):
        with pytest.raises(DayClosed), transaction.atomic():
            attempt()
    line = Line(TODAY - timedelta(2), 60_000, payment_codes.code_of(invoice.id), "FT1")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)

    assert BankLine.objects.get().on == TODAY - timedelta(2)
    assert Entry.objects.get(key__startswith="bank:").on == TODAY + timedelta(1)
    assert queries.bills_of([invoice])[0].left == 0


def test_a_drawer_that_holds_something_else_needs_a_reason(here: Office) -> None:
    here.bill(here.children[0])
    cash(here, 40_000)
    with pytest.raises(DrawerDiffers):
        close(here, 39_000)
    assert not Closing.objects.exists()

    assert close(here, 39_000, "Thối nhầm 1.000 đồng").counted == 39_000


def test_the_database_itself_holds_closed_days_and_true_balances(here: Office) -> None:
    here.bill(here.children[0])
    cash(here, 40_000)
    common = {"organisation": here.school.organisation, "counted": 1, "receipts": 1, "closed_at": NOON}
    with pytest.raises(IntegrityError, match="the books hold 40000"), transaction.atomic():
        Closing.objects.create(on=TODAY, cash=1, bank=0, **common)
    close(here, 40_000)
    with pytest.raises(IntegrityError, match="are closed"), transaction.atomic():
        Entry.objects.create(organisation=here.school.organisation, key="x", on=TODAY, written_at=NOON)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_closing")


def test_receipts_are_numbered_by_account_and_year_and_the_database_refuses_a_gap(here: Office) -> None:
    (invoice,) = here.bill(here.children[0], months=9)
    lines = [Line(TODAY, 10_000, payment_codes.code_of(invoice.id), f"FT{n}") for n in range(3)]
    actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)
    numbers = [cash(here, 10_000).number for _ in range(2)]
    next_year = cash(here, 10_000, on=date(2027, 1, 4)).number

    assert (numbers, next_year) == ([1, 2], 1)
    assert list(Receipt.objects.filter(account=here.account).order_by("id").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]
    last = Receipt.objects.filter(account=None, year=2026).latest("id")
    entry = Entry.objects.create(organisation=here.school.organisation, key="x", on=TODAY, written_at=NOON)
    with pytest.raises(IntegrityError, match="leaves a gap"), transaction.atomic():  # noqa: PT012  at the end
        Receipt.objects.create(
            organisation=last.organisation, year=2026, number=last.number + 2, entry=entry, family=last.family,
            payer="", amount=1, words="", issued_at=NOON,
        )  # fmt: skip
        connection.check_constraints()


def test_nobody_else_works_at_the_office(here: Office, world: World) -> None:
    for nobody in (world.here.teacher, world.here.guardians[0], world.elsewhere.clerk, world.elsewhere.head):
        who = actor(nobody)
        for attempt in (
            lambda who=who: actions.bill(actor=who, plan=plan(here), at=NOON),
            lambda who=who: actions.close_day(
                actor=who, organisation_id=here.school.organisation.id, on=TODAY, counted=0, note="", at=NOON
            ),
            lambda who=who: actions.open_hook(actor=who, account=here.account, at=NOON),
            lambda who=who: relieve(replace(here, clerk=who), ground="disabled", percent=50),
            lambda who=who: actions.end_fee(actor=who, item=here.fee, last_on=TODAY),
        ):
            with pytest.raises(Forbidden):
                attempt()
    assert [model.objects.count() for model in (Closing, Relief, Invoice)] == [0, 0, 0]
