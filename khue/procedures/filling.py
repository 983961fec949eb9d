"""What was filled in, held against the JSON schema of its form."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.procedures.sheets import Field, Form

LONGEST_TEXT = 4000


class FieldsWrong(Refusal):
    """names: titles of the fields, as the sentence says them; fields: their names in the form."""

    code = "fields_wrong"
    message = _("Chưa điền đúng: %(names)s.")

    def __init__(self, *, names: str, fields: Sequence[str]) -> None:
        super().__init__(names=names)
        self.fields = fields


def taken(form: Form, given: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The values of a form: what the platform knows comes from the platform, whatever was sent; the rest as given.

    given    texts, numbers, days, booleans by name; what the form does not ask is left out
    known    what the platform knows, by `x-from`
    refuses  FieldsWrong, with the titles of all fields that are missing or not what the schema says
    """
    values: dict[str, Any] = {}
    fields = form.values
    for field in fields:
        value = known.get(field.known_as) or _plain(given.get(field.name))
        if value not in (None, ""):
            values[field.name] = value
    if not fields:
        return values
    whole, each = _validators(form)
    wrong = [field for field in fields if not _fits(field, each[field.name], values)]
    if wrong or not whole.is_valid(values):
        raise FieldsWrong(names=", ".join(field.title for field in wrong), fields=[field.name for field in wrong])
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return nfc(value.replace("\x00", "")).strip()[:LONGEST_TEXT]
    return value


@lru_cache(maxsize=2000)
def _validators(form: Form) -> tuple[Any, Mapping[str, Any]]:
    """Of the form, and of each field by its name: made once, for making one costs more than asking it."""
    from jsonschema import Draft202012Validator  # 10 MB that a process without forms need not hold

    fields = {name: Draft202012Validator(schema) for name, schema in form.schema["properties"].items()}
    return Draft202012Validator(form.schema), fields


def _fits(field: Field, validator: Any, values: Mapping[str, Any]) -> bool:
    """The same as the schema says, field by field, so that the answer can name it; and that a day is one."""
    if field.name not in values:
        return not field.required
    value = values[field.name]
    if field.format == "date":
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return False
    return bool(validator.is_valid(value))
