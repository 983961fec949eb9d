"""Which invoices a family's money has paid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khue.payments.allocation import Due, Payment, allocate, at_the_counter

DAY = date(2026, 11, 23)
OCTOBER, NOVEMBER = Due(1, date(2026, 10, 5), 100), Due(2, date(2026, 11, 5), 150)


def test_a_payment_pays_what_it_names_before_what_is_older():
    standing = allocate([OCTOBER, NOVEMBER], [Payment("a", DAY, 150, (2,))])

    assert standing.paid == {2: 150}


def test_what_is_left_pays_the_oldest_and_then_waits():
    standing = allocate([OCTOBER, NOVEMBER], [Payment("a", DAY, 270, (2,))])

    assert (standing.paid, standing.ahead) == ({2: 150, 1: 100}, 20)
    assert standing.shares == {"a": {2: 150, 1: 100}}


def test_a_second_payment_of_the_same_invoice_pays_another():
    standing = allocate([OCTOBER, NOVEMBER], [Payment("a", DAY, 100, (1,)), Payment("b", DAY, 100, (1,))])

    assert (standing.paid, standing.ahead) == ({1: 100, 2: 100}, 0)


DUES = st.lists(
    st.builds(Due, st.integers(1, 6), st.dates(DAY, DAY + timedelta(5)), st.integers(1, 500)),
    max_size=5, unique_by=lambda due: due.id,
)  # fmt: skip
PAYMENTS = st.lists(
    st.builds(
        Payment, st.text("abcdef", min_size=1, max_size=3), st.dates(DAY, DAY + timedelta(3)), st.integers(1, 700),
        st.lists(st.integers(1, 7), max_size=3).map(tuple),
    ),
    max_size=6, unique_by=lambda payment: payment.reference,
)  # fmt: skip


@given(DUES, PAYMENTS, st.randoms())
def test_the_order_of_arrival_does_not_matter_and_no_dong_is_lost(dues, payments, chance):
    standing = allocate(dues, payments)
    chance.shuffle(dues)
    chance.shuffle(payments)

    assert allocate(dues, payments) == standing
    assert sum(standing.paid.values()) + standing.ahead == sum(payment.amount for payment in payments)
    assert all(0 < standing.paid[due.id] <= due.amount for due in dues if due.id in standing.paid)
    assert standing.ahead == 0 or all(standing.paid.get(due.id) == due.amount for due in dues)


def test_what_a_receipt_of_the_counter_names_is_paid_before_what_any_transfer_names():
    cash = Payment("b", DAY, 150, pinned=((2, 150),))

    standing = allocate([OCTOBER, NOVEMBER], [Payment("a", DAY - timedelta(9), 150, (2,)), cash])

    assert standing.shares == {"a": {1: 100}, "b": {2: 150}}
    assert standing.ahead == 50


def test_a_cancelled_invoice_gives_back_what_cash_had_paid_of_it():
    cash = Payment("a", DAY, 150, pinned=((2, 150),))

    assert allocate([OCTOBER], [cash]).shares == {"a": {1: 100}}


def test_cash_pays_what_is_ticked_then_the_oldest_and_the_rest_is_ahead():
    left = {1: 100, 2: 150}

    assert at_the_counter(150, left, {2}) == {2: 150}
    assert at_the_counter(120, left, ()) == {1: 100, 2: 20}
    assert at_the_counter(300, left, {2}) == {2: 150, 1: 100}


def arrive(dues: list[Due], came: Sequence[Payment]) -> tuple[dict[str, dict[int, int]], list[Payment]]:
    """As at the counter: cash ("$...") is written with what its receipt names that moment; a transfer as it is."""
    written: dict[str, Payment] = {}
    receipts: dict[str, dict[int, int]] = {}
    for payment in came:
        if payment.reference in written:  # told twice
            continue
        if payment.reference.startswith("$"):
            paid = allocate(dues, written.values()).paid
            oldest_first = sorted(dues, key=lambda due: (due.due_on, due.id))
            left = {due.id: due.amount - paid.get(due.id, 0) for due in oldest_first}
            share = receipts[payment.reference] = at_the_counter(payment.amount, left, payment.names)
            payment = replace(payment, names=(), pinned=tuple(share.items()))
        written[payment.reference] = payment
    return receipts, list(written.values())


@given(DUES, PAYMENTS, PAYMENTS, st.randoms())
def test_cash_between_transfers_keeps_its_receipts_true_and_in_any_order_ends_in_the_same_books(
    dues, transfers, cash, chance
):
    came = [*transfers, *(replace(one, reference=f"${one.reference}") for one in cash)]
    chance.shuffle(came)
    receipts, written = arrive(dues, came)
    again = [*written, *(chance.choice(written) for _ in range(3) if written)]
    chance.shuffle(again)

    for number in range(len(again) + 1):  # at every moment until all came again
        known = {payment.reference: payment for payment in again[:number]}
        standing = allocate(dues, known.values())
        for key in receipts.keys() & known:
            assert all(standing.shares[key][due_id] >= amount for due_id, amount in receipts[key].items())
    assert standing == allocate(dues, written)
    assert sum(standing.paid.values()) + standing.ahead == sum(payment.amount for payment in came)


def test_what_a_receipt_names_is_what_was_open_when_it_was_written():
    # Of two that are ticked the first is paid, unless a transfer has paid it: a receipt in a hand is not rewritten.
    december = Due(3, date(2026, 12, 5), 100)
    transfer, cash = Payment("a", DAY, 100, (1,)), Payment("$", DAY, 100, (1, 3))

    assert arrive([OCTOBER, NOVEMBER, december], [transfer, cash])[0] == {"$": {3: 100}}
    assert arrive([OCTOBER, NOVEMBER, december], [cash, transfer])[0] == {"$": {1: 100}}
