"""What stands around every page: menu, place, messages, account. Worked out once a page, from what rooms plugged in."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from khue.foundation import extensions, flash
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.extensions import MenuGroup
from khue.foundation.flash import Flash

#: A phone's bar has room for five; with more, the fifth opens the rest.
BAR = 5
#: As many entries are found at a glance; a longer menu has headings.
GLANCE = 10
#: In the order in which they stand.
HEADINGS: dict[MenuGroup, str | Promise] = {
    MenuGroup.DAY: "",
    MenuGroup.TEACHING: _("Dạy và học"),
    MenuGroup.SCHOOL: _("Nhà trường"),
    MenuGroup.FAMILIES: _("Gia đình, cộng đồng"),
    MenuGroup.OFFICE: _("Văn phòng"),
    MenuGroup.SYSTEM: _("Số liệu, hệ thống"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the rail or the bar."""

    label: str | Promise
    icon: str
    href: str
    group: MenuGroup = MenuGroup.DAY
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything the layout prints that is not the page itself.

    rail     all entries of the actor's roles, in order
    bar      those that stand in a phone's bar
    more     those behind "more" on a phone
    current  address of the entry this page belongs to, "" for none
    menu     all of them as they are printed
    me       tells the browser whether a later page is the same person's; says nothing else. "" for nobody
    """

    rail: tuple[Entry, ...]
    bar: tuple[Entry, ...]
    more: tuple[Entry, ...]
    current: str
    menu: Markup
    account: tuple[Entry, ...]
    place: str
    unread: int
    search: str
    messages: str
    sign_in: str
    sign_out: str
    language: str
    me: str
    message: Flash | None


def shell(request: HttpRequest) -> Shell:
    """The shell of this page for whoever asks. One query at most: the unread messages."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    roles = actor.roles
    rail = _entries(roles, actor.kinds)
    bar, more = _on_a_phone(rail)
    current = _current(rail, request.path)
    return Shell(
        rail=rail,
        bar=bar,
        more=more,
        current=current,
        menu=_menu(get_language(), roles, actor.kinds, current) if rail else Markup(),
        account=_account_entries(roles) if actor.is_signed_in else (),
        place=actor.place,
        unread=extensions.unread_messages.filling(actor) if actor.is_signed_in else 0,
        search=_address(extensions.search_address.filling(actor)),
        messages=_address(extensions.messages_address.filling),
        sign_in=_address(extensions.sign_in_address.filling),
        sign_out=_address(extensions.sign_out_address.filling),
        language=getattr(request, "LANGUAGE_CODE", "vi"),
        me=_mark_of(actor.account_id) if actor.account_id is not None and actor.is_signed_in else "",
        message=flash.waiting(request),
    )


@lru_cache(maxsize=1024)
def _mark_of(account_id: int) -> str:
    return salted_hmac("khue.foundation.ui.shell", str(account_id)).hexdigest()[:16]


@lru_cache(maxsize=256)
def _entries(roles: frozenset[str], kinds: frozenset[str]) -> tuple[Entry, ...]:
    seen = [entry for entry in extensions.menu if entry.roles & roles and (not entry.kinds or entry.kinds & kinds)]
    return tuple(
        Entry(e.label, e.icon, reverse(e.url), e.group, tuple(reverse(name) for name in e.also))
        for e in sorted(seen, key=lambda e: e.order)
    )


@lru_cache(maxsize=1024)
def _menu(_language: str | None, roles: frozenset[str], kinds: frozenset[str], current: str) -> Markup:
    """The rail and a phone's bar. Nothing in them is a person's own, so that all of these roles share them.

    To print them anew is a tenth of what an average page costs to print.
    current  address of the entry that is marked, "" for none
    """
    rail = _entries(roles, kinds)
    bar, more = _on_a_phone(rail)
    template = cast(Jinja2, engines["jinja2"]).env.get_template("ui/menu.html")
    has_headings = len(rail) > GLANCE
    return Markup(  # noqa: S704  a template escapes
        template.render(rail=_grouped(rail, has_headings), bar=bar, more=_grouped(more, has_headings), current=current)
    )


def _grouped(entries: tuple[Entry, ...], has_headings: bool) -> tuple[tuple[str | Promise, tuple[Entry, ...]], ...]:
    """The entries under their headings; under none where there are to be none."""
    if not has_headings:
        return (("", entries),)
    under = ((title, tuple(e for e in entries if e.group is group)) for group, title in HEADINGS.items())
    return tuple((title, found) for title, found in under if found)


def _on_a_phone(rail: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """What stands in the bar, and what behind "more"."""
    return (rail[: BAR - 1], rail[BAR - 1 :]) if len(rail) > BAR else (rail, ())


@lru_cache(maxsize=256)
def _account_entries(roles: frozenset[str]) -> tuple[Entry, ...]:
    seen = [entry for entry in extensions.account_menu if not entry.roles or entry.roles & roles]
    return tuple(Entry(e.label, e.icon, reverse(e.url)) for e in sorted(seen, key=lambda e: e.order))


@lru_cache(maxsize=16)
def _address(name: str) -> str:
    return reverse(name) if name else ""


def _current(entries: tuple[Entry, ...], path: str) -> str:
    """The entry with the longest address that the path lies under; the home page is only itself."""
    under = [
        (len(address), e.href)
        for e in entries
        for address in (e.href, *e.also)
        if path == address or (address != "/" and path.startswith(address))
    ]
    return max(under, default=(0, ""))[1]
