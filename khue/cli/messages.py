"""Texts of the interface: collected from each room, checked against its English catalogue, compiled for Django.

The source texts are Vietnamese, so that only English needs catalogues.
Called as `python -m khue.cli.messages update|check|compile`.
"""

import re
import sys
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: As in foundation/ui/environment.py, so that the text collected is the text looked up.
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")

Key = tuple[str, str | None]


def update() -> int:
    """Write every room's English catalogue anew: known texts keep their translation, new ones wait for one."""
    waiting = 0
    for room in _rooms():
        path, texts = _path(room), _texts(room)
        if not len(texts):
            continue
        content = _written(texts, _catalogue(path))
        waiting += sum(bool(message.id) and not all(_forms(message)) for message in texts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{waiting} texts wait for an English translation.")
    return 0


def check() -> int:
    """Fail where an English entry is missing, fuzzy, unused, says other placeholders or contradicts another room."""
    problems: list[str] = []
    said: dict[tuple[str, str | None, int], tuple[str, tuple[str, ...]]] = {}
    for room in _rooms():
        texts, known = _texts(room), _catalogue(_path(room))
        wanted = {_key(message) for message in texts if message.id}
        problems += [
            f"{room}: nobody says {_short(m)} any more; run make messages"
            for m in known
            if m.id and _key(m) not in wanted
        ]
        for message in texts:
            if not message.id:
                continue
            entry = known.get(message.id, message.context)
            problems += [f"{room}: {problem}" for problem in _problems(message, entry)]
            if entry is not None:
                first, english = said.setdefault((*_key(entry), len(_forms(entry))), (room, _forms(entry)))
                if all(_forms(entry)) and english != _forms(entry):
                    problems.append(f"{room}: {_short(message)} has another English text in {first}")
        # Written in one way only, so that a change of one room never shows as a change of another.
        if len(texts) and _path(room).exists() and _written(texts, known) != _path(room).read_bytes():
            problems.append(f"{room}: not as it is written by make messages; run it")
    print("\n".join(problems[:60]))
    if len(problems) > 60:
        print(f"... and {len(problems) - 60} more")
    return bool(problems)


def compile_all() -> int:
    """Write the .mo file beside each .po file that is newer."""
    for room in _rooms():
        source = _path(room)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            unfinished = target.with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, _catalogue(source))
            unfinished.replace(target)
    return 0


def _problems(message: Message, entry: Message | None) -> Iterator[str]:
    if entry is None or not all(_forms(entry)):
        yield f"no English for {_short(message)}"
        return
    if entry.fuzzy:
        yield f"the English for {_short(message)} is marked fuzzy"
    sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = {name for source in sources for name in _placeholders(source)}
    for form in _forms(entry):
        # A singular form may say "one" instead of the number; no form may name what is not supplied.
        missing = wanted - _placeholders(form) if len(sources) == 1 else set()
        if missing or _placeholders(form) - wanted:
            yield f"other placeholders in the English for {_short(message)}: {form!r}"


def _written(texts: Catalog, known: Catalog) -> bytes:
    """The catalogue of these texts, each with the translation it has already, in the order of the texts."""
    for message in texts:
        if message.id and (old := known.get(message.id, message.context)):
            message.string, message.flags = old.string, old.flags
    file = BytesIO(HEADER.encode())
    file.seek(0, SEEK_END)
    write_po(file, texts, width=120, no_location=True, omit_header=True, sort_output=True)
    return file.getvalue()


def _texts(room: str) -> Catalog:
    catalogue = Catalog(locale="en", charset="utf-8")
    folder = PACKAGE / room
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(folder).parts):
            _collect(catalogue, "python", path, {})
    for path in sorted((folder / "templates").rglob("*.html")):
        _collect(catalogue, "jinja2.ext:babel_extract", path, JINJA)
    return catalogue


def _collect(catalogue: Catalog, method: str, path: Path, options: dict[str, str]) -> None:
    for _line, text, _comments, context in extract_from_file(method, path, KEYWORDS, options=options):
        catalogue.add(text, context=context)


def _catalogue(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def _forms(message: Message) -> tuple[str, ...]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(str(s or "") for s in strings)


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def _key(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return str(singular), message.context


def _short(message: Message) -> str:
    return repr(_key(message)[0][:70])


def _path(room: str) -> Path:
    return PACKAGE / room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def _rooms() -> list[str]:
    return sorted(p.parent.name for p in PACKAGE.glob("*/apps.py"))


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "compile": compile_all}[sys.argv[1]]())
