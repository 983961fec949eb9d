"""What templates ask for dozens of times a page, found once a process: texts, and addresses of pages and files."""

from functools import cache, lru_cache
from uuid import UUID

from django.templatetags import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from khue.foundation.form_tokens import token_of

#: Stands in an address until the public id of a row takes its place.
_SOME_ID = UUID("00000000-0000-7000-8000-000000000000")


def text(words: str, **values: object) -> Markup:
    """A text in the reader's language. A bare percent sign is written %%, with values or without."""
    if values:
        return _text(get_language(), words) % values
    return _plain_text(get_language(), words)


def number_of(singular: str, plural: str, num: int, **values: object) -> Markup:
    """The text for this number of things in the reader's language."""
    # The catalogue is ours, so that its texts may hold markup; what is put into them is escaped.
    return Markup(ngettext(singular, plural, num)) % {"num": num, **values}  # noqa: S704  our catalogue


@lru_cache(maxsize=20_000)
def _text(_language: str, words: str) -> Markup:
    return Markup(gettext(words))  # noqa: S704  our catalogue


@lru_cache(maxsize=20_000)
def _plain_text(language: str, words: str) -> Markup:
    return _text(language, words) % {}


def address(name: str, *arguments: object) -> str:
    """The address of a page by its name. Rows' ids are put into an address that was found once, with all else in it."""
    if not arguments:
        return _address(name)
    ids = [argument for argument in arguments if type(argument) is UUID]
    if len(ids) == len(arguments):
        return _address_of_rows(name, *[None] * len(ids)) % arguments
    return _address_of_rows(name, *[None if type(each) is UUID else each for each in arguments]) % tuple(ids)


@cache
def _address(name: str) -> str:
    return reverse(name)


@lru_cache(maxsize=4_000)
def _address_of_rows(name: str, *arguments: object) -> str:
    """None stands for the id of a row."""
    given = [_SOME_ID if argument is None else argument for argument in arguments]
    return reverse(name, args=given).replace("%", "%%").replace(str(_SOME_ID), "%s")


@cache
def file_address(name: str) -> str:
    """The address of a static file, with its hash once files are collected."""
    return static.static(name)


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field without which no form is taken; one for all forms of a page."""
    request = context["request"]
    field: Markup | None = getattr(request, "csrf_field", None)
    if field is None:
        token = token_of(request)  # letters and digits
        field = request.csrf_field = Markup(f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">')  # noqa: S704
    return field
