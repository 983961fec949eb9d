"""What comes after a day is closed stands on the next one, and every page says so."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from khue.foundation import clock
from khue.payments import actions, payment_codes, queries
from khue.payments.lines import Line
from khue.payments.models import BankLine, Receipt
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return office(world.here)


def test_what_the_bank_tells_of_a_closed_day_is_said_to_stand_on_the_next(here: Office, client_of) -> None:
    clerk: Client = client_of(here.school.clerk)
    (invoice,) = here.bill(here.children[0])
    clerk.post("/payments/days/", {"on": "23/11/2026", "counted": "0", "note": ""})
    code = payment_codes.code_of(invoice.id)
    told = f"Ngày giao dịch;Ghi có;Nội dung;Số tham chiếu\n23/11/2026;100.000;{code};FT26333000001\n"
    file = SimpleUploadedFile("saoke.csv", told.encode())
    brought = clerk.post("/payments/statements/", {"account": str(here.account.public_id), "file": file})

    shown = clerk.get(brought["Location"]).content.decode()
    assert "Sổ đã khoá đến hết 23/11/2026: 1 giao dịch của những ngày ấy được ghi vào ngày 24/11/2026." in shown
    clerk.post(f"{brought['Location']}take/")

    days = clerk.get("/payments/days/").content.decode()
    assert "100.000\N{NO-BREAK SPACE}₫ chuyển khoản về sau khi khoá sổ được ghi vào ngày sau." in days
    assert "Sổ đã khoá đến hết 23/11/2026." in days
    assert "Tiền mặt kiểm đếm được" not in days
    line = BankLine.objects.get()
    assert "24/11/2026 (ngày trước đã khoá sổ)" in clerk.get(f"/payments/transfers/{line.public_id}/").content.decode()
    receipt = clerk.get(f"/payments/receipts/{Receipt.objects.get().public_id}/").content.decode()
    assert "<dt>Ngày tiền về</dt><dd>23/11/2026</dd>" in receipt


def test_what_comes_after_the_closing_is_counted_on_the_day_it_came_and_only_there(
    here: Office, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    office_id = here.school.organisation.id
    (invoice,), (other,) = here.bill(here.children[0]), here.bill(here.children[1])
    actions.close_day(actor=here.clerk, organisation_id=office_id, on=TODAY, counted=0, note="", at=NOON)
    line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)

    desk = queries.desk_of(here.clerk, office_id, TODAY)
    assert (desk.bank, desk.after, desk.before) == (100_000, 100_000, 0)
    said = client_of(here.school.clerk).get("/payments/today/").content.decode()
    assert "100.000\N{NO-BREAK SPACE}₫ về sau khi khoá sổ hôm nay" in said

    tomorrow = TODAY + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    line = Line(tomorrow, 30_000, payment_codes.code_of(other.id), "FT2")
    actions.take_lines(
        actor=here.clerk, account=here.account, lines=[line], today=tomorrow, at=NOON + timedelta(days=1)
    )
    desk = queries.desk_of(here.clerk, office_id, tomorrow)
    assert (desk.bank, desk.after, desk.before) == (30_000, 0, 100_000)
    said = client_of(here.school.clerk).get("/payments/today/").content.decode()
    assert "Sổ hôm nay còn có 100.000\N{NO-BREAK SPACE}₫ về từ trước" in said


def test_a_transfer_says_how_its_family_stands(here: Office, client_of) -> None:
    clerk: Client = client_of(here.school.clerk)
    for child, amount in zip(here.children[:2], (130_000, 40_000), strict=True):
        (invoice,) = here.bill(child)
        line = Line(TODAY, amount, payment_codes.code_of(invoice.id), f"FT{amount}")
        actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)

    shown = {
        line.state: clerk.get(f"/payments/transfers/{line.public_id}/").content.decode()
        for line in BankLine.objects.all()
    }

    assert "<dt>Gia đình nộp dư</dt><dd>30.000\N{NO-BREAK SPACE}₫</dd>" in shown["over"]
    assert "<dt>Gia đình còn phải nộp</dt><dd>60.000\N{NO-BREAK SPACE}₫</dd>" in shown["under"]
