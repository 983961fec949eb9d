"""What the database checks at the commit, when the scope of the action is over: really committed, as a request does.

The connection of a request has no scope of its own, unlike that of tests; so a new one is opened first.
"""

import pytest
from django.db import IntegrityError, connection

from khue.foundation import scope
from khue.payments import actions, payment_codes
from khue.payments.lines import Line
from khue.payments.models import Entry, Invoice, Posting, Receipt
from khue.payments.tests.books import office
from tests.world import NOON, TODAY, world


def test_several_receipts_of_one_call_follow_each_other(committed_db: str) -> None:
    with scope.of_organisation(None):
        here = office(world().here)
        invoices = here.bill(*here.children)
    told = [Line(TODAY, 100_000, payment_codes.code_of(each.id), f"FT{number}") for number, each in enumerate(invoices)]

    connection.close()
    with scope.of_request(), scope.of(here.clerk):
        actions.take_lines(actor=here.clerk, account=here.account, lines=told, today=TODAY, at=NOON)

    with scope.of_organisation(None):
        assert list(Receipt.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
        assert set(Invoice.objects.values_list("paid", flat=True)) == {100_000}


def test_an_entry_that_does_not_balance_is_refused_though_nothing_is_in_scope_any_more(committed_db: str) -> None:
    with scope.of_organisation(None):
        here = office(world(pupils=0).here).school.organisation.id

    connection.close()
    with pytest.raises(IntegrityError, match="does not balance"):
        _unbalanced(here)

    with scope.of_organisation(None):
        assert not Entry.objects.exists()


def _unbalanced(organisation_id: int) -> None:
    with scope.of_request(), scope.of_organisation(organisation_id):
        entry = Entry.objects.create(organisation_id=organisation_id, on=TODAY, key="x", written_at=NOON)
        Posting.objects.create(organisation_id=organisation_id, entry=entry, book="cash", amount=5)
