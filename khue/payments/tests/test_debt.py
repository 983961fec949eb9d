"""What money must never do: be shown to other families, stand in the way of learning, be paid by a browser's word."""

import ast
from pathlib import Path

import pytest

from khue.foundation import events
from khue.messaging.models import Delivery, Message
from khue.payments import actions, payment_codes
from khue.payments.lines import Line
from khue.payments.models import Entry, Invoice, Receipt
from khue.payments.tests.books import Office, office
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World

KHUE = Path(__file__).parents[2]
#: Who may know of money: what fills its slots, counts it for a school, tells families of it and shows its pages. None
#: of them decides about lessons, tests, marks, records or transfers.
MAY_KNOW = {
    "schools/wiring.py", "schools/tasks.py", "schools/queries/billing.py", "attendance/wiring.py",
    "attendance/queries/meals.py", "portal/facts.py", "settings.py", "urls.py",
    "indicators/evidence.py",  # how many transfers a school took, of nobody
    "portal/queries.py", "portal/homes.py",  # what a home shows the family and the accountant of their own
}  # fmt: skip


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def test_no_room_that_decides_about_a_pupil_knows_of_money() -> None:
    knows = set()
    for path in KHUE.rglob("*.py"):
        place = path.relative_to(KHUE).as_posix()
        if place.startswith(("payments/", "demo/")) or "/tests/" in place or "/migrations/" in place:
            continue
        for made in ast.walk(ast.parse(path.read_text())):
            named = [made.module or ""] if isinstance(made, ast.ImportFrom) else []
            named += [each.name for each in made.names] if isinstance(made, ast.Import) else []
            if any(name.startswith("khue.payments") for name in named):
                knows.add(place)

    assert knows <= MAY_KNOW, knows - MAY_KNOW


@pytest.mark.django_db
def test_nothing_a_browser_says_makes_an_invoice_paid(here: Office, world: World, client_of) -> None:
    (invoice,) = here.bill(here.children[0])
    client = client_of(world.here.guardians[0])
    place = f"/payments/{invoice.public_id}/"
    before = Entry.objects.count()

    for said in ("?status=PAID", "?vnp_ResponseCode=00&vnp_Amount=10000000", "?resultCode=0", "?paid=1"):
        client.get(f"{place}{said}", headers={"Referer": "https://bank.example/return"})
        assert client.post(f"{place}{said}", {"status": "PAID"}).status_code in (200, 405)
    assert client.post(f"{place}cancel/", {"reason": "x"}).status_code == 403

    invoice.refresh_from_db()
    assert (invoice.paid, Entry.objects.count(), Receipt.objects.count()) == (0, before, 0)
    assert "nhận đủ tiền" not in client.get(place).content.decode()


@pytest.mark.django_db
def test_each_family_hears_of_its_own_invoice_and_receipt_and_of_no_other(here: Office, world: World) -> None:
    one, _two = here.bill(*here.children[:2])
    line = Line(TODAY, 100_000, payment_codes.code_of(one.id), "FT1", "NGUYEN VAN A")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line, line], today=TODAY, at=NOON)
    events.deliver_now()
    events.deliver_now()

    told = {
        (message.kind, message.about_id): {
            each.recipient_id for each in Delivery.objects.filter(message=message, channel="app")
        }
        for message in Message.objects.all()
    }
    mothers = [guardian.person_id for guardian in world.here.guardians]
    children = [child.id for child in here.children]
    assert told == {
        ("invoice", children[0]): {mothers[0]},
        ("invoice", children[1]): {mothers[1]},
        ("receipt", children[0]): {mothers[0]},
    }
    receipt = Message.objects.get(kind="receipt")
    assert receipt.link == f"/payments/receipts/{Receipt.objects.get().public_id}/"
    for text in ("Một trăm nghìn đồng", "0000001", "Thu tháng 11", "100.000"):
        assert text in receipt.body


@pytest.mark.django_db
def test_of_an_invoice_taken_back_before_the_telling_nobody_hears(here: Office, world: World) -> None:
    (invoice,) = here.bill(here.children[0])
    actions.cancel_invoice(actor=here.clerk, invoice=invoice, reason="Nhầm", on=TODAY, at=NOON)
    (barred,) = here.bill(here.children[1])
    Guardianship.objects.filter(child=here.children[1]).update(is_barred=True, court_decision="QĐ 1")
    events.deliver_now()

    assert not Message.objects.exists()
    assert Invoice.objects.filter(id=barred.id).exists()


@pytest.mark.django_db
def test_a_teacher_and_other_families_find_no_debt_anywhere(here: Office, world: World, client_of) -> None:
    here.bill(*here.children)

    for nobody in (world.here.teacher, world.here.pupils[1], world.here.guardians[1]):
        client = client_of(nobody)
        for place in ("/", "/payments/", "/payments/today/", "/messages/"):
            html = client.get(place).content.decode()
            assert here.children[0].full_name not in html or "100.000" not in html, (nobody.display_name, place)


@pytest.mark.django_db
def test_the_accountant_sees_first_what_came_what_waits_and_who_is_late(
    here: Office, world: World, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)
    one, two = here.bill(*here.children[:2])
    Invoice.objects.filter(id=two.id).update(issued_on="2026-10-01", due_on="2026-10-05")
    lines = [Line(TODAY, 100_000, payment_codes.code_of(one.id), "FT1"), Line(TODAY, 70_000, "?", "FT2")]
    actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)

    html = client_of(world.here.clerk).get("/payments/today/").content.decode()

    for text in ("170.000", "?state=unknown", "70.000", "?state=late", "1 gia đình", "Thu tháng 11"):
        assert text in html, text
    assert client_of(world.here.teacher).get("/payments/today/").status_code in (403, 404)
    assert client_of(world.here.guardians[0]).get("/payments/today/").status_code in (403, 404)
