"""The one way lists work: searched without diacritics, filtered in the address, paged by key, exported as seen.

    PEOPLE = Listing(
        order=("sort_key", "id"),
        search=("folded_name",),
        filters=(Filter("class", _("Lớp"), "enrolment__school_class__public_id", parse=UUID),),
        columns=(Column(_("Họ tên"), lambda p: p.full_name, width=30), Column(_("Ngày sinh"), born)),
    )

    people = queries.visible_people(request.actor)
    if lists.EXPORT in request.GET:
        return PEOPLE.export(people, request.GET, "hoc-sinh")
    seen = PEOPLE.page(people, request.GET)          # rows, next, previous, text, chosen, export

The order ends with a unique key and every part of it is a column that is never null: the place in the list is the row
itself, so page 400 costs what page 1 costs and a row inserted meanwhile moves nothing twice.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from khue.foundation import spreadsheets
from khue.foundation.clock import VIETNAM
from khue.foundation.text import fold, nfc

Row = TypeVar("Row", bound=models.Model)
PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_SEARCH = 100

#: Names of the parameters of an address; a filter may not be called like one of them.
TEXT, AFTER, BEFORE, EXPORT = "q", "after", "before", "export"


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list, by a parameter of the address.

    name     of the parameter
    lookup   the column it compares, or a function from the parsed value to a Q
    parse    from text to value; ValueError means that the parameter is ignored
    choices  (value, label) pairs where the values are few
    """

    name: str
    label: str | Promise
    lookup: "str | Callable[[Any], Q]"
    parse: Callable[[str], Any] = str
    choices: Sequence[tuple[str, str | Promise]] = ()

    def condition(self, text: str) -> Q | None:
        """What it narrows the list to; None where the text means nothing."""
        if "\x00" in text:
            return None
        try:
            value = self.parse(text)
        except (ValueError, ArithmeticError):
            return None
        return self.lookup(value) if callable(self.lookup) else Q(**{self.lookup: value})


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of the exported sheet. `value` gives text, a number, a day, an instant or None; `width` in letters."""

    title: str | Promise
    value: "Callable[[Row], str | int | float | date | datetime | None]"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, and the addresses of its neighbours.

    next, previous  query strings ("?after=..."), "" at the end and at the beginning
    text            what was searched for, as it was typed
    chosen          the filters in force: parameter to value
    export          query string of the sheet with everything that is seen here
    """

    rows: list[Row]
    next: str
    previous: str
    text: str
    chosen: dict[str, str]
    export: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.chosen)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """How one list is ordered, searched, filtered and exported. Made once, beside the view.

    order    columns, "-" before one that descends; the last one is unique
    search   columns that hold folded text (khue_fold); every word typed must occur in one of them
    filters  see Filter
    columns  of the exported sheet
    """

    order: tuple[str, ...]
    search: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    columns: tuple[Column[Row], ...] = ()
    size: int = PAGE_SIZE
    _by_name: dict[str, Filter] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({f.name: f for f in self.filters})

    def narrowed(self, rows: QuerySet[Row], given: Mapping[str, str]) -> QuerySet[Row]:
        """The rows that the search text and the filters leave, in the list's order."""
        for word in self._words(given):
            rows = rows.filter(reduce(or_, (Q(**{f"{column}__contains": word}) for column in self.search)))
        for name, text in self._chosen(given).items():
            condition = self._by_name[name].condition(text)
            if condition is not None:
                rows = rows.filter(condition)
        return rows.order_by(*self.order)

    def page(
        self,
        rows: QuerySet[Row] | Callable[[], QuerySet[Row]],
        given: Mapping[str, str],
        *,
        size: int | None = None,
        first: Callable[[], list[Row]] | None = None,
        named: Callable[[Sequence[str]], list[Row] | None] | None = None,
    ) -> Page[Row]:
        """One page. One query, whatever the page.

        rows   or what gives them: with `first`, they are seldom needed
        given  request.GET, or the same parameters of the API; a place that means nothing is the beginning
        first  gives the beginning of the whole list in its order, one row more than a page has: a compiled query, for
               a page that is opened all day
        named  the same for a search by these folded words and nothing else; None where it cannot tell
        """
        size = min(size or self.size, LARGEST_PAGE)
        backwards = BEFORE in given
        where, place = given.get(BEFORE if backwards else AFTER, ""), None
        found = self._beginning(given, first, named) if not where and not backwards else None
        if found is None:
            rows = rows() if callable(rows) else rows
            place = _decoded(where, rows.model, self.order)
            chosen = self.narrowed(rows, given)
            if backwards:
                chosen = chosen.reverse()
            if place is not None:
                chosen = chosen.filter(_beyond(self.order, place, backwards))
            found = list(chosen[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        follows, precedes = (place is not None, more) if backwards else (more, place is not None)
        return Page(
            rows=found,
            next=self._address(given, {AFTER: _encoded(found[-1], self.order)}) if found and follows else "",
            previous=self._address(given, {BEFORE: _encoded(found[0], self.order)}) if found and precedes else "",
            text=given.get(TEXT, "")[:LONGEST_SEARCH],
            chosen=self._chosen(given),
            export=self._address(given, {EXPORT: "xlsx"}) if self.columns else "",
        )

    def _beginning(
        self,
        given: Mapping[str, str],
        first: Callable[[], list[Row]] | None,
        named: Callable[[Sequence[str]], list[Row] | None] | None,
    ) -> list[Row] | None:
        """The first rows where a compiled query gives them; None where the list itself must."""
        if self._chosen(given):
            return None
        words = self._words(given)
        if words:
            return named(words) if named else None
        return first() if first else None

    def export(self, rows: QuerySet[Row], given: Mapping[str, str], name: str) -> HttpResponseBase:
        """An Excel sheet of everything the search and the filters leave, on all pages. Memory does not grow with it.

        name  of the file, without the extension
        """
        chosen = self.narrowed(rows, given)[: spreadsheets.MOST_ROWS]
        lines = ([column.value(row) for column in self.columns] for row in chosen.iterator(chunk_size=2000))
        return spreadsheets.download(name, [(str(c.title), c.width) for c in self.columns], lines)

    def _words(self, given: Mapping[str, str]) -> list[str]:
        return fold(nfc(given.get(TEXT, "")[:LONGEST_SEARCH])).replace("\x00", "").split() if self.search else []

    def _chosen(self, given: Mapping[str, str]) -> dict[str, str]:
        return {f.name: given[f.name] for f in self.filters if given.get(f.name)}

    def _address(self, given: Mapping[str, str], place: Mapping[str, str]) -> str:
        kept = {TEXT: given.get(TEXT, "")[:LONGEST_SEARCH], **self._chosen(given), **place}
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def day_begins(text: str) -> datetime:
    """For a filter by days: the first instant of a day in Vietnam. Reads 23/11/2026 and 2026-11-23; ValueError else."""
    day, month, year = text.split("/") if "/" in text else reversed(text.split("-"))
    return datetime(int(year), int(month), int(day), tzinfo=VIETNAM)


def day_ends(text: str) -> datetime:
    """The first instant after that day."""
    return day_begins(text) + timedelta(days=1)


def _beyond(order: tuple[str, ...], place: Sequence[object], backwards: bool) -> Q:
    """Rows after (before) the place: the first column not less, which the index finds, and the whole key greater."""
    ends, equal = Q(), Q()
    for column, value in zip(order, place, strict=True):
        name, descends = column.lstrip("-"), column.startswith("-")
        side = "lt" if descends != backwards else "gt"
        ends |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    first, descends = order[0].lstrip("-"), order[0].startswith("-")
    return Q(**{f"{first}__{'lte' if descends != backwards else 'gte'}": place[0]}) & ends


def _encoded(row: models.Model, order: tuple[str, ...]) -> str:
    """The row's place in the list, for an address."""
    values = [reduce(getattr, column.lstrip("-").split("__"), row) for column in order]
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, int) else str(value)


def _decoded(text: str, model: type[models.Model], order: tuple[str, ...]) -> list[object] | None:
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
