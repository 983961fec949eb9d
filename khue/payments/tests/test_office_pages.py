"""The pages of the office at work, and every address of the room tried by those whom it does not concern."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from khue.foundation.actor import SYSTEM
from khue.identity.models import Account
from khue.payments import actions, payment_codes, queries
from khue.payments.lines import Line
from khue.payments.models import BankHook, BankLine, Closing, Entry, FeeItem, Invoice, Receipt, Relief, Statement
from khue.payments.tests.books import Office, office
from khue.registry.models import Affiliation, Guardianship, Person
from khue.schools.models import Enrolment
from tests.world import NOON, TODAY, World, account, person

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


@pytest.fixture
def clerk(here: Office, client_of: ClientOf) -> Client:
    return client_of(here.school.clerk)


def bill(clerk: Client, fee: FeeItem, **more: str) -> str:
    form = {"title": "Thu tháng 11", "first": "01/11/2026", "last": "30/11/2026", "due_on": "05/12/2026",
            "groups": "school", "items": str(fee.public_id), **more}  # fmt: skip
    answer = clerk.post("/payments/bill/", form)
    return answer.headers.get("Location") or answer.content.decode()


def sheet(*rows: tuple[object, ...]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((("Số tài khoản", "0011001234567"), (),
                                      ("Ngày giao dịch", "Số tham chiếu", "Ghi có", "Nội dung"), *rows)):  # fmt: skip
            page.write_row(number, 0, row)
    return stream.getvalue()


def upload(clerk: Client, here: Office, data: bytes, name: str = "saoke.xlsx"):
    return clerk.post(
        "/payments/statements/", {"account": str(here.account.public_id), "file": SimpleUploadedFile(name, data)}
    )


def test_a_month_is_looked_at_and_then_billed(here: Office, clerk: Client) -> None:
    draft = bill(clerk, here.fee)

    assert "300.000" in draft
    assert not Invoice.objects.exists()
    sent = bill(clerk, here.fee, send="1")
    assert Invoice.objects.count() == 3
    assert sent == f"/payments/runs/{Invoice.objects.earliest('id').public_id}/"
    assert "Không có ai để lập phiếu" in bill(clerk, here.fee)


def test_what_is_filled_in_wrongly_is_said_and_nothing_is_billed(here: Office, clerk: Client) -> None:
    assert "Ngày cuối của kỳ" in bill(clerk, here.fee, last="01/10/2026", send="1")
    assert "Hạn nộp phải từ ngày" in bill(clerk, here.fee, due_on="01/10/2026", send="1")

    assert not Invoice.objects.exists()


def test_accounts_fees_and_reliefs_are_set_by_forms(here: Office, clerk: Client) -> None:
    child = here.children[0]
    clerk.post("/payments/accounts/new/", {"bank": "", "number": "9527.1.123", "holder": "KBNN"})
    clerk.post("/payments/accounts/new/", {"bank": "", "number": "95271123", "holder": "KBNN"})
    form = {"account": str(here.account.public_id), "name": "Nước uống", "legal_basis": "NQ 2", "base": "month",
            "amount": "120.000", "valid_from": "01/12/2026"}  # fmt: skip
    clerk.post(f"/payments/fees/{here.fee.public_id}/follow/", form)
    relief = {
        "child": str(child.public_id),
        "q": child.full_name,
        "percent": "50",
        "reason": "QĐ 1",
        "valid_from": "01/09/2026",
    }
    clerk.post(f"/payments/fees/{here.fee.public_id}/relief/", relief)
    clerk.post(f"/payments/fees/{here.fee.public_id}/relief/", relief | {"child": "disabled"})

    here.fee.refresh_from_db()
    assert here.fee.valid_to == date(2026, 12, 1)
    assert sorted(Relief.objects.values_list("child_id", "ground", "percent"), key=str) == [
        (child.id, "", 50), (None, "disabled", 50)]  # fmt: skip
    listed = clerk.get("/payments/fees/").content.decode()
    for text in ("120.000", "giảm 50%", child.full_name, "95271123", "Kho bạc"):
        assert text in listed
    assert "9527.1.123" not in listed


def test_a_workbook_of_the_bank_is_looked_at_taken_once_and_said(here: Office, clerk: Client) -> None:
    (invoice,) = here.bill(here.children[0])
    data = sheet(
        (date(2026, 11, 23), "FT1", 100_000, payment_codes.code_of(invoice.id)), ("23/11/2026", "FT2", 5000, "?")
    )
    address = upload(clerk, here, data).headers["Location"]

    assert "Chưa có gì thay đổi" in clerk.get(address).content.decode()
    assert not BankLine.objects.exists()
    clerk.post(f"{address}take/")
    assert clerk.post(f"{address}take/").status_code == 422
    assert sorted(BankLine.objects.values_list("reference", "state")) == [("FT1", "matched"), ("FT2", "unknown")]
    again = upload(clerk, here, data).headers["Location"]
    assert "Đã có trong sổ" in clerk.get(again).content.decode()
    clerk.post(f"{again}take/")
    assert BankLine.objects.count() == 2
    assert (Statement.objects.latest("id").new, Statement.objects.latest("id").known) == (0, 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp"),
        (b"xin chao", "Không thấy giao dịch nào"),
        (b"<Document><broken", "bị hỏng"),
        (b"PK\x03\x04" + b"\x00" * 300, "bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Excel cũ"),
        (b":20:X\n:25:999\n:61:2611231123C1250000,NTRFNONREF//F1\n:86:a\n", "tài khoản 999"),
    ],
)
def test_a_file_that_is_no_statement_says_what_to_do(here: Office, clerk: Client, data: bytes, said: str) -> None:
    answer = upload(clerk, here, data, "saoke.txt")

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_transfer_nobody_can_place_is_placed_with_one_click(here: Office, clerk: Client) -> None:
    (invoice,) = here.bill(here.children[0])
    lines = [Line(TODAY, 100_000, "nop tien hoc", "FT1"), Line(TODAY, 7, "KH0000", "FT2")]
    actions.take_lines(actor=here.clerk, account=here.account, lines=lines, today=TODAY, at=NOON)
    line = BankLine.objects.get(reference="FT1")
    listed = clerk.get("/payments/transfers/").content.decode()

    assert payment_codes.code_of(invoice.id) in listed
    found = clerk.get(f"/payments/transfers/{line.public_id}/?q={here.children[0].full_name}").content.decode()
    assert payment_codes.code_of(invoice.id) in found
    assert clerk.post(f"/payments/transfers/{line.public_id}/place/", {"invoice": "KH1"}).status_code == 404
    clerk.post(f"/payments/transfers/{line.public_id}/place/", {"invoice": payment_codes.code_of(invoice.id)})
    line.refresh_from_db()
    assert line.family_id == here.children[0].id
    assert "FT1" not in clerk.get("/payments/transfers/").content.decode()


def test_cash_gives_a_receipt_to_print_and_what_is_over_goes_back(here: Office, clerk: Client) -> None:
    here.bill(here.children[0])
    address = f"/payments/families/{here.children[0].public_id}/"
    form = {"payer": "Nguyễn Thị Mẹ", "amount": "130.000", "key": str(uuid4())}
    receipts = {clerk.post(f"{address}cash/", form).headers["Location"] for _ in range(2)}

    (receipt,) = receipts
    html = clerk.get(receipt).content.decode()
    for text in ("0000001", "Nguyễn Thị Mẹ", "Một trăm ba mươi nghìn đồng", "130.000", "receipt.css"):
        assert text in html
    assert "30.000" in clerk.get(address).content.decode()
    refused = clerk.post(f"{address}refund/", {"source": "", "amount": "30.001", "reason": "x", "key": str(uuid4())})
    assert refused.status_code == 422
    clerk.post(f"{address}refund/", {"source": "", "amount": "30.000", "reason": "Nộp thừa", "key": str(uuid4())})
    assert Entry.objects.filter(key__startswith="refund:").count() == 1


def test_the_cashier_ticks_what_cash_is_for(here: Office, clerk: Client) -> None:
    (meals,), (water,) = (here.bill(here.children[0], title=title) for title in ("Bữa ăn", "Nước uống"))
    address = f"/payments/families/{here.children[0].public_id}/"
    html = clerk.get(address).content.decode()
    assert [html.count(f'value="{each.public_id}"') for each in (meals, water)] == [1, 1]

    nothing = clerk.post(f"{address}cash/", {"payer": "A", "key": str(uuid4())})
    assert nothing.status_code == 422
    form = {"payer": "Nguyễn Thị Mẹ", "ticked": str(water.public_id), "amount": "", "key": str(uuid4())}
    receipts = {clerk.post(f"{address}cash/", form).headers["Location"] for _ in range(2)}

    (receipt,) = receipts
    html = clerk.get(receipt).content.decode()
    assert ("Nước uống" in html, "Bữa ăn" in html, "Một trăm nghìn đồng" in html) == (True, False, True)
    again = clerk.post(f"{address}cash/", {**form, "key": str(uuid4())})  # another press, from a page of before
    assert again.status_code == 422
    assert Receipt.objects.count() == 1


def test_a_day_is_closed_by_its_form(here: Office, clerk: Client) -> None:
    assert clerk.post("/payments/days/", {"on": "23/11/2026", "counted": "5", "note": ""}).status_code == 422
    clerk.post("/payments/days/", {"on": "23/11/2026", "counted": "0", "note": ""})

    assert Closing.objects.get().on == TODAY
    assert "23/11/2026" in clerk.get("/payments/days/").content.decode()


def test_an_invoice_is_taken_back_with_a_reason(here: Office, clerk: Client) -> None:
    (invoice,) = here.bill(here.children[0])

    assert clerk.post(f"/payments/{invoice.public_id}/cancel/", {"reason": ""}).status_code == 422
    clerk.post(f"/payments/{invoice.public_id}/cancel/", {"reason": "Nhầm"})
    assert "đã huỷ" in clerk.get(f"/payments/{invoice.public_id}/").content.decode()
    assert "Đã huỷ" in clerk.get("/payments/?state=cancelled").content.decode()


def test_the_list_is_filtered_searched_and_exported(here: Office, clerk: Client) -> None:
    one, two, three = (here.bill(child)[0] for child in here.children[:3])
    line = Line(TODAY, 100_000, payment_codes.code_of(one.id), "FT1")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)

    def seen(query: str) -> set[str]:
        html = clerk.get(f"/payments/?{query}").content.decode()
        return {str(invoice.public_id) for invoice in (one, two, three) if str(invoice.public_id) in html}

    names = [str(invoice.public_id) for invoice in (one, two, three)]
    assert seen("state=paid") == {names[0]}
    assert seen("state=open") == {names[1], names[2]}
    assert seen("state=late") == set()
    assert seen("state=nonsense") == set(names)
    assert seen("q=nguyen van b") == {names[1]}
    assert seen(f"code={payment_codes.code_of(three.id)}") == {names[2]}
    assert clerk.get("/payments/?export=xlsx").status_code == 200


def test_an_accountant_whose_child_was_billed_finds_that_too(here: Office) -> None:
    (own,), (of_school,) = here.bill(here.children[0]), here.bill(here.children[1])

    assert queries.owes_nothing(here.clerk)
    assert [row.id for row in queries.listed_at_the_office(here.clerk)] == [of_school.id, own.id]
    assert [row.id for row in queries.listed_invoices(here.clerk)] == [of_school.id, own.id]
    mother = replace(here.clerk, held=(), wards=frozenset({here.children[0].id}))
    assert not queries.owes_nothing(mother)
    assert [row.id for row in queries.listed_invoices(mother)] == [own.id]
    assert list(queries.listed_at_the_office(mother)) == []


def test_late_is_what_was_due_before_today(here: Office) -> None:
    (soon,), (late,) = here.bill(here.children[0]), here.bill(here.children[1])
    Invoice.objects.filter(id=late.id).update(due_on=late.issued_on)

    assert list(queries.listed_invoices(here.clerk, late.issued_on)) == []
    assert list(queries.listed_invoices(here.clerk, late.issued_on + timedelta(days=1))) == [late]
    assert list(queries.listed_at_the_office(here.clerk, date(2026, 12, 6))) == [late, soon]


def test_families_are_found_by_any_part_of_their_names(here: Office, clerk: Client, world: World) -> None:
    child, other, _third = here.children
    moved = person("Đỗ Thị %_ Khôi", world.elsewhere.organisation, "pupil")
    Affiliation.objects.create(person=moved, organisation=here.school.organisation, kind="pupil", valid_from=TODAY)
    Enrolment.objects.filter(person=other).update(person=moved)
    invoices = [here.bill(one)[0] for one in (child, moved)]

    def seen(text: str) -> list[Invoice]:
        html = clerk.get("/payments/", {"q": text}).content.decode()
        return [invoice for invoice in invoices if str(invoice.public_id) in html]

    assert seen("khoi") == seen("HÔI do") == seen("%_") == seen("thi khoi do kh %") == [invoices[1]]
    assert seen("%%") == seen("_%") == seen("\\") == seen("khoi khoi khoi khoi khong") == seen("do van") == []
    assert seen(" ") == invoices
    assert [invoice.id for invoice in queries.listed_invoices_named(SYSTEM, ["khoi"]) or []] == [invoices[1].id]
    assert queries.listed_invoices_named(SYSTEM, ["khoi"] * 5) is None


def test_a_search_shows_a_family_no_invoice_of_another(here: Office, client_of: ClientOf) -> None:
    own, other = (here.bill(child)[0] for child in here.children[:2])

    html = client_of(here.school.guardians[0]).get("/payments/?q=nguyen").content.decode()

    assert str(own.public_id) in html
    assert str(other.public_id) not in html


@pytest.mark.parametrize("query", ["", "?q=nguyen"])
def test_a_list_asks_as_many_questions_for_ten_times_the_invoices(here: Office, clerk: Client, query: str) -> None:
    def cost() -> int:
        clerk.get(f"/payments/{query}")
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(f"/payments/{query}").status_code == 200
        return sum("khue.scope" not in q["sql"] and "POINT" not in q["sql"] for q in asked.captured_queries)

    here.bill(*here.children)
    few = cost()
    for number in range(10):
        here.bill(*here.children, title=f"Thu {number}")

    assert cost() == few
    assert few <= 4


def every_address(here: Office) -> list[str]:
    """Each address of the room with the rows of the one school in it; found in the room's urls, none is left out."""
    (invoice,) = here.bill(here.children[0])
    line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1")
    actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)
    hook, _secret = actions.open_hook(actor=here.clerk, account=here.account, at=NOON)
    relief = actions.grant_relief(
        actor=here.clerk, item=here.fee, child=None, ground="disabled", percent=10, price=None, reason="x",
        valid_from=TODAY,
    )  # fmt: skip
    rows = {"fees": here.fee, "reliefs": relief, "accounts": here.account, "transfers": BankLine.objects.get(),
            "families": here.children[0], "receipts": Receipt.objects.get(), "bank": hook}  # fmt: skip
    found = []
    for pattern in get_resolver("khue.payments.urls").url_patterns:
        route = str(pattern.pattern)
        row = rows.get(route.split("/")[1], invoice)
        found.append("/" + route.replace("<uuid:public_id>", str(row.public_id)))
    return found


def test_no_address_serves_those_whom_it_does_not_concern(here: Office, world: World, client_of: ClientOf) -> None:
    addresses = every_address(here)
    mother = Guardianship.objects.get(child=here.children[1])
    barred = person("Cha Bị Cấm", here.school.organisation, "guardian")
    Guardianship.objects.filter(id=mother.id).update(child=here.children[1])
    Guardianship.objects.create(
        organisation=here.school.organisation, child=here.children[0], guardian=barred, relationship="father",
        is_barred=True, valid_from=TODAY,
    )  # fmt: skip
    others = [world.elsewhere.clerk, world.elsewhere.head, world.here.guardians[1], world.here.teacher,
              world.here.pupils[1], account(barred, "guardian", here.school.organisation)]  # fmt: skip
    before = [model.objects.count() for model in (Entry, BankLine, Relief, Closing, BankHook, FeeItem, Receipt)]
    child: Person = here.children[0]

    for other in others:
        client = client_of(other)
        for address in addresses:
            for answer in (client.get(address), client.post(address, {"reason": "x", "amount": "1"})):
                assert answer.status_code != 500
                html = answer.content.decode()
                secret = (child.full_name in html, "0011001234567" in html, "100.000" in html)
                assert secret == (False, False, False), (other.display_name, address)
                if any(row in address for row in ("families", "receipts", "reliefs", "transfers/0", "accounts/0")):
                    assert answer.status_code in (403, 404, 405), (other.display_name, address)
    assert [model.objects.count() for model in (Entry, BankLine, Relief, Closing, BankHook, FeeItem, Receipt)] == before


def test_a_mother_reads_her_history_and_receipt_and_finds_no_counter(
    here: Office, world: World, client_of: ClientOf
) -> None:
    every_address(here)
    client = client_of(world.here.guardians[0])
    receipt = Receipt.objects.get()

    html = client.get(f"/payments/families/{here.children[0].public_id}/").content.decode()
    assert "Biên lai số 1" in html
    assert "Thu tiền mặt" not in html
    assert client.get(f"/payments/receipts/{receipt.public_id}/").status_code == 200
    answer = client.post(f"/payments/families/{here.children[0].public_id}/cash/",
                         {"payer": "x", "amount": "1", "key": str(uuid4())})  # fmt: skip
    assert answer.status_code == 403
    assert Receipt.objects.count() == 1


PAGES = [
    "/payments/today/",
    "/payments/fees/catalogue/",
    "/payments/",
    "/payments/?state=open",
    "/payments/transfers/?state=matched",
    "/payments/statements/",
    "/payments/fees/",
    "/payments/days/",
    "/payments/bill/",
]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_the_office_cost_the_same_queries_however_much_there_is(
    here: Office, clerk: Client, address: str, django_assert_max_num_queries
) -> None:
    def fill(first: int, count: int) -> None:
        for number in range(first, first + count):
            (invoice,) = here.bill(here.children[number % 3])
            line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), f"FT{number}")
            actions.take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)

    fill(0, 1)
    clerk.get(address)
    with django_assert_max_num_queries(15) as few:
        clerk.get(address)
    fill(1, 9)
    with django_assert_max_num_queries(15) as many:
        clerk.get(address)
    assert len(few) == len(many)
