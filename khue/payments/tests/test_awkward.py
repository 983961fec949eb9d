"""Awkward days at the office: who leaves, who pays for two, what the bank tells twice or takes back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from khue.foundation.errors import Forbidden
from khue.payments import actions, extensions, ledger, payment_codes, queries
from khue.payments.actions import Taken
from khue.payments.extensions import Period, Span
from khue.payments.ledger import Book
from khue.payments.lines import Line
from khue.payments.models import BankLine, Entry, FeeItem, Invoice, InvoiceLine, Receipt
from khue.payments.queries import Asked, Plan
from khue.payments.refusals import (
    AlreadyAssigned,
    AlreadyReturned,
    NothingAhead,
    ReasonMissing,
    SameFamily,
)
from khue.payments.tests.books import Office, office
from khue.payments.windows import carried, months_in, period_of, window
from khue.registry.models import Guardianship
from khue.schools.models import Enrolment
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def plan(here: Office, *asked: Asked, days: tuple[date, date] = NOVEMBER, title: str = "Thu tháng 11") -> Plan:
    return Plan(
        title=title, span=Span(here.school.organisation.id, *days), groups=("school",),
        asked=asked or (Asked(here.fee),), by_days=True, issued_on=TODAY, due_on=date(2026, 12, 5),
    )  # fmt: skip


def take(here: Office, *lines: Line) -> Taken:
    return actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)


def transfer(invoice: Invoice, amount: int, reference: str = "", on: date = TODAY) -> Line:
    return Line(on, amount, f"MBVCB.4411.{payment_codes.code_of(invoice.id)}.CT", reference)


def left(*invoices: Invoice) -> list[int]:
    return [bill.left for bill in queries.bills_of(invoices)]


def books(here: Office) -> dict[str, int]:
    day = queries.day_of(here.clerk, here.school.organisation.id, TODAY)
    return {balance.book: balance.stands for balance in day.balances if balance.stands}


def fee(here: Office, base: str, name: str = "Bảo hiểm", *, is_voluntary: bool = False) -> FeeItem:
    return actions.set_fee(
        actor=here.clerk, account=here.account, name=name, legal_basis="QĐ 1", base=base, amount=90_000,
        is_voluntary=is_voluntary, valid_from=date(2026, 9, 1),
    )  # fmt: skip


def give_back(here: Office, amount: int) -> None:
    actions.give_back(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], amount=amount, account=None,
        reason="Thôi học", key=uuid4(), on=TODAY, at=NOON,
    )  # fmt: skip


def test_who_leaves_in_the_middle_of_a_paid_month_is_billed_anew_and_gets_the_rest_back(here: Office) -> None:
    gone = here.children[0]
    invoice = next(each for each in actions.bill(actor=here.clerk, plan=plan(here), at=NOON) if each.family == gone)
    take(here, transfer(invoice, 100_000, "FT1"))
    Enrolment.objects.filter(person=gone).update(ends_on=date(2026, 11, 16), status="transferred")

    actions.cancel_invoice(actor=here.clerk, invoice=invoice, reason="Chuyển trường 16/11", on=TODAY, at=NOON)
    (anew,) = actions.bill(actor=here.clerk, plan=plan(here), at=NOON)

    assert (anew.family, anew.total, left(anew)) == (gone, 50_000, [0])
    assert InvoiceLine.objects.get(invoice=anew).relief_reason == "Học 15/30 ngày của kỳ"
    with pytest.raises(NothingAhead):
        give_back(here, 50_001)
    give_back(here, 50_000)  # although the child is at another school by now
    assert queries.family_of(here.clerk, gone.public_id).ahead == 0
    assert books(here)[Book.CASH] == -50_000


def test_of_two_children_of_a_family_the_exempt_one_is_on_no_line(here: Office) -> None:
    exempt, other = here.children[:2]
    mother = Guardianship.objects.get(child=exempt).guardian_id
    Guardianship.objects.filter(child=other).update(guardian_id=mother)
    actions.grant_relief(
        actor=here.clerk, item=here.fee, child=exempt, ground="", percent=100, price=None, reason="Hộ nghèo, QĐ 12",
        valid_from=date(2026, 9, 1),
    )  # fmt: skip

    invoice = next(
        each for each in actions.bill(actor=here.clerk, plan=plan(here), at=NOON) if each.family_id == other.id
    )

    assert invoice.total == 100_000
    assert list(InvoiceLine.objects.filter(invoice=invoice).values_list("child_id", flat=True)) == [other.id]


def test_the_part_paid_of_a_cancelled_invoice_pays_the_next_and_stands_there_as_carried_over(here: Office) -> None:
    child = here.children[0]
    (first,) = here.bill(child)
    take(here, transfer(first, 30_000, "FT1", TODAY - timedelta(days=10)))
    assert left(first) == [70_000]

    actions.cancel_invoice(actor=here.clerk, invoice=first, reason="Nhập nhầm", on=TODAY, at=NOON)
    (second,) = here.bill(child, title="Tháng 12")

    assert left(second) == [70_000]
    assert queries.carried_over(second) == queries.CarriedOver(brought=30_000, owed=0)
    take(here, transfer(second, 70_000, "FT2"))
    assert queries.carried_over(second).brought == 30_000
    assert left(second) == [0]


def test_what_is_left_of_earlier_invoices_is_said_beside_the_next(here: Office) -> None:
    (first,) = here.bill(here.children[0])
    take(here, transfer(first, 30_000, "FT1"))

    (second,) = here.bill(here.children[0], title="Tháng 12")

    assert queries.carried_over(second) == queries.CarriedOver(brought=0, owed=70_000)


def test_a_transfer_of_a_call_and_of_a_file_without_numbers_is_one(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    code = payment_codes.code_of(invoice.id)
    by_file, by_call = Line(TODAY, 100_000, f"{code} NGUYEN VAN A"), Line(TODAY, 100_000, code, "FT26327001")

    for first, second in ((by_file, by_call), (by_call, by_file)):
        assert take(here, first).new + take(here, second).new in (1, 0)
    assert list(BankLine.objects.values_list("reference", "state")) == [("FT26327001", "matched")]
    assert (books(here)[Book.BANK], Receipt.objects.count()) == (100_000, 1)


def test_two_genuine_equal_transfers_of_a_day_stay_two_through_every_door(here: Office) -> None:
    (invoice,) = here.bill(here.children[0], months=2)
    code = payment_codes.code_of(invoice.id)

    take(here, Line(TODAY, 100_000, code), Line(TODAY, 100_000, code))
    take(here, Line(TODAY, 100_000, code, "FT1"))
    take(here, Line(TODAY, 100_000, code, "FT2"))
    take(here, Line(TODAY, 100_000, code), Line(TODAY, 100_000, code))

    assert sorted(BankLine.objects.values_list("reference", flat=True)) == ["FT1", "FT2"]
    assert left(invoice) == [0]
    assert books(here) == {Book.BANK: 200_000, Book.INCOME: -200_000}


def test_a_bank_that_cuts_at_25_letters_and_drops_diacritics_still_names_the_invoice(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    code = payment_codes.code_of(invoice.id)
    written = [f"{code} Nguyễn Thị Đào nộp"[:25].upper().replace("Ễ", "E").replace("Ị", "I").replace("Đ", "D"),
               f"TT {code[:2]} {code[2:]}"[:25], f"nop tien {code}"[:25]]  # fmt: skip

    assert [payment_codes.numbers_in(text) for text in written] == [[invoice.id]] * 3
    cut = f"NOP TIEN HOC {code}"[:25]
    assert take(here, Line(TODAY, 100_000, cut, "FT1")).unknown == 1
    (line,) = BankLine.objects.all()
    assert [guess.invoice.id for guess in queries.who_they_may_be([line])[line.id]] == [invoice.id]


def test_an_amount_that_many_owe_says_nothing_about_who_paid_it(here: Office) -> None:
    for title in ("Tháng 11", "Tháng 12"):
        for child in here.children[:2]:
            here.bill(child, title=title)
    assert Invoice.objects.filter(total=100_000).count() == 4

    take(here, Line(TODAY, 100_000, "nop tien cho con", "FT1"), Line(TODAY, 70_000, "KH0000", "FT2"))

    lines = list(BankLine.objects.order_by("id"))
    assert queries.who_they_may_be(lines) == {line.id: [] for line in lines}


def test_a_payer_who_names_two_invoices_of_the_family_pays_both_and_too_little_pays_the_first(here: Office) -> None:
    child = here.children[0]
    (first,), (second,) = here.bill(child), here.bill(child, title="Tháng 12")
    both = f"{payment_codes.code_of(second.id)} {payment_codes.code_of(first.id)}"

    take(here, Line(TODAY, 150_000, both, "FT1"))
    assert left(first, second) == [50_000, 0]
    assert BankLine.objects.get().state == "under"
    take(here, Line(TODAY, 50_000, "con thieu", "FT2"))
    actions.assign_line(
        actor=here.clerk, line=BankLine.objects.get(reference="FT2"), family=child, today=TODAY, at=NOON
    )
    assert left(first, second) == [0, 0]
    assert set(BankLine.objects.values_list("state", flat=True)) == {"matched", "assigned"}


def pass_on(here: Office, amount: int, to: int = 1, reason: str = "Chuyển cho cả hai") -> None:
    actions.pass_on(
        actor=here.clerk, organisation=here.school.organisation, family=here.children[0], to=here.children[to],
        amount=amount, reason=reason, key=uuid4(), on=TODAY, at=NOON,
    )  # fmt: skip


def test_one_transfer_for_two_families_is_placed_with_one_and_the_rest_passed_on(here: Office) -> None:
    one, two = (here.bill(child)[0] for child in here.children[:2])
    purpose = f"{payment_codes.code_of(one.id)} {payment_codes.code_of(two.id)}"
    take(here, Line(TODAY, 200_000, purpose, "FT1"))
    line = queries.visible_lines(here.clerk).get()
    offered = {guess.invoice.id for guess in queries.who_they_may_be([line])[line.id]}
    assert offered == {one.id, two.id}
    actions.assign_line(actor=here.clerk, line=line, family=here.children[0], today=TODAY, at=NOON)

    with pytest.raises(NothingAhead):
        pass_on(here, 100_001)
    with pytest.raises(SameFamily):
        pass_on(here, 100_000, to=0)
    with pytest.raises(ReasonMissing):
        pass_on(here, 100_000, reason=" ")
    assert left(one, two) == [0, 100_000]
    pass_on(here, 100_000)

    assert left(one, two) == [0, 0]
    assert books(here) == {Book.BANK: 200_000, Book.INCOME: -200_000}
    assert [move.kind for move in queries.family_of(here.clerk, here.children[1].public_id).moves] == ["pass"]


def test_a_transfer_that_the_bank_takes_back_pays_nothing_any_more_and_keeps_its_number(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    take(here, transfer(invoice, 100_000, "FT1"), Line(TODAY, 7_000, "?", "FT2"))
    named, unknown = BankLine.objects.order_by("id")

    for line in (named, unknown):
        with pytest.raises(ReasonMissing):
            actions.return_line(actor=here.clerk, line=line, reason=" ", today=TODAY, at=NOON)
        actions.return_line(actor=here.clerk, line=line, reason="Chuyển nhầm", today=TODAY, at=NOON)
        with pytest.raises(AlreadyReturned):
            actions.return_line(actor=here.clerk, line=line, reason="Chuyển nhầm", today=TODAY, at=NOON)
    with pytest.raises(AlreadyAssigned):
        actions.assign_line(actor=here.clerk, line=unknown, family=here.children[0], today=TODAY, at=NOON)

    assert books(here) == {Book.FAMILY: 100_000, Book.INCOME: -100_000}
    assert left(invoice) == [100_000]
    assert take(here, transfer(invoice, 100_000, "FT1")) == Taken(new=0, known=1, unknown=0)
    assert [queries.is_void(receipt) for receipt in Receipt.objects.select_related("entry")] == [True]
    take(here, transfer(invoice, 100_000, "FT3"))
    assert [receipt.number for receipt in Receipt.objects.order_by("id")] == [1, 2]
    assert left(invoice) == [0]


def test_what_is_taken_back_after_a_closing_is_written_on_the_next_open_day(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    take(here, transfer(invoice, 100_000, "FT1"))
    actions.close_day(
        actor=here.clerk, organisation_id=here.school.organisation.id, on=TODAY, counted=0, note="", at=NOON
    )
    actions.return_line(actor=here.clerk, line=BankLine.objects.get(), reason="Nhầm", today=TODAY, at=NOON)

    assert Entry.objects.get(key__startswith="returned:").on == TODAY + timedelta(days=1)


def test_a_receipt_says_what_it_paid(here: Office) -> None:
    child = here.children[0]
    (first,) = here.bill(child)
    here.bill(child, title="Thu tháng 12")
    take(here, transfer(first, 150_000, "FT1"))
    actions.take_cash(
        actor=here.clerk, organisation=here.school.organisation, family=child, payer="A", amount=90_000, key=uuid4(),
        on=TODAY, at=NOON,
    )  # fmt: skip

    assert list(Receipt.objects.order_by("id").values_list("about", flat=True)) == [
        "Thu tháng 11; Thu tháng 12", "Thu tháng 12"]  # fmt: skip


def test_a_receipt_that_paid_many_names_four_and_counts_the_rest(here: Office) -> None:
    invoices = [here.bill(here.children[0], title=f"Đợt {number}")[0] for number in range(1, 7)]

    take(here, transfer(invoices[0], 600_000, "FT1"))

    assert Receipt.objects.get().about == "Đợt 1; Đợt 2; Đợt 3; Đợt 4 và 2 phiếu khác"


@pytest.mark.parametrize("base", ["once", "year", "term"])
def test_a_fee_of_the_year_or_term_is_not_asked_again_with_the_next_month(here: Office, base: str) -> None:
    item = fee(here, base)
    december = (date(2026, 12, 1), date(2026, 12, 31))
    assert len(actions.bill(actor=here.clerk, plan=plan(here, Asked(item)), at=NOON)) == 3

    again = queries.draft_of(plan(here, Asked(item), days=december))
    spring = queries.draft_of(plan(here, Asked(item), days=(date(2027, 2, 1), date(2027, 2, 28))))

    assert (again.children, again.before) == (0, 3)
    assert spring.children == (3 if base == "term" else 0)


def test_a_fee_of_the_year_is_shared_by_the_days_of_the_year_not_of_the_month(here: Office) -> None:
    Enrolment.objects.filter(person=here.children[0]).update(starts_on=date(2026, 11, 20))
    item = fee(here, "year")

    actions.bill(actor=here.clerk, plan=plan(here, Asked(item)), at=NOON)

    stayed, days = (date(2027, 5, 23) - date(2026, 11, 20)).days + 1, (date(2027, 5, 23) - date(2026, 9, 7)).days + 1
    assert Invoice.objects.get(family=here.children[0]).total == 90_000 - (
        90_000 - (90_000 * stayed * 2 + days) // (days * 2)
    )


def test_a_fee_by_the_month_is_asked_for_every_month_of_the_span(here: Office) -> None:
    assert queries.draft_of(plan(here, days=(date(2026, 9, 7), date(2026, 12, 31)))).total == 3 * 4 * 100_000


TERMS = [
    Period("Học kỳ 1", "2026-2027", date(2026, 9, 7), date(2027, 1, 10)),
    Period("Học kỳ 2", "2026-2027", date(2027, 1, 11), date(2027, 5, 23)),
    Period("Học kỳ 1", "2027-2028", date(2027, 9, 6), date(2028, 1, 9)),
]


def test_the_days_of_a_fee_follow_its_base() -> None:
    november, july = Span(1, *NOVEMBER), Span(1, date(2027, 7, 1), date(2027, 7, 31))

    assert window("month", november, TERMS) == november
    assert window("term", november, TERMS) == Span(1, date(2026, 9, 7), date(2027, 1, 10))
    assert window("year", november, TERMS) == Span(1, date(2026, 9, 7), date(2027, 5, 23))
    assert window("year", july, TERMS).first == date(2027, 9, 6)  # in the holidays the year to come is billed
    assert window("year", november, []) == november
    assert period_of(date(2030, 1, 1), TERMS) is None
    assert [months_in(Span(1, *days)) for days in (NOVEMBER, (date(2026, 9, 30), date(2027, 1, 1)))] == [1, 5]


def test_what_is_left_of_a_term_goes_over_into_the_next() -> None:
    moves = [(date(2026, 8, 1), 10), (date(2026, 11, 1), 100), (date(2026, 11, 5), -130), (date(2027, 6, 1), 50)]

    first, second, third = carried(moves, TERMS)

    assert (first[1], first[2]) == (0, -20)
    assert (second[1], second[2]) == (-20, 30)  # what is asked in the holidays belongs to the term before
    assert (third[1], third[2]) == (30, 30)


def test_a_family_reads_what_went_over_from_term_to_term(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    take(here, transfer(invoice, 130_000, "FT1"))

    terms = queries.family_of(here.clerk, here.children[0].public_id).terms

    assert [(term.label, term.brought, term.taken) for term in terms] == [("Học kỳ 1, 2026-2027", 0, -30_000)]


def test_nobody_else_passes_money_on_or_takes_it_back(here: Office, world: World) -> None:
    (invoice,) = here.bill(here.children[0])
    take(here, transfer(invoice, 130_000, "FT1"))
    before = Entry.objects.count()

    for nobody in (world.here.teacher, world.here.guardians[0], world.elsewhere.clerk, world.here.head):
        who = actor(nobody)
        with pytest.raises(Forbidden):
            actions.return_line(actor=who, line=BankLine.objects.get(), reason="x", today=TODAY, at=NOON)
        with pytest.raises(Forbidden):
            actions.pass_on(
                actor=who, organisation=here.school.organisation, family=here.children[0], to=here.children[1],
                amount=1, reason="x", key=uuid4(), on=TODAY, at=NOON,
            )  # fmt: skip
    assert (Entry.objects.count(), BankLine.objects.get().state) == (before, "over")
    assert ledger.balances([here.children[0].id], here.school.organisation.id) == {here.children[0].id: -30_000}


def test_the_terms_are_those_of_the_school(here: Office) -> None:
    terms = extensions.periods.filling(here.school.organisation.id)

    assert [(term.label, term.first) for term in terms] == [
        ("Học kỳ 1, 2026-2027", date(2026, 9, 7)), ("Học kỳ 2, 2026-2027", date(2027, 1, 11))]  # fmt: skip
