"""What was filled in, held against the JSON schema of its form."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.procedures.sheets import Field, fields

LONGEST_TEXT = 4000


class FieldsWrong(Refusal):
    code = "fields_wrong"
    message = _("Chưa điền đúng: %(names)s.")


def taken(form: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The values of a form: what the platform knows comes from the platform, whatever was sent; the rest as given.

    given    texts, numbers, days, booleans by name; what the form does not ask is left out
    known    what the platform knows, by `x-from`
    refuses  FieldsWrong, with the titles of all fields that are missing or not what the schema says
    """
    values: dict[str, Any] = {}
    for field in fields(form):
        value = known.get(field.known_as) or _plain(given.get(field.name))
        if value not in (None, ""):
            values[field.name] = value
    wrong = [field.title for field in fields(form) if not _fits(field, form["properties"][field.name], values)]
    if wrong or _schema_errors(form, values):
        raise FieldsWrong(names=", ".join(wrong))
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return nfc(value.replace("\x00", "")).strip()[:LONGEST_TEXT]
    return value


def _fits(field: Field, schema: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """The same as the schema says, field by field, so that the answer can name it; and that a day is one."""
    if field.name not in values:
        return not field.required
    value = values[field.name]
    if field.format == "date":
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return False
    return not _schema_errors({"type": "object", "properties": {field.name: schema}}, {field.name: value})


def _schema_errors(form: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    from jsonschema import Draft202012Validator  # 10 MB that a process without forms need not hold

    return not Draft202012Validator(form).is_valid(values)
