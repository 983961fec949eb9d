"""The Jinja environment of all templates: what a template may use without being given it."""

from typing import Any

from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup


def environment(**options: Any) -> Environment:
    """Called by Django once per process."""
    settings = {**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**settings)  # noqa: S701  Django's options say autoescape=True
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(url=_url, static=static, csrf=_csrf)
    return made


def _url(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


@pass_context
def _csrf(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(context["request"]))
