"""What looks at pages for all journeys: it sees what is new, and lets nothing pass because the rest was sound."""

import pytest
from django.test import Client

from tests.journeys import looking
from tests.journeys.pages import ORIGIN, answer_by, look, unsound, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def page(browser_page, monkeypatch):
    """The page of signing in, with nothing known of it or of any other."""
    monkeypatch.setattr(looking, "_sound", set())
    monkeypatch.setattr(looking, "_sound_at", set())
    opened = browser_page(width=360, reduced_motion="reduce")
    answer_by(Client(), opened)
    opened.goto(f"{ORIGIN}/sign-in/")
    return opened


def add(page, html: str, rules: str) -> None:
    """Something at the end of the page, and how it looks."""
    page.evaluate(
        """([html, rules]) => {
            document.querySelector("main").insertAdjacentHTML("beforeend", html);
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(rules);
            document.adoptedStyleSheets = [sheet];
        }""",
        [html, rules],
    )


def runs_of_axe(page) -> None:
    """Count them in the page itself, and those that try every rule."""
    page.evaluate("""() => {
        window.runs = window.whole = 0;
        const run = axe.run;
        axe.run = (where, options) => {
            window.runs += 1;
            window.whole += options.runOnly.type === "tag";
            return run(where, options);
        };
    }""")


def test_a_page_that_did_not_change_is_judged_once_a_width(page):
    assert unsound(page) == []
    runs_of_axe(page)

    assert unsound(page) == []
    assert page.evaluate("window.runs") == 0
    assert unsound(page, (500,)) == []
    assert page.evaluate("[window.runs, window.whole]") == [1, 0]


def test_what_a_wider_window_shows_is_judged_there_by_every_rule(page):
    hidden = ".wide { display: none; color: #999; background: #fff }"
    add(page, "<p class='wide'>Chữ quá nhạt</p>", hidden + "@media (min-width: 1000px) { .wide { display: block } }")

    assert [each.partition(":")[0] for each in unsound(page) if "color-contrast" in each] == ["1280"]


def test_a_colour_of_a_wider_window_is_judged_there(page):
    add(page, "<p class='wide'>Chữ quá nhạt</p>", "@media (min-width: 1000px) { .wide { color: #bbb } }")

    assert [each.partition(":")[0] for each in unsound(page) if "color-contrast" in each] == ["1280"]


def test_what_is_too_small_in_one_window_is_found_there(page):
    large = ".close { display: flex } .close button { all: unset; width: 44px; height: 44px }"
    small = "@media (min-width: 1000px) { .close button { width: 10px; height: 10px; overflow: hidden } }"
    add(page, "<div class='close'><button>a</button><button>b</button><button>c</button></div>", large + small)

    assert [each.partition(":")[0] for each in unsound(page) if "target-size" in each] == ["1280"]


@pytest.mark.parametrize("where", ["main", "body > header", "body"])
def test_what_is_new_and_wrong_is_found_wherever_it_stands(page, where):
    assert unsound(page) == []
    page.evaluate(
        """where => {
            const box = document.createElement("div");
            box.append("Chữ quá nhạt");
            box.style.color = "#999";
            box.style.background = "#fff";
            document.querySelector(where).append(box);
        }""",
        where,
    )

    found = violations(page)

    assert any(each.startswith("color-contrast") for each in found), found
    assert violations(page) == found  # what was wrong is not taken for known


def test_what_is_wrong_with_the_page_as_a_whole_is_found_among_known_parts(page):
    assert unsound(page) == []
    page.evaluate("document.querySelector('h1').outerHTML = '<p>Đăng nhập</p>'")

    assert any(each.startswith("page-has-heading-one") for each in violations(page))


def test_what_changed_without_a_change_of_markup_is_judged_anew(page):
    assert unsound(page) == []
    runs_of_axe(page)
    page.get_by_label("Mật khẩu", exact=True).focus()

    assert violations(page) == []
    assert page.evaluate("window.runs") == 1


def test_a_story_goes_on_at_its_width(page):
    look(page)

    assert page.viewport_size == {"width": 360, "height": 800}


def test_a_fault_of_a_view_is_shown_where_the_page_would_be(page, monkeypatch):
    def broken(*args, **asked):
        raise RuntimeError("không đọc được")

    monkeypatch.setattr(Client, "generic", broken)

    page.goto(f"{ORIGIN}/sign-in/")

    assert "RuntimeError: không đọc được" in page.content()
