"""From an invoice to the books: bills, transfers, cash, refunds, and what no door lets through."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.payments import actions, ledger, payment_codes, queries
from khue.payments.actions import Charge, Taken
from khue.payments.ledger import Book
from khue.payments.lines import Line
from khue.payments.models import BankLine, BookDay, Entry, Invoice, Posting, Receipt
from khue.payments.refusals import AlreadyAssigned, AlreadyCancelled, FeeNotInForce, NoFees, NothingAhead
from khue.payments.tests.books import Office, batches_of, office
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def take(here: Office, *lines: Line) -> Taken:
    return actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)


def transfer(invoice: Invoice, amount: int, reference: str = "", on: date = TODAY) -> Line:
    return Line(on, amount, f"MBVCB.4411.{payment_codes.code_of(invoice.id)}.CT", reference)


def books(here: Office) -> dict[str, int]:
    day = queries.day_of(here.clerk, here.school.organisation.id, TODAY)
    return {balance.book: balance.stands for balance in day.balances if balance.stands}


def states(here: Office) -> dict[str, str]:
    return dict(BankLine.objects.filter(account=here.account).values_list("reference", "state"))


def test_an_invoice_is_owed_in_the_books_and_has_a_code_to_scan(here: Office) -> None:
    child = here.children[0]

    (invoice,) = here.bill(child, months=2)

    assert books(here) == {Book.FAMILY: 200_000, Book.INCOME: -200_000}
    assert ledger.balances([child.id], here.school.organisation.id) == {child.id: 200_000}
    (bill,) = queries.bills_of([invoice])
    assert (bill.total, bill.paid, bill.left) == (200_000, 0, 200_000)
    scanned = queries.code_to_scan(invoice, bill.left)
    assert "5406200000" in scanned
    assert payment_codes.code_of(invoice.id) in scanned


def test_brothers_and_sisters_are_billed_together_and_half_siblings_apart(here: Office) -> None:
    one, two, three = here.children[:3]
    mother = Guardianship.objects.get(child=one)
    Guardianship.objects.filter(child=two).update(guardian_id=mother.guardian_id)
    half = Guardianship.objects.get(child=three)
    Guardianship.objects.create(child=three, guardian_id=mother.guardian_id, relationship=half.relationship,
                                organisation_id=half.organisation_id, valid_from=half.valid_from)  # fmt: skip

    invoices = here.bill(one, two, three)

    billed = sorted((invoice.family_id, invoice.total) for invoice in invoices)
    assert billed == [
        (one.id, 200_000),
        (three.id, 100_000),
    ]


def test_relief_lowers_a_bill_and_what_comes_to_nothing_is_not_sent(here: Office) -> None:
    one, two = here.children[:2]
    charges = [
        Charge(one.id, here.fee, 1, relief=30_000, relief_reason="Hộ nghèo, QĐ 12"),
        Charge(two.id, here.fee, 1, relief=100_000, relief_reason="Hộ nghèo, QĐ 13"),
    ]

    made = actions.issue_invoices(actor=here.clerk, organisation_id=here.school.organisation.id, title="Tháng 11",
                                  charges=charges, issued_on=TODAY, due_on=TODAY, at=NOON)  # fmt: skip

    assert [(invoice.family_id, invoice.total) for invoice in made] == [(one.id, 70_000)]


def test_a_transfer_that_fits_pays_the_invoice_and_gives_a_receipt(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])

    assert take(here, transfer(invoice, 100_000, "FT1")) == Taken(new=1, known=0, unknown=0)

    assert states(here) == {"FT1": "matched"}
    assert queries.bills_of([invoice])[0].left == 0
    assert books(here) == {Book.BANK: 100_000, Book.INCOME: -100_000}
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.year, receipt.words) == (1, 2026, "Một trăm nghìn đồng")


def test_too_little_too_much_and_twice_are_told_apart(here: Office) -> None:
    one, two, three = (here.bill(child)[0] for child in here.children[:3])

    take(here, transfer(one, 60_000, "A"), transfer(two, 130_000, "B"), transfer(three, 100_000, "C"),
         transfer(three, 100_000, "D"))  # fmt: skip

    assert states(here) == {"A": "under", "B": "over", "C": "matched", "D": "duplicate"}
    take(here, transfer(one, 40_000, "E", TODAY + timedelta(1)))
    assert states(here) == {"A": "matched", "B": "over", "C": "matched", "D": "duplicate", "E": "matched"}


def test_money_that_names_nobody_waits_until_somebody_places_it(here: Office) -> None:
    child = here.children[0]
    (invoice,) = here.bill(child)
    cut = payment_codes.code_of(invoice.id)[:11]

    taken = take(here, Line(TODAY, 100_000, f"HP {cut}", "FT7", "NGUYEN VAN A"))

    assert taken == Taken(new=1, known=0, unknown=1)
    assert books(here)[Book.UNKNOWN] == -100_000
    line = queries.visible_lines(here.clerk).get()
    (guess,) = queries.who_they_may_be([line])[line.id]
    assert (guess.invoice.id, guess.fits) == (invoice.id, True)
    assert Receipt.objects.count() == 0

    actions.assign_line(actor=here.clerk, line=line, family=child, today=TODAY, at=NOON)

    assert books(here) == {Book.BANK: 100_000, Book.INCOME: -100_000}
    assert queries.bills_of([invoice])[0].left == 0
    assert Receipt.objects.get().payer == "NGUYEN VAN A"
    here.bill(here.children[1])
    with pytest.raises(AlreadyAssigned):
        actions.assign_line(actor=here.clerk, line=line, family=here.children[1], today=TODAY, at=NOON)


def test_a_content_that_names_two_families_is_left_to_a_person(here: Office) -> None:
    one, two = (here.bill(child)[0] for child in here.children[:2])
    purpose = f"{payment_codes.code_of(one.id)} {payment_codes.code_of(two.id)}"

    assert take(here, Line(TODAY, 200_000, purpose, "X")).unknown == 1


def test_equal_lines_without_a_number_of_the_bank_are_counted_not_merged(here: Office) -> None:
    (invoice,) = here.bill(here.children[0], months=2)
    line = transfer(invoice, 100_000)

    assert take(here, line, line).new == 2
    assert take(here, line, line) == Taken(new=0, known=2, unknown=0)
    assert queries.bills_of([invoice])[0].left == 0


def test_cash_gives_one_receipt_however_often_the_form_is_sent(here: Office) -> None:
    child = here.children[0]
    (invoice,) = here.bill(child)
    key = uuid4()

    receipts = [
        actions.take_cash(actor=here.clerk, organisation=here.school.organisation, family=child, payer="Nguyễn Văn A",
                          amount=100_000, key=key, on=TODAY, at=NOON)
        for _ in range(2)
    ]  # fmt: skip

    assert receipts[0] == receipts[1]
    assert books(here) == {Book.CASH: 100_000, Book.INCOME: -100_000}
    assert queries.bills_of([invoice])[0].left == 0


def test_no_money_is_written_to_people_whom_the_school_asked_for_nothing(here: Office, world: World) -> None:
    stranger, clerk = world.elsewhere.enrolments[0].person, here.clerk
    here.bill(here.children[0])
    take(here, Line(TODAY, 100_000, "khong ro", "FT1"))
    line, entries = BankLine.objects.get(), Entry.objects.count()
    at_school = {"actor": clerk, "organisation": here.school.organisation, "amount": 100_000, "at": NOON}

    for person in (stranger, here.children[1]):  # of another school; never billed
        with pytest.raises(NotFound):
            actions.take_cash(**at_school, family=person, payer="A", key=uuid4(), on=TODAY)
        with pytest.raises(NotFound):
            actions.assign_line(actor=clerk, line=line, family=person, today=TODAY, at=NOON)
        with pytest.raises(NotFound):
            actions.pass_on(
                **at_school, family=here.children[0], to=person, reason="Nộp chung", key=uuid4(), on=TODAY
            )  # fmt: skip

    assert (Entry.objects.count(), Receipt.objects.count()) == (entries, 0)
    assert BankLine.objects.get().family_id is None


def give_back(here: Office, amount: int, key: UUID) -> None:
    actions.give_back(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], amount=amount,
        account=here.account, reason="Nộp thừa", key=key, on=TODAY, at=NOON,
    )  # fmt: skip


def test_only_what_was_paid_ahead_is_given_back_and_only_once(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    take(here, transfer(invoice, 130_000, "A"))
    with pytest.raises(NothingAhead):
        give_back(here, 30_001, uuid4())
    key = uuid4()

    give_back(here, 30_000, key=key)
    give_back(here, 30_000, key=key)

    assert books(here) == {Book.BANK: 100_000, Book.INCOME: -100_000}
    (later,) = here.bill(here.children[0], title="Tháng 12")
    assert [bill.left for bill in queries.bills_of([invoice, later])] == [0, 100_000]


def test_a_cancelled_invoice_leaves_its_money_to_the_next(here: Office) -> None:
    (first,) = here.bill(here.children[0])
    take(here, transfer(first, 100_000, "A"))

    actions.cancel_invoice(actor=here.clerk, invoice=first, reason="Nhập nhầm", on=TODAY, at=NOON)
    (second,) = here.bill(here.children[0], title="Tháng 12")

    assert queries.bills_of([second])[0].left == 0
    with pytest.raises(AlreadyCancelled):
        actions.cancel_invoice(actor=here.clerk, invoice=first, reason="Nhập nhầm", on=TODAY, at=NOON)


def test_a_fee_is_followed_by_another_and_never_changed(here: Office) -> None:
    actions.set_fee(actor=here.clerk, account=here.account, name="Nước uống", legal_basis="NQ mới", base="month",
                    amount=120_000, is_voluntary=False, valid_from=TODAY)  # fmt: skip
    here.fee.refresh_from_db()

    assert (here.fee.amount, here.fee.valid_to) == (100_000, TODAY)
    with pytest.raises(FeeNotInForce):
        here.bill(here.children[0])
    with pytest.raises(NoFees):
        here.bill()


def test_the_database_lets_no_entry_end_unbalanced_and_none_be_changed(here: Office) -> None:
    here.bill(here.children[0])
    entry = Entry.objects.get()
    organisation = here.school.organisation
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():  # noqa: PT012  at the end
        Posting.objects.create(organisation=organisation, entry=entry, book=Book.CASH, amount=1)
        connection.check_constraints()
    for statement in ("UPDATE payments_posting SET amount = 1", "DELETE FROM payments_posting",
                      "UPDATE payments_receipt SET number = 9", "DELETE FROM payments_entry"):  # fmt: skip
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_family_sees_its_own_invoices_and_nobody_else_does(here: Office, world: World) -> None:
    (invoice,) = here.bill(here.children[0])
    here.bill(here.children[1])

    mother = actor(world.here.guardians[0])
    with scope.of(mother):
        assert list(queries.visible_invoices(mother)) == [invoice]
    for nobody in (world.here.teacher, world.here.guardians[2], world.elsewhere.clerk, world.elsewhere.head):
        who = actor(nobody)
        with scope.of(who), pytest.raises(NotFound):
            queries.invoice_of(who, invoice.public_id)
        with scope.of(who):
            assert list(queries.visible_lines(who)) == []


def test_nobody_but_the_office_touches_money(here: Office, world: World) -> None:
    (invoice,) = here.bill(here.children[0])
    before = Entry.objects.count()

    for nobody in (world.here.teacher, world.here.guardians[0], world.here.pupils[0], world.elsewhere.clerk):
        who = actor(nobody)
        for attempt in (
            lambda who=who: actions.take_lines(actor=who, account=here.account, lines=[], today=TODAY, at=NOON),
            lambda who=who: actions.cancel_invoice(actor=who, invoice=invoice, reason="", on=TODAY, at=NOON),
            lambda who=who: actions.take_cash(
                actor=who, organisation=here.school.organisation, family=here.children[0], payer="", amount=1,
                key=uuid4(), on=TODAY, at=NOON,
            ),
            lambda who=who: queries.day_of(who, here.school.organisation.id, TODAY),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                attempt()
    assert Entry.objects.count() == before


def test_bills_cost_the_same_queries_for_one_and_for_many(here: Office, django_assert_num_queries) -> None:
    invoices = [invoice for _ in range(10) for invoice in here.bill(*here.children[:2])]

    for many in (invoices[:1], invoices):
        with django_assert_num_queries(3):
            queries.bills_of(many)


AMOUNTS = st.sampled_from([30_000, 70_000, 100_000, 130_000])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), AMOUNTS), min_size=1, max_size=6), st.randoms())
def test_any_order_duplication_and_resending_end_in_the_same_books(here: Office, sent, chance) -> None:
    seen = []
    for is_mixed_up in (False, True):
        with transaction.atomic():
            invoices = [here.bill(child)[0] for child in here.children[:2]]
            named = [*invoices, None]
            lines = [
                transfer(named[which], amount, f"R{n}") if named[which] else Line(TODAY, amount, "hoc phi", f"R{n}")
                for n, (which, amount) in enumerate(sent)
            ]
            for batch in batches_of(lines, chance, is_mixed_up=is_mixed_up):
                take(here, *batch)
            bills = [bill.paid for bill in queries.bills_of(invoices)]
            numbers = sorted(Receipt.objects.values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            seen.append((books(here), states(here), bills, len(numbers)))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]


def moved_by_postings() -> dict[tuple[int, str, date], int]:
    sums: dict[tuple[int, str, date], int] = {}
    for row in Posting.objects.select_related("entry"):
        key = (row.organisation_id, row.book, row.entry.on)
        sums[key] = sums.get(key, 0) + row.amount
    return sums


@given(st.lists(st.tuples(st.integers(1, 300_000), st.integers(-40, 0), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_of_books_are_the_sums_of_their_postings(here: Office, came: list[tuple[int, int, bool]]) -> None:
    invoices = here.bill(*here.children[:2])
    for number, (amount, days, in_cash) in enumerate(came):
        invoice, on = invoices[number % 2], TODAY + timedelta(days=days)
        if in_cash:
            actions.take_cash(
                actor=here.clerk, organisation=here.school.organisation, family=invoice.family, payer="", amount=amount,
                key=uuid4(), on=on, at=NOON,
            )  # fmt: skip
        else:
            take(here, transfer(invoice, amount, str(uuid4()), on))

    kept = {(row.organisation_id, row.book, row.on): row.moved for row in BookDay.objects.all()}
    assert {key: moved for key, moved in kept.items() if moved} == {k: v for k, v in moved_by_postings().items() if v}


def test_no_door_of_the_program_deletes_a_day_of_the_books(here: Office) -> None:
    here.bill(here.children[0])
    with pytest.raises(ProgrammingError), transaction.atomic():
        BookDay.objects.all().delete()
    assert BookDay.objects.count() == 2
