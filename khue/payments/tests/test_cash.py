"""Cash at the counter: for what it is handed over, and that its receipt stays true."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.payments import actions, payment_codes, queries
from khue.payments.ledger import Book
from khue.payments.lines import Line
from khue.payments.models import BankLine, Invoice, Posting, Receipt
from khue.payments.refusals import AlreadyPaid
from khue.payments.tests.books import Office, batches_of, office
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db
AMOUNTS = st.sampled_from([30_000, 70_000, 100_000, 130_000])


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def take(here: Office, *lines: Line) -> None:
    actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)


def books(here: Office) -> dict[str, int]:
    day = queries.day_of(here.clerk, here.school.organisation.id, TODAY)
    return {balance.book: balance.stands for balance in day.balances if balance.stands}


def pay_cash(here: Office, amount: int, *ticked: Invoice, key: UUID | None = None) -> Receipt:
    return actions.take_cash(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], payer="A", amount=amount,
        key=key or uuid4(), on=TODAY, at=NOON, ticked=ticked,
    )  # fmt: skip


def test_cash_for_what_is_due_later_pays_that_and_stays_with_it(here: Office) -> None:
    (meals,) = here.bill(here.children[0], title="Bữa ăn")
    (water,) = here.bill(here.children[0], title="Nước uống")

    receipt = pay_cash(here, 20_000, water)

    assert receipt.about == "Nước uống"
    assert [bill.paid for bill in queries.bills_of([meals, water])] == [0, 20_000]
    take(here, Line(TODAY - timedelta(9), 100_000, payment_codes.code_of(water.id), "FT1"))  # was on its way
    assert [bill.paid for bill in queries.bills_of([meals, water])] == [20_000, 100_000]
    with pytest.raises(AlreadyPaid):
        pay_cash(here, 80_000, water)
    assert (Receipt.objects.count(), books(here)[Book.CASH]) == (2, 20_000)
    paid, _transfer = queries.family_of(here.clerk, here.children[0].public_id).moves
    assert (paid.kind, paid.amount) == ("cash", 20_000)


def test_a_payment_of_two_invoices_is_one_line_of_the_family_s_book(here: Office) -> None:
    here.bill(here.children[0], title="Bữa ăn")
    here.bill(here.children[0], title="Nước uống")
    key = uuid4()

    assert pay_cash(here, 250_000, key=key) == pay_cash(here, 250_000, key=key)

    book = queries.family_of(here.clerk, here.children[0].public_id)
    assert ([move.amount for move in book.moves], book.owed, book.ahead) == ([250_000], 0, 50_000)
    paid = Posting.objects.filter(entry__key=f"cash:{key}", book=Book.FAMILY).order_by("id")
    assert list(paid.values_list("amount", flat=True)) == [-100_000, -100_000, -50_000]
    actions.give_back(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], amount=50_000, account=None,
        reason="Nộp thừa", key=uuid4(), on=TODAY, at=NOON,
    )  # fmt: skip
    assert queries.family_of(here.clerk, here.children[0].public_id).ahead == 0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 2), AMOUNTS), min_size=1, max_size=5), st.integers(0, 1), AMOUNTS, st.randoms()
)
def test_cash_for_one_of_two_invoices_between_the_lines_ends_in_the_same_books(
    here: Office, sent, which, amount, chance
) -> None:
    seen = []
    for is_mixed_up in (False, True):
        with transaction.atomic():
            invoices = [here.bill(here.children[0], title=title)[0] for title in ("Bữa ăn", "Nước uống")]
            named = [f"{payment_codes.code_of(invoice.id)} CT" for invoice in invoices] + ["hoc phi"]
            lines = [Line(TODAY, sum_, named[of], f"R{n}") for n, (of, sum_) in enumerate(sent)]
            batches, key = batches_of(lines, chance, is_mixed_up=is_mixed_up), uuid4()
            for turn in chance.sample([*batches, [], []], len(batches) + 2) if is_mixed_up else [[], *batches, []]:
                if turn:
                    take(here, *turn)
                else:  # the form, sent twice
                    open_ = queries.open_of_family(here.school.organisation.id, here.children[0].id)
                    pay_cash(here, amount, *(each for each in open_ if each == invoices[which]), key=key)
            bills = [bill.paid for bill in queries.bills_of(invoices)]
            assert all(sum_ == 0 for sum_ in sums_of_entries())
            seen.append((books(here), bills, Receipt.objects.count(), BankLine.objects.count()))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]


def sums_of_entries() -> list[int]:
    return list(Posting.objects.order_by().values("entry_id").annotate(all=Sum("amount")).values_list("all", flat=True))
