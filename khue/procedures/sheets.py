"""The sheet of a version: what applicants and officers fill in, who does which task, and what each end means.

    {"filing": form, "partner": "school", "filed": "schools.find_pupil",
     "tasks": {"review": {"role": "head", "place": "office", "form": form, "act": "schools.transfer"}},
     "ends": {"moved": "granted", "turned_down": "refused"}}

A form is a JSON schema of flat fields: texts, numbers, days, yes or no, and choices. Beyond the standard it may say
`x-from` (what the platform knows and therefore never asks), `x-choices` (what a room above offers) and `x-names`
(what the choices are called). A field of the type "file" asks for up to `maxItems` files: they are no values, and
no condition of a drawing asks for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FILE = "file"
TYPES = frozenset({"string", "integer", "number", "boolean", FILE})
FORMATS = frozenset({"date", "email", "paragraph"})
MOST_FIELDS = 40
LONGEST = 2000
MOST_FILES = 5
_KEYS = frozenset({
    "type", "title", "description", "enum", "format", "minLength", "maxLength", "minimum", "maximum", "default",
    "x-from", "x-choices", "x-names",
})  # fmt: skip
_KEYS_OF_FILES = frozenset({"type", "title", "description", "maxItems", "x-from"})
PLACES = frozenset({"office", "partner"})
ENDS = frozenset({"granted", "refused"})


class UnusableSheet(ValueError):
    """The sheet is not one; says where: "tasks.review.form.reason: ..."."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in.

    known_as   the key of what the platform knows; "" where it is asked of everybody
    offered    the key of what a higher room offers to choose from; "" for none
    choices    (value, label) where they are few and fixed
    most       how many files, 0 for what is no file
    """

    name: str
    type: str
    title: str
    hint: str
    format: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    known_as: str
    offered: str
    most: int = 0

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs its files come in: a dot stands in no name of another field."""
        return (self.name, *(f"{self.name}.{number}" for number in range(2, self.most + 1)))


@dataclass(frozen=True, eq=False)
class Form:
    """A form that was read, itself and no other: what is made of it is kept by which it is.

    schema  of its values, as it stands
    fields  all that is asked, in order; of them values are what is written down, papers what is sent as files
    """

    schema: Mapping[str, Any]
    fields: tuple[Field, ...]

    @property
    def values(self) -> list[Field]:
        """Fields that are filled in."""
        return [field for field in self.fields if not field.most]

    @property
    def papers(self) -> list[Field]:
        """Fields that ask for files."""
        return [field for field in self.fields if field.most]


NO_FORM = Form({"type": "object", "properties": {}, "required": [], "additionalProperties": False}, ())


@dataclass(frozen=True, slots=True)
class Task:
    """Who does a task of the drawing, and what is filled in there. act: what happens besides, "" for nothing."""

    role: str
    place: str
    form: Form
    act: str


#: A task of which the sheet says nothing.
ANYBODY = Task(role="", place="office", form=NO_FORM, act="")


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read. partner: the kind of second organisation, "" where none takes part."""

    filing: Form
    partner: str
    filed: str
    tasks: Mapping[str, Task]
    ends: Mapping[str, str]

    def outcome(self, ends: tuple[str, ...]) -> str:
        """What reaching these ends means: refused where one of them is."""
        return "refused" if any(self.ends.get(end) == "refused" for end in ends) else "granted"

    def acts(self) -> Iterator[str]:
        """Keys of everything that rooms above do for it."""
        yield from filter(None, [self.filed, *(task.act for task in self.tasks.values())])


def read(kept: Any) -> Sheet:
    """The sheet in a value that came from JSON. Raises UnusableSheet."""
    sheet = _mapping(kept, "")
    _only(sheet, {"filing", "partner", "filed", "tasks", "ends"}, "")
    tasks = {name: _task(task, f"tasks.{name}") for name, task in _mapping(sheet.get("tasks", {}), "tasks").items()}
    ends = _mapping(sheet.get("ends", {}), "ends")
    for name, end in ends.items():
        if end not in ENDS:
            raise UnusableSheet(f"ends.{name}: {end!r}")
    return Sheet(
        filing=_form(sheet.get("filing", {}), "filing"),
        partner=_text(sheet.get("partner", ""), "partner"),
        filed=_text(sheet.get("filed", ""), "filed"),
        tasks=tasks,
        ends={str(name): str(end) for name, end in ends.items()},
    )


def in_order(kept: Any) -> Any:
    """The sheet with the order of each form written down: the database keeps the names of an object in another."""
    if isinstance(kept, dict):
        said = {name: in_order(value) for name, value in kept.items()}
        return {**said, "order": list(kept["properties"])} if isinstance(kept.get("properties"), dict) else said
    return kept


def _field(name: str, kept: Mapping[str, Any], required: bool) -> Field:
    values = [str(value) for value in kept.get("enum", ())]
    names = kept.get("x-names", values)
    return Field(
        name=name, type=kept.get("type", "string"), title=kept.get("title", name), hint=kept.get("description", ""),
        format=kept.get("format", ""), required=required, choices=tuple(zip(values, names, strict=True)),
        known_as=kept.get("x-from", ""), offered=kept.get("x-choices", ""),
        most=kept.get("maxItems", 1) if kept.get("type") == FILE else 0,
    )  # fmt: skip


def _task(kept: Any, at: str) -> Task:
    task = _mapping(kept, at)
    _only(task, {"role", "place", "form", "act"}, at)
    place = _text(task.get("place", "office"), f"{at}.place")
    if place not in PLACES:
        raise UnusableSheet(f"{at}.place: {place!r}")
    return Task(
        role=_text(task.get("role", ""), f"{at}.role"),
        place=place,
        form=_form(task.get("form", {}), f"{at}.form"),
        act=_text(task.get("act", ""), f"{at}.act"),
    )


def _form(kept: Any, at: str) -> Form:
    form = _mapping(kept, at)
    _only(form, {"type", "properties", "required", "additionalProperties", "order"}, at)
    properties = _mapping(form.get("properties", {}), f"{at}.properties")
    if len(properties) > MOST_FIELDS:
        raise UnusableSheet(f"{at}: more than {MOST_FIELDS} fields")
    for name, field in properties.items():
        _check_field(name, field, f"{at}.{name}")
    order = form.get("order", list(properties))
    if not isinstance(order, list) or sorted(map(str, order)) != sorted(properties):
        raise UnusableSheet(f"{at}.order: names each field once")
    properties = {str(name): properties[str(name)] for name in order}
    required = form.get("required", [])
    if not isinstance(required, list) or any(name not in properties for name in required):
        raise UnusableSheet(f"{at}.required: names a field that is not there")
    values = {name: field for name, field in properties.items() if field.get("type") != FILE}
    schema = {
        "type": "object", "properties": values, "required": [name for name in required if name in values],
        "additionalProperties": False,
    }  # fmt: skip
    return Form(schema, tuple(_field(name, field, name in required) for name, field in properties.items()))


def _check_field(name: str, kept: Any, at: str) -> None:
    if not name.isidentifier() or not name.isascii() or len(name) > 60 or name in ("and", "or", "not", "true", "false"):
        raise UnusableSheet(f"{at}: no name for a field")
    field = _mapping(kept, at)
    is_file = field.get("type") == FILE
    _only(field, _KEYS_OF_FILES if is_file else _KEYS, at)
    most = field.get("maxItems", 1)
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= MOST_FILES:
        raise UnusableSheet(f"{at}.maxItems: 1 to {MOST_FILES}")
    if field.get("type", "string") not in TYPES or field.get("format", "") not in FORMATS | {""}:
        raise UnusableSheet(f"{at}: an unknown type or format")
    for key in ("title", "description", "x-from", "x-choices"):
        _text(field.get(key, ""), f"{at}.{key}")
    values, names = field.get("enum", []), field.get("x-names", field.get("enum", []))
    if not all(isinstance(each, list) and len(each) <= 100 for each in (values, names)) or len(values) != len(names):
        raise UnusableSheet(f"{at}.enum: as many names as values, a hundred at most")
    if any(not isinstance(each, str) for each in [*values, *names]):
        raise UnusableSheet(f"{at}.enum: texts only")
    for key in ("minLength", "maxLength", "minimum", "maximum"):
        if key in field and (not isinstance(field[key], int | float) or isinstance(field[key], bool)):
            raise UnusableSheet(f"{at}.{key}: a number")


def _mapping(kept: Any, at: str) -> dict[str, Any]:
    if not isinstance(kept, dict) or any(not isinstance(key, str) for key in kept):
        raise UnusableSheet(f"{at or 'sheet'}: an object is needed")
    return kept


def _text(kept: Any, at: str) -> str:
    if not isinstance(kept, str) or len(kept) > LONGEST or "\x00" in kept:
        raise UnusableSheet(f"{at}: a text is needed")
    return kept


def _only(kept: Mapping[str, Any], allowed: set[str] | frozenset[str], at: str) -> None:
    unknown = sorted(set(kept) - allowed)
    if unknown:
        raise UnusableSheet(f"{at or 'sheet'}: {unknown[0]!r} is not known")
