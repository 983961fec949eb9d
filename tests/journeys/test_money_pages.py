"""Pages of money in a real browser: nothing for axe, nothing wider than the window, a receipt on one sheet."""

import re
from uuid import uuid4

import pytest

from khue.payments import actions, payment_codes
from khue.payments.lines import Line
from khue.payments.models import BankLine, Invoice, Receipt
from khue.payments.tests.books import Office, office
from tests.journeys.pages import ORIGIN, answer_by, unsound
from tests.world import NOON, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def here(world: World) -> Office:
    """A school with one paid, one half-paid and one open invoice, money of nobody, and a voluntary fee."""
    made = office(world.here)
    actions.set_fee(
        actor=made.clerk, account=made.account, name="Câu lạc bộ bóng rổ", legal_basis="Thoả thuận với cha mẹ học sinh",
        base="month", amount=150_000, is_voluntary=True, valid_from=TODAY, kind="club",
    )  # fmt: skip
    one, two, _three = (made.bill(child)[0] for child in made.children[:3])
    lines = [
        Line(TODAY, 130_000, f"MBVCB.99.{payment_codes.code_of(one.id)}.CT", "FT1", "NGUYEN THI HANH"),
        Line(TODAY, 40_000, payment_codes.code_of(two.id), "FT2"),
        Line(TODAY, 2_500_000, "CHUYEN TIEN HOC PHI THANG 11 CHO CON", "FT3", "TRAN VAN BAY"),
    ]
    actions.take_lines(actor=made.clerk, account=made.account, lines=lines, today=TODAY, at=NOON)
    actions.take_cash(
        actor=made.clerk, organisation=world.here.organisation, family=made.children[1], payer="Lê Thị Hoà",
        amount=20_000, key=uuid4(), on=TODAY, at=NOON,
    )  # fmt: skip
    return made


def of_office(here: Office) -> list[str]:
    child, line = here.children[0].public_id, BankLine.objects.get(reference="FT3").public_id
    receipt = Receipt.objects.order_by("id")[0].public_id
    return ["/payments/today/", "/payments/", "/payments/transfers/", f"/payments/transfers/{line}/",
            "/payments/statements/", "/payments/fees/", "/payments/fees/catalogue/", "/payments/fees/new/?kind=meals",
            "/payments/bill/", "/payments/days/", f"/payments/families/{child}/", f"/payments/receipts/{receipt}/",
            "/attendance/meals/"]  # fmt: skip


def test_pages_of_the_office_are_sound(here: Office, world: World, client_of, browser_page) -> None:
    page = browser_page(width=360, height=800)
    answer_by(client_of(world.here.clerk), page)

    for address in of_office(here):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(ORIGIN + address)
        assert unsound(page) == [], address


def test_on_a_phone_tabs_move_only_as_far_as_the_open_one_needs(here, world, client_of, browser_page) -> None:
    page = browser_page(width=360, height=740)
    answer_by(client_of(world.here.clerk), page)

    seen = {}
    for address in ("/payments/runs/", "/payments/", "/payments/days/"):
        page.goto(ORIGIN + address)
        page.wait_for_load_state("networkidle")
        seen[address] = page.locator(".tabs").evaluate(
            """tabs => {
                const both = [tabs, tabs.querySelector("[aria-current]")];
                const [edge, open] = both.map(each => each.getBoundingClientRect());
                return [tabs.scrollLeft === 0, open.left >= edge.left && open.right <= edge.right];
            }"""
        )

    assert seen == {"/payments/runs/": [True, True], "/payments/": [True, True], "/payments/days/": [False, True]}


def test_pages_of_a_family_are_sound(here: Office, world: World, client_of, browser_page) -> None:
    page = browser_page(width=360, height=740)
    answer_by(client_of(world.here.guardians[1]), page)
    child = here.children[1].public_id
    invoice = next(f"/payments/{bill.public_id}/" for bill in _bills_of(here, here.children[1].id))

    for address in ("/payments/", invoice, f"/payments/families/{child}/"):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(ORIGIN + address)
        assert unsound(page) == [], address


def _bills_of(here: Office, family: int):

    return Invoice.objects.filter(organisation=here.school.organisation, family_id=family)


def test_a_mother_says_yes_by_keyboard_on_her_phone(here: Office, world: World, client_of, browser_page) -> None:
    page = browser_page(width=360, height=740)
    answer_by(client_of(world.here.guardians[0]), page)
    page.goto(f"{ORIGIN}/payments/")

    page.get_by_role("button", name="Đồng ý").press("Enter")

    page.get_by_text("Đã ghi: đồng ý Câu lạc bộ bóng rổ.").wait_for()
    assert page.get_by_role("button", name="Đồng ý").count() == 0


def test_a_receipt_is_one_sheet_with_two_copies(here: Office, world: World, client_of, browser_page) -> None:
    page = browser_page()
    answer_by(client_of(world.here.clerk), page)
    receipt = Receipt.objects.order_by("id")[0]
    page.goto(f"{ORIGIN}/payments/receipts/{receipt.public_id}/")
    assert page.get_by_text("Liên 1: Lưu tại trường").is_hidden()

    page.emulate_media(media="print")
    assert page.get_by_text("Liên 1: Lưu tại trường").is_visible()
    assert page.get_by_text("Một trăm ba mươi nghìn đồng").count() == 2
    printed = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
