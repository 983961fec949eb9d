"""From a Django form field to what the field component prints. Django's own widgets cost far more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.choices import BaseChoiceIterator

from khue.foundation.ui.printing import attributes, shown

#: Letters of the longest option up to which options stand close ("10A12"), in a few columns ("Buổi sáng"), or, where
#: there are many, as a list of people does.
SHORT_CODE, SHORT_WORDS, LONG_NAME, MANY = 5, 13, 26, 7

#: From so many options on a group scrolls by itself and is searched: nobody goes past the names of a staff.
CROWD = 30


class SharedChoices(BaseChoiceIterator):
    """What many selects offer alike: the staff of a school on every line of its minutes. Printed once.

    rows  key and label of each, in order; the keys differ
    """

    def __init__(self, rows: Iterable[tuple[object, object]]) -> None:
        self.rows = tuple((str(key), str(label)) for key, label in rows)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.rows)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _label in self.rows)

    @cached_property
    def printed(self) -> str:
        return "".join(f'<option value="{shown(key)}">{shown(label)}</option>' for key, label in self.rows)

    def printed_with(self, chosen: str) -> str:
        """The options, the one with this key chosen. An unknown key chooses none."""
        opening = f'<option value="{shown(chosen)}"'
        return self.printed.replace(f"{opening}>", f"{opening} selected>", 1)


class Choice(NamedTuple):
    """One option of a select, radio or checkbox group; `group` is its heading, "" for none."""

    value: str
    label: str
    chosen: bool
    group: str = ""


class Control(NamedTuple):
    """What is needed to print one form field.

    kind     "text", "password", "number", "date", "file", "textarea", "select", "checkbox", "radio", "checkboxes"...
    attrs    further attributes of the element; True prints the bare name, None and False print nothing
    printed  the same as they are printed
    shared   of a select that offers what others do: instead of `choices`; `value` is the key that is chosen
    """

    kind: str
    name: str
    id: str
    label: str
    hint: str
    value: str
    required: bool
    disabled: bool
    is_checked: bool
    errors: tuple[str, ...]
    choices: tuple[Choice, ...]
    attrs: Mapping[str, object]
    printed: str
    shared: SharedChoices | None = None

    @property
    def spread(self) -> str:
        """How wide the options of a group stand beside each other: "codes", "words", "names"; "" below each other."""
        longest = max((len(choice.label) for choice in self.choices), default=0)
        if longest <= SHORT_CODE:
            return "codes"
        if longest <= SHORT_WORDS:
            return "words"
        return "names" if longest <= LONG_NAME and len(self.choices) >= MANY else ""

    @property
    def is_settled(self) -> bool:
        """Whether a choice that means something already stands, so that nobody need be told it may be left alone."""
        if self.shared:
            return bool(self.value) and self.value in self.shared.keys
        return self.kind in {"select", "radio"} and any(c.chosen and c.label.strip("-–— ") for c in self.choices)

    @property
    def groups(self) -> list[tuple[str, list[Choice]]]:
        """The choices under their headings, in the order of the form."""
        return [(name, list(choices)) for name, choices in groupby(self.choices, key=lambda c: c.group)]


class _Lasting(NamedTuple):
    """What of a control is the same at every name under which a form has the field: a class's form has one forty times.

    options  value, label and heading of each choice; None where there are none to choose from
    """

    kind: str
    hint: str
    required: bool
    disabled: bool
    can_be_checked: bool
    shows_value: bool
    options: tuple[tuple[str, str, str], ...] | None
    attrs: Mapping[str, object]
    printed: str
    shared: SharedChoices | None


def control(bound: BoundField) -> Control:
    """Everything the field component prints, read once from the bound field."""
    field, form, value = bound.field, bound.form, bound.value()
    known: dict[forms.Field, _Lasting] = form.__dict__.setdefault("_lasting", {})
    lasting = known.get(field) or known.setdefault(field, _lasting(field))
    errors = form.errors.get(bound.name)
    name, widget = bound.html_name, field.widget
    return Control(
        kind=lasting.kind,
        name=name,
        id=bound.id_for_label or f"id_{name}",
        label=str(bound.label or ""),
        hint=lasting.hint,
        value=_text(widget, value) if lasting.shows_value else str(value or "") if lasting.shared else "",
        required=lasting.required,
        disabled=lasting.disabled,
        is_checked=lasting.can_be_checked and widget.check_test(value),
        errors=tuple(map(str, errors)) if errors else (),
        choices=_choices(lasting.options, value) if lasting.options else (),
        attrs=lasting.attrs,
        printed=lasting.printed,
        shared=lasting.shared,
    )


def _lasting(field: forms.Field) -> _Lasting:
    widget = field.widget
    attrs: dict[str, Any] = dict(widget.attrs)
    for name in ("required", "disabled", "aria-describedby", "aria-invalid"):
        attrs.pop(name, None)
    if isinstance(widget, forms.NumberInput):
        _type_as_text(attrs, field)
    elif isinstance(widget, forms.Textarea):
        attrs.update(rows=3, cols=None)
    kind, shared = _kind(field, widget), None
    if kind == "select" and isinstance(widget, ChoiceWidget) and isinstance(widget.choices, SharedChoices):
        shared = widget.choices
    hidden = (forms.PasswordInput, forms.FileInput, forms.CheckboxInput, ChoiceWidget)
    return _Lasting(
        kind=kind,
        hint=str(field.help_text or ""),
        required=field.required,
        disabled=field.disabled,
        can_be_checked=isinstance(widget, forms.CheckboxInput),
        shows_value=not isinstance(widget, hidden),
        options=tuple(_options(widget)) if isinstance(widget, ChoiceWidget) and shared is None else None,
        attrs=attrs,
        printed=attributes(attrs),
        shared=shared,
    )


def _kind(field: forms.Field, widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        return "date"
    if isinstance(widget, forms.NumberInput):
        return "text"
    return str(getattr(widget, "input_type", None) or "text")


def _type_as_text(attrs: dict[str, Any], field: forms.Field) -> None:
    """A browser's number field forgets what it cannot read, "8,5" among it; a text field with a number pad keeps it."""
    for name in ("min", "max", "step"):
        attrs.pop(name, None)
    attrs["inputmode"] = "numeric" if type(field) is forms.IntegerField else "decimal"


def _text(widget: forms.Widget, value: object) -> str:
    shown = widget.format_value(value)
    return "" if shown is None else str(shown)


def _options(widget: ChoiceWidget) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for key, label in widget.choices:
        if isinstance(label, list | tuple):
            found += [(str(k), str(text), str(key)) for k, text in label]
        else:
            found.append(("" if key is None else str(key), str(label), ""))
    return found


def _choices(options: Sequence[tuple[str, str, str]], value: object) -> tuple[Choice, ...]:
    if isinstance(value, list | tuple):
        chosen = set(map(str, value))
        return tuple([Choice(key, label, key in chosen, heading) for key, label, heading in options])
    only = "" if value is None else str(value)
    return tuple([Choice(key, label, key == only, heading) for key, label, heading in options])
