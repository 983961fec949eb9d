"""The list of transfers that a person has to look at becomes empty, and what is settled comes back when it changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.payments import actions, queries
from khue.payments.lines import Line
from khue.payments.models import BankLine, Entry, Invoice, Receipt
from khue.payments.payment_codes import code_of
from khue.payments.refusals import NothingToSettle
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def told(here: Office, reference: str, amount: int, purpose: str, on: date = TODAY) -> BankLine:
    line = Line(reference=reference, on=on, amount=amount, purpose=purpose, payer="NGUYEN THI ME")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)
    return BankLine.objects.get(reference=reference)


def paid_twice(here: Office) -> tuple[Invoice, BankLine]:
    (invoice,) = here.bill(here.children[0])
    told(here, "FT1", 100_000, code_of(invoice.id))
    return invoice, told(here, "FT2", 100_000, code_of(invoice.id))


def waiting(here: Office) -> dict[str, int]:
    desk = queries.desk_of(here.clerk, here.school.organisation.id, TODAY)
    assert sum(heap.count for heap in desk.waiting.values()) == queries.count_transfers_waiting(
        here.clerk, here.school.organisation.id
    )
    return {state: heap.count for state, heap in desk.waiting.items()}


def test_what_is_settled_waits_no_longer_and_the_books_stay(here: Office) -> None:
    _invoice, line = paid_twice(here)
    assert waiting(here) == {"duplicate": 1}
    before = (Entry.objects.count(), Receipt.objects.count(), line.state)

    actions.settle_line(actor=here.clerk, line=line, note="Để trừ vào tháng sau")

    assert waiting(here) == {}
    line.refresh_from_db()
    assert (Entry.objects.count(), Receipt.objects.count(), line.state) == before
    assert AuditRow.objects.get(verb="bank_line.settled").details == {
        "state": "duplicate",
        "note": "Để trừ vào tháng sau",
    }
    with pytest.raises(NothingToSettle):
        actions.settle_line(actor=here.clerk, line=line, note="")


def test_in_another_state_it_waits_again(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    line = told(here, "FT2", 150_000, code_of(invoice.id))
    assert waiting(here) == {"over": 1}
    actions.settle_line(actor=here.clerk, line=line, note="")
    assert waiting(here) == {}

    told(here, "FT1", 100_000, code_of(invoice.id), on=TODAY - timedelta(days=1))

    line.refresh_from_db()
    assert line.state == "duplicate"
    assert waiting(here) == {"duplicate": 1}


def test_reopened_it_is_work_again(here: Office) -> None:
    _invoice, line = paid_twice(here)
    actions.settle_line(actor=here.clerk, line=line, note="")

    for _press in range(2):
        actions.reopen_line(actor=here.clerk, line=line)

    assert waiting(here) == {"duplicate": 1}
    assert AuditRow.objects.filter(verb="bank_line.reopened").count() == 1


def test_money_that_nobody_has_placed_and_money_that_fits_are_not_settled(here: Office) -> None:
    (invoice,) = here.bill(here.children[0])
    for line in (told(here, "FT1", 70_000, "ung ho quy"), told(here, "FT2", 100_000, code_of(invoice.id))):
        with pytest.raises(NothingToSettle):
            actions.settle_line(actor=here.clerk, line=line, note="")
    assert waiting(here) == {"unknown": 1}


def test_the_office_empties_its_list(here: Office, client_of: ClientOf) -> None:
    _invoice, line = paid_twice(here)
    clerk, address = client_of(here.school.clerk), f"/payments/transfers/{line.public_id}/"
    listed = "/payments/transfers/?state="
    assert "Đã giải quyết thế nào" in clerk.get(address).content.decode()

    answer = clerk.post(f"{address}settle/", {"note": "Đã hoàn tiền mặt"})

    assert answer.headers["Location"] == f"{listed}duplicate"
    assert address not in clerk.get(f"{listed}duplicate").content.decode()
    assert address in clerk.get(f"{listed}settled").content.decode()
    assert "Mọi khoản chuyển đều đã rõ của ai" in clerk.get("/payments/today/").content.decode()
    assert "Mở lại, còn việc phải làm" in clerk.get(address).content.decode()

    clerk.post(f"{address}settle/", {"reopen": "1"})

    assert address in clerk.get(f"{listed}duplicate").content.decode()


def test_nobody_else_settles(here: Office, world: World, client_of: ClientOf) -> None:
    _invoice, line = paid_twice(here)
    for who in (here.school.guardians[0], here.school.teacher, world.elsewhere.clerk, world.elsewhere.head):
        assert client_of(who).post(f"/payments/transfers/{line.public_id}/settle/").status_code == 404
        for deed in (lambda by: actions.settle_line(actor=by, line=line, note=""),
                     lambda by: actions.reopen_line(actor=by, line=line)):  # fmt: skip
            with pytest.raises(Forbidden):
                deed(actor(who))
    assert waiting(here) == {"duplicate": 1}
