"""Which invoices a family's money has paid."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khue.payments.allocation import Due, Payment, allocate

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
