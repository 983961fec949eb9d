"""What stands around a page: menu, messages after a step, language."""

import re
from collections.abc import Iterator

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client, RequestFactory

from khue.foundation import extensions, flash
from khue.foundation.actor import Actor, Held
from khue.foundation.extensions import MenuEntry, MenuGroup
from khue.foundation.slots import Slots
from khue.foundation.ui import shell as shells
from khue.foundation.ui.shell import shell


@pytest.fixture
def seven_entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A menu of seven entries for staff, one of them for pupils too."""
    menu: Slots[MenuEntry] = Slots("menu")
    for number in range(7):
        roles = frozenset({"clerk", "pupil"} if number == 0 else {"clerk"})
        menu.fill(str(number), MenuEntry(f"Mục {number}", "house", "foundation:components", roles, 7 - number))
    monkeypatch.setattr(extensions, "menu", menu)
    shells._entries.cache_clear()
    yield
    shells._entries.cache_clear()


def shell_of(role: str, path: str = "/"):
    request = RequestFactory().get(path)
    request.actor = Actor(account_id=1, name="An", held=(Held(role, 1, frozenset({1})),)) if role else Actor()
    return shell(request)


@pytest.mark.django_db
def test_a_phone_shows_four_entries_and_the_rest_behind_more(seven_entries):
    seen = shell_of("clerk")

    assert [entry.label for entry in seen.rail] == ["Mục 6", "Mục 5", "Mục 4", "Mục 3", "Mục 2", "Mục 1", "Mục 0"]
    assert (len(seen.bar), len(seen.more)) == (4, 3)


@pytest.mark.django_db
def test_a_role_sees_only_its_own_entries(seven_entries):
    assert [entry.label for entry in shell_of("pupil").rail] == ["Mục 0"]
    assert shell_of("").rail == ()


@pytest.mark.django_db
def test_a_page_below_an_entry_belongs_to_it(seven_entries):
    assert shell_of("pupil", "/ui/anything/").current == "/ui/"
    assert shell_of("pupil", "/elsewhere/").current == ""


@pytest.mark.django_db
def test_a_long_menu_stands_under_headings(monkeypatch):
    menu: Slots[MenuEntry] = Slots("menu")
    for number, group in enumerate([*MenuGroup] * 2):
        entry = MenuEntry(f"Mục {number}", "house", "foundation:components", frozenset({"clerk"}), number, group)
        menu.fill(str(number), entry)
    monkeypatch.setattr(extensions, "menu", menu)
    for kept in (shells._entries, shells._menu):
        kept.cache_clear()

    printed = str(shell_of("clerk").menu)

    rail, bar = printed.split('<nav class="bar"')
    assert re.findall(r'<p id="rail-\d+">(.+?)</p>', rail) == [
        str(title) for title in shells.HEADINGS.values() if title
    ]
    assert re.findall(r"Mục \d+", rail) == [f"Mục {n}" for n in (0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11)]
    assert re.findall(r"Mục \d+", bar) == [f"Mục {n}" for n in (0, 1, 2, 3, 6, 7, 8, 9, 4, 10, 5, 11)]
    for kept in (shells._entries, shells._menu):
        kept.cache_clear()


def test_every_entry_of_the_product_but_home_stands_in_a_group():
    assert [entry.url for entry in extensions.menu if entry.group is MenuGroup.DAY] == ["portal:home"]


def test_a_message_is_shown_once_by_the_next_page():
    said = flash.say(HttpResponse(), "Đã lưu 42 điểm.", href="/undo/", link="Hoàn tác")
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = said.cookies[flash.COOKIE].value

    response = HttpResponse()
    flash.forget(request, response)

    assert flash.waiting(request) == flash.Flash("Đã lưu 42 điểm.", "good", "/undo/", "Hoàn tác")
    assert response.cookies[flash.COOKIE]["max-age"] == 0


@pytest.mark.parametrize("cookie", ["nonsense", signing.dumps({"text": "x"}, salt="other"), ""], ids="abc")
def test_a_message_nobody_here_signed_is_not_shown(cookie):
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = cookie

    assert flash.waiting(request) is None


def test_a_new_message_is_not_forgotten_with_the_old_one():
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = "old"
    response = flash.say(HttpResponse(), "Mới")

    flash.forget(request, response)

    assert response.cookies[flash.COOKIE]["max-age"] == 60


@pytest.mark.django_db
def test_the_language_is_remembered_and_the_reader_stays_on_the_page():
    client = Client()

    answer = client.post("/language/", {"language": "en", "next": "/ui/?a=1"}, headers={"host": "localhost"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/?a=1")
    assert '<html lang="en">' in client.get("/ui/", headers={"host": "localhost"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_language_form_leads_nowhere_else(away):
    answer = Client().post("/language/", {"language": "xx", "next": away}, headers={"host": "localhost"})

    assert (answer.headers["Location"], answer.cookies) == ("/", {})


@pytest.mark.django_db
def test_an_error_in_a_part_of_a_page_is_a_message_not_a_page():
    answer = Client().get("/nothing/", headers={"host": "localhost", "HX-Request": "true"})

    assert (answer.status_code, answer.content, answer.headers["HX-Reswap"]) == (404, b"", "none")
    assert "khue:toast" in answer.headers["HX-Trigger"]


@pytest.mark.django_db
def test_a_program_gets_a_problem_document_for_an_unknown_address():
    answer = Client().get("/nothing/", headers={"host": "localhost", "Accept": "application/json"})

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:khue:problem:not_found")


@pytest.mark.django_db
def test_a_form_without_a_token_is_told_to_reload():
    answer = Client(enforce_csrf_checks=True).post("/ui/", headers={"host": "localhost"})

    assert answer.status_code == 403
    assert "tải lại trang" in answer.content.decode()
