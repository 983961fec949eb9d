"""Whose name stands on the receipt of a transfer."""

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from khue.foundation.text import fold
from khue.payments import actions, payment_codes
from khue.payments.lines import Line
from khue.payments.models import BankLine, Receipt
from khue.payments.payers import written_name
from khue.payments.tests.books import office
from tests.world import NOON, TODAY, World

NAMES = ["Trần Thị Bích", "Nguyễn Đức Ân"]


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("tran thi bich", "Trần Thị Bích"),
        ("NGUYEN DUC AN", "Nguyễn Đức Ân"),
        ("le van c", "Le Van C"),
        ("CTY TNHH ABC", "CTY TNHH ABC"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_name_is_written_as_in_the_file_or_with_capitals(sent, written) -> None:
    assert written_name(sent, NAMES) == written


@hypothesis_given(st.text(alphabet="abc ABC123.", max_size=40))
def test_a_name_nobody_has_keeps_its_letters(sent) -> None:
    assert written_name(sent, NAMES).lower().split() == sent.lower().split()


@pytest.mark.django_db
def test_the_receipt_names_the_guardian_as_the_file_does_and_the_line_keeps_what_the_bank_sent(world: World) -> None:
    here = office(world.here)
    child, guardian = here.children[0], world.here.guardians[0].person
    (invoice,) = here.bill(child)
    line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1", fold(guardian.full_name))
    cut = Line(TODAY, 50_000, "hoc phi", "FT2", fold(guardian.full_name))

    actions.take_lines(actor=here.clerk, account=here.account, lines=[line, cut], today=TODAY, at=NOON)
    waiting = BankLine.objects.get(reference="FT2")
    actions.assign_line(actor=here.clerk, line=waiting, family=invoice.family, today=TODAY, at=NOON)

    assert list(Receipt.objects.values_list("payer", flat=True)) == [guardian.full_name] * 2
    assert waiting.payer == fold(guardian.full_name) != guardian.full_name
