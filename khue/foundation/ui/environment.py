"""The Jinja environment of all templates: what a template may use without being given it."""

from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined, Template, nodes

from khue.foundation.ui import charts, formats, known, people, remembered, rows
from khue.foundation.ui.columns import Column
from khue.foundation.ui.controls import control
from khue.foundation.ui.fields import field
from khue.foundation.ui.generator import Generator
from khue.foundation.ui.icons import icon
from khue.foundation.ui.names import named
from khue.foundation.ui.printing import attributes
from khue.foundation.ui.shell import shell

COMPONENTS = "ui/components.html"


def environment(**options: Any) -> "Templates":
    """Called by Django once per process."""
    options.pop("autoescape", None)
    options.pop("undefined", None)
    return Templates(options)


class Templates:
    """Every template in every language of the interface; each is compiled once for the language of who reads it.

    compiled  the folder of the compiled: a second of work at every start otherwise. Its name changes with anything that
              is written into them.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.compiled = settings.VAR_DIR / "templates" / _fingerprint(options["loader"])
        self.compiled.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._options = options
        self._languages: dict[str, Environment] = {}

    def get_template(self, name: str) -> Template:
        """The template in the language of this moment."""
        return self._spoken().get_template(name)

    def from_string(self, source: str) -> Template:
        """A template that has no file, in the language of this moment."""
        return self._spoken().from_string(source)

    @property
    def is_compiled(self) -> bool:
        """Whether an earlier start has compiled these templates."""
        return any(self.compiled.iterdir())

    def load(self) -> None:
        """Every template in the language most people read, and nothing left of what was compiled before."""
        for old in self.compiled.parent.iterdir():
            if old != self.compiled:
                rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()
        with translation.override(settings.LANGUAGE_CODE):
            environment = self._spoken()
            for name in environment.list_templates(extensions=["html"]):
                environment.get_template(name)

    def _spoken(self) -> Environment:
        language = get_language() or settings.LANGUAGE_CODE
        return self._languages.get(language) or self._added(language)

    def _added(self, language: str) -> Environment:
        folder = self.compiled / language
        folder.mkdir(mode=0o700, exist_ok=True)
        made = _LanguageEnvironment(language, bytecode_cache=FileSystemBytecodeCache(str(folder)), **self._options)
        return self._languages.setdefault(language, made)


class _LanguageEnvironment(Environment):
    """The templates of one language."""

    code_generator_class = Generator

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            **options,
        )
        self.language = language
        self._ready: dict[str, Template] = {}
        self.newstyle_gettext = True  # {% trans %} then calls the two with its values
        self.filters.update(formats.FILTERS)
        self.filters.update(initials=people.initials, attributes=attributes, subject=named)
        self.globals.update(
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
            form_field=field,
        )
        with translation.override(language):
            self.ui = _Components(self) if settings.DEBUG else self.get_template(COMPONENTS).module
        self.globals["ui"] = self.ui

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """A template by its name: found at once after the first time, unless templates are being written."""
        found = self._ready.get(name)
        if found is None:
            found = super().get_template(name, parent, globals)
            if not self.auto_reload:
                self._ready[name] = found
        return found

    def make_globals(self, d: Any) -> Any:
        """One dictionary for all templates, instead of a chain of two for each: it is copied at every page."""
        return {**self.globals, **d} if d else self.globals

    def _generate(self, source: nodes.Template, *arguments: Any, **options: Any) -> str:
        with translation.override(self.language):
            return super()._generate(known.written_in(source, self), *arguments, **options)


def _fingerprint(loader: Any) -> str:
    """Stands for all that compiled templates hold: templates, translations, addresses of files, and how we compile."""
    templates = [path for folder in loader.searchpath for path in Path(folder).rglob("*.html")]
    texts = [path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.mo")]
    # Of the addresses what they are: the same files collected for another node have the same.
    collected = settings.STATIC_ROOT / "staticfiles.json"
    digest = sha256(collected.read_bytes() if collected.exists() else b"")
    for path in sorted([*templates, *texts, *Path(__file__).parent.glob("*.py")]):
        if path.exists():
            found = path.stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


class _Components:
    """The components as `ui`, read anew for every use while templates are being written."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> object:
        return getattr(self._environment.get_template(COMPONENTS).module, name)
