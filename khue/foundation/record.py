"""What every table with rows of its own in an address has in common."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import QuerySet

from khue.foundation.errors import NotFound
from khue.foundation.ids import uuid7

Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")
_uuid7: Callable[[], UUID] = uuid7


class Record(models.Model):
    """A row with a bigint key inside and a time-ordered UUID in addresses."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=_uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


def one(rows: "QuerySet[Row]", **lookup: object) -> Row:
    """The one row of a visible_* query that matches. Raises NotFound, also when it exists but may not be seen."""
    try:
        return rows.get(**lookup)
    except ObjectDoesNotExist:
        raise NotFound from None


def first(rows: Sequence[Found]) -> Found:
    """The first row of a compiled query. Raises NotFound when there is none."""
    if not rows:
        raise NotFound
    return rows[0]
