"""Days that an office meets: of a bank's file, and to pay by."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from khue.foundation import clock
from khue.identity.models import Account
from khue.payments.models import BankLine, Statement
from khue.payments.tests.books import Office, office
from tests.world import NOON, World

ClientOf = Callable[[Account], Client]


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return office(world.here)


@pytest.fixture
def clerk(here: Office, client_of: ClientOf) -> Client:
    return client_of(here.school.clerk)


@pytest.mark.parametrize("day", ["23/11/2062", "23/11/0026", "01/01/1970"])
def test_a_transfer_of_another_century_refuses_the_file_and_nothing_is_kept(
    here: Office, clerk: Client, day: str
) -> None:
    rows = f"23/11/2026,FT1,20000,nop tien\n{day},FT2,30000,nop tien\n"

    file = SimpleUploadedFile("saoke.csv", f"Ngày,Số tham chiếu,Ghi có,Nội dung\n{rows}".encode())
    answer = clerk.post("/payments/statements/", {"account": str(here.account.public_id), "file": file})

    assert answer.status_code == 422
    assert f"giao dịch ghi ngày {day}" in answer.content.decode()
    assert not Statement.objects.exists()
    assert not BankLine.objects.exists()


def test_families_have_ten_days_to_pay_what_is_billed_at_the_end_of_a_month(
    here: Office, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'value="03/12/2026"' in clerk.get("/payments/bill/").content.decode()

    monkeypatch.setattr("khue.foundation.clock.today", lambda: date(2026, 11, 5))

    assert 'value="30/11/2026"' in clerk.get("/payments/bill/").content.decode()
