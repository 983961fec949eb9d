"""A row's place in a list, as the address of a page after or before it names it. See foundation/lists.py"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models import Q


def beyond(order: tuple[str, ...], place: Sequence[object], backwards: bool) -> Q:
    """Rows after (before) the place: the first column not less, which the index finds, and the whole key greater."""
    ends, equal = Q(), Q()
    for column, value in zip(order, place, strict=True):
        name, descends = column.lstrip("-"), column.startswith("-")
        side = "lt" if descends != backwards else "gt"
        ends |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    first, descends = order[0].lstrip("-"), order[0].startswith("-")
    return Q(**{f"{first}__{'lte' if descends != backwards else 'gte'}": place[0]}) & ends


def encoded(row: models.Model, order: tuple[str, ...]) -> str:
    """The row's place in the list, for an address."""
    values = [reduce(getattr, column.lstrip("-").split("__"), row) for column in order]
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, int) else str(value)


def decoded(text: str, model: type[models.Model], order: tuple[str, ...]) -> list[object] | None:
    """The place an address names; None where it names none, or was tampered with."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        return [_value(value, _field(model, column.lstrip("-"))) for value, column in zip(values, order, strict=True)]
    except (ValueError, TypeError, KeyError, binascii.Error, ValidationError, FieldError, RecursionError):
        return None


def _value(plain: object, column: "models.Field[Any, Any] | None") -> object:
    if isinstance(column, models.BinaryField):
        return base64.b64decode(plain["b"]) if isinstance(plain, dict) else base64.b64decode("")
    if not isinstance(plain, str | int) or "\x00" in str(plain):
        raise ValueError("no part of a key")
    return column.to_python(plain) if column is not None else plain


def _field(model: type[models.Model], path: str) -> "models.Field[Any, Any] | None":
    """The column behind a path; None for an annotation."""
    found: models.Field[Any, Any] | None = None
    for name in path.split("__"):
        try:
            step = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        found = step if isinstance(step, models.Field) else None
        if step.is_relation and step.related_model is not None and not isinstance(step.related_model, str):
            model = step.related_model
    return found
