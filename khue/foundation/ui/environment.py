"""The Jinja environment of all templates: what a template may use without being given it."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from khue.foundation.ui import charts, formats, people, remembered, rows
from khue.foundation.ui.columns import Column
from khue.foundation.ui.controls import control
from khue.foundation.ui.icons import icon
from khue.foundation.ui.shell import shell

COMPONENTS = "ui/components.html"


def environment(**options: Any) -> Environment:
    """Called by Django once per process."""
    options.pop("autoescape", None)
    options.pop("undefined", None)
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
        **options,
    )
    made.add_extension("jinja2.ext.i18n")
    made.context_class = _Context
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # {% trans %} then calls the two with its values
    made.filters.update(formats.FILTERS)
    made.filters.update(initials=people.initials, attributes=_attributes)
    made.globals.update(
        gettext=remembered.text,
        ngettext=remembered.number_of,
        _=remembered.text,
        url=remembered.address,
        static=remembered.file_address,
        csrf=remembered.csrf_field,
        icon=icon,
        column=Column,
        control=control,
        charts=charts,
        shell=shell,
        language=get_language,
        hue=people.hue,
        row_parts=rows,
    )
    made.globals["ui"] = _Components(made) if settings.DEBUG else made.get_template(COMPONENTS).module
    return made


class _Context(Context):
    """Calls components and functions without asking each of them, hundreds of times a page, what it would like."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What Jinja does, for what is a macro or takes no context; all else goes to Jinja."""
        if type(called) is not Macro and hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(*args, **kwargs)


def _compiled() -> FileSystemBytecodeCache:
    """Templates compiled once a node instead of once a process: a second of work at every start."""
    folder = settings.VAR_DIR / "templates"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


class _Components:
    """The components as `ui`, read anew for every use while templates are being written."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> object:
        return getattr(self._environment.get_template(COMPONENTS).module, name)


def _attributes(values: dict[str, object]) -> Markup:
    """Attributes of an element, each with a space before it; True prints the bare name, None and False nothing."""
    parts = [
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in values.items()
        if value is not None and value is not False
    ]
    return Markup("").join(parts)
