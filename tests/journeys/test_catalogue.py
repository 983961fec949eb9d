"""The catalogue in Chromium: accessible, readable at any width, usable with the keyboard alone."""

import pytest
from django.test import Client

from tests.journeys.pages import ORIGIN, answer_by, overflow, unsound, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def opened(browser_page):
    """Opens the catalogue: opened(width=360, color_scheme="dark")."""

    def open_page(path="/ui/", language="vi", **options):
        page = browser_page(reduced_motion="reduce", **options)
        client = Client()
        client.cookies["khue_language"] = language
        answer_by(client, page)
        page.goto(ORIGIN + path)
        page.wait_for_load_state("networkidle")
        return page

    return open_page


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_catalogue(opened, color_scheme):
    page = opened(width=360, color_scheme=color_scheme)

    assert unsound(page) == []


def test_axe_finds_nothing_while_a_dialog_and_a_menu_are_open(opened):
    page = opened()
    page.get_by_text("Việc khác", exact=True).click()
    assert violations(page) == []

    page.get_by_role("button", name="Mở hộp thoại").click()

    assert page.get_by_role("dialog", name="Chuyển lớp cho em Nguyễn Văn An").is_visible()
    assert violations(page) == []


def test_nothing_scrolls_sideways(opened):
    """640 pixels is also what a window of 1280 has left at 200 % zoom."""
    page, wider = opened(width=320), {}
    for width in (320, 360, 640, 899, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wider[width] = overflow(page)

    assert wider == dict.fromkeys((320, 360, 640, 899, 1280), 0)


def test_english_texts_fit_as_well(opened):
    assert overflow(opened(width=360, language="en")) == 0


def test_everything_that_takes_the_focus_shows_it(opened):
    page = opened()
    page.locator(".skip").focus()

    page.evaluate(
        """() => {
            const ringed = (element, pseudo) => {
                const style = getComputedStyle(element, pseudo);
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            };
            window.visited = 0;
            window.unseen = [];
            document.addEventListener("focusin", ({target}) => {
                window.visited += 1;
                if (!ringed(target) && !ringed(target, "::after")) window.unseen.push(target.outerHTML.slice(0, 120));
            });
        }"""
    )
    for _ in range(150):
        page.keyboard.press("Tab")

    assert page.evaluate("window.visited") >= 100
    assert page.evaluate("window.unseen") == []


def test_everything_one_presses_is_large_enough(opened):
    page = opened(width=360, has_touch=True, is_mobile=True)

    small = page.evaluate(
        """() => [...document.querySelectorAll("main :is(.button, .icon-button, input, select, .tabs a)")]
            .filter((element) => element.offsetParent && element.type !== "hidden" && !element.matches(".picker"))
            .filter((element) => (element.closest("label") ?? element).getBoundingClientRect().height < 44)
            .map((element) => element.outerHTML.slice(0, 100))"""
    )

    assert small == []


def test_a_mark_is_typed_pasted_and_taken_back_with_the_keyboard(opened):
    page = opened()
    page.evaluate(
        """() => {
            window.sent = [];
            document.addEventListener("khue:cells", (event) =>
                window.sent.push(...event.detail.changes.map(({key, value}) => `${key}=${value}`)));
        }"""
    )
    cells = page.locator("#sample-grid tbody tr").first.locator("td")

    cells.nth(1).focus()
    page.keyboard.type("85")
    page.keyboard.press("Enter")
    cells.nth(1).focus()
    page.keyboard.type("9.5")
    page.keyboard.press("Enter")
    cells.nth(1).focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")

    assert page.evaluate("window.sent") == [
        "Nguyễn Văn An:2=8,5",
        "Nguyễn Văn An:2=9,5",
        "Nguyễn Văn An:2=8,5",
        "Nguyễn Văn An:3=",
    ]
    assert cells.all_inner_texts() == ["8,5", "8,5", "", "", "8,5"]


def test_what_is_no_mark_stays_in_its_cell_and_is_not_sent(opened):
    page = opened()
    page.evaluate("document.addEventListener('khue:cells', () => { window.sent = true; })")
    cell = page.locator("#sample-grid tbody td").nth(1)

    cell.focus()
    page.keyboard.type("11,5")
    page.keyboard.press("Enter")

    assert cell.inner_text() == "11,5"
    assert cell.get_attribute("aria-invalid") == "true"
    assert page.evaluate("window.sent") is None


def test_a_page_that_does_not_exist_says_what_to_do(opened):
    page = opened("/nothing-here/", width=360)

    assert page.get_by_role("heading", name="Không tìm thấy").is_visible()
    assert page.get_by_role("link", name="Về trang chính").is_visible()
    assert violations(page) == []
