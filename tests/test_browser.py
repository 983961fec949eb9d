"""The browser the other tests use is a real one, with the letters of the language."""


def test_chromium_runs_scripts_and_knows_vietnamese_letters(browser_page):
    page = browser_page(width=360)

    page.set_content("<p>Nguyễn Thị Ễnh Ương</p>")

    assert page.evaluate("document.querySelector('p').textContent.normalize('NFD').length") == 26
    assert page.viewport_size == {"width": 360, "height": 800}
