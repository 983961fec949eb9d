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

A page that is opened all day names its query instead: `PEOPLE.page(queries.visible_people, given, of=(actor,))` puts it
into SQL once for each way it is narrowed, and only fills in values afterwards (compiled.py). docs/decisions/0094

The order ends with a unique key and every part of it is a column that is never null: the place in the list is the row
itself, so page 400 costs what page 1 costs and a row inserted meanwhile moves nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from khue.foundation import spreadsheets
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.list_places import beyond, decoded, encoded
from khue.foundation.list_ways import MOST_WORDS, Way
from khue.foundation.text import fold, nfc

Row = TypeVar("Row", bound=models.Model)
PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_SEARCH = 100

#: Names of the parameters of an address; a filter may not be called like one of them.
TEXT, AFTER, BEFORE, EXPORT = "q", "after", "before", "export"


#: No value of a filter; None may be one.
MEANS_NOTHING = object()


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
        value = self.value(text)
        return None if value is MEANS_NOTHING else self.narrowing(value)

    def value(self, text: str) -> Any:
        """What the text says; MEANS_NOTHING where it says nothing."""
        if "\x00" in text:
            return MEANS_NOTHING
        try:
            return self.parse(text)
        except (ValueError, ArithmeticError):
            return MEANS_NOTHING

    def narrowing(self, value: Any) -> Q:
        """The condition for a value, or for what stands in for it."""
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
    _kept: "dict[Way, Callable[..., list[Row]]]" = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({f.name: f for f in self.filters})

    def narrowed(self, rows: QuerySet[Row], given: Mapping[str, str]) -> QuerySet[Row]:
        """The rows that the search text and the filters leave, in the list's order."""
        conditions = [self._by_name[name].condition(text) for name, text in self._chosen(given).items()]
        return self._narrowed(rows, self._words(given), filter(None, conditions))

    def _narrowed(self, rows: QuerySet[Row], words: Iterable[Any], conditions: Iterable[Q]) -> QuerySet[Row]:
        for word in words:
            rows = rows.filter(reduce(or_, (Q(**{f"{column}__contains": word}) for column in self.search)))
        for condition in conditions:
            rows = rows.filter(condition)
        return rows.order_by(*self.order)

    def page(
        self,
        rows: "QuerySet[Row] | Callable[..., QuerySet[Row]]",
        given: Mapping[str, str],
        *,
        of: Sequence[object] | None = None,
        size: int | None = None,
        first: Callable[[], list[Row]] | None = None,
        named: Callable[[Sequence[str]], list[Row] | None] | None = None,
    ) -> Page[Row]:
        """One page. One query, whatever the page.

        rows   or what gives them: with `first`, they are seldom needed
        given  request.GET, or the same parameters of the API; a place that means nothing is the beginning
        of     the arguments of `rows`, a function of a module that only compares them (compiled.py): the query is kept
        first  gives the beginning of the whole list in its order, one row more than a page has: a compiled query of
               its own, for a list whose beginning is found in another way
        named  the same for a search by these folded words and nothing else; None where it cannot tell
        """
        size = min(size or self.size, LARGEST_PAGE)
        backwards = BEFORE in given
        where, place = given.get(BEFORE if backwards else AFTER, ""), None
        found = self._beginning(given, first, named) if not where and not backwards else None
        if found is None:
            place = decoded(where, _called(rows, of).model, self.order) if where else None
            found = self._kept_rows(rows, of, given, place, size + 1) if of is not None else None
        if found is None:
            found = list(self._beside(self.narrowed(_called(rows, of), given), place, backwards)[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        follows, precedes = (place is not None, more) if backwards else (more, place is not None)
        return Page(
            rows=found,
            next=self._address(given, {AFTER: encoded(found[-1], self.order)}) if found and follows else "",
            previous=self._address(given, {BEFORE: encoded(found[0], self.order)}) if found and precedes else "",
            text=given.get(TEXT, "")[:LONGEST_SEARCH],
            chosen=self._chosen(given),
            export=self._address(given, {EXPORT: "xlsx"}) if self.columns else "",
        )

    def _kept_rows(
        self, rows: Any, of: Sequence[object], given: Mapping[str, str], place: Sequence[object] | None, most: int
    ) -> list[Row] | None:
        """The rows by a query that is kept; None where it is narrowed in a way that is not to be kept."""
        words, fixed, values = self._words(given), [], []
        for name, text in self._chosen(given).items():
            each = self._by_name[name]
            value = each.value(text)
            if callable(each.lookup) and value is not MEANS_NOTHING:
                if text not in dict(each.choices):
                    return None
                fixed.append((name, text))
            elif value is not MEANS_NOTHING:
                fixed.append((name, ""))
                values.append(value)
        if len(words) > MOST_WORDS:
            return None
        way = Way(rows, len(of), len(words), tuple(fixed), place is not None, BEFORE in given, most)
        if way not in self._kept:
            self._kept[way] = compiled(lambda *arguments: self._in_one_way(way, arguments))
        return self._kept[way](*of, *words, *values, *(place or ()))

    def _in_one_way(self, way: Way, arguments: Sequence[Any]) -> QuerySet[Row]:
        given = iter(arguments)
        rows, words = way.rows(*islice(given, way.arguments)), list(islice(given, way.words))
        of_filters = ((self._by_name[name], text) for name, text in way.filters)
        conditions = [each.narrowing(each.value(text) if text else next(given)) for each, text in of_filters]
        found = self._narrowed(rows, words, conditions)
        return self._beside(found, list(given) if way.has_place else None, way.is_backwards)[: way.most]

    def _beside(self, rows: QuerySet[Row], place: Sequence[object] | None, backwards: bool) -> QuerySet[Row]:
        """The rows from a place on, in the order in which they are met."""
        rows = rows.reverse() if backwards else rows
        return rows if place is None else rows.filter(beyond(self.order, place, backwards))

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


def _called(rows: Any, of: Sequence[object] | None) -> Any:
    return rows(*of or ()) if callable(rows) else rows


def day_begins(text: str) -> datetime:
    """For a filter by days: the first instant of a day in Vietnam. Reads 23/11/2026 and 2026-11-23; ValueError else."""
    day, month, year = text.split("/") if "/" in text else reversed(text.split("-"))
    return datetime(int(year), int(month), int(day), tzinfo=VIETNAM)


def day_ends(text: str) -> datetime:
    """The first instant after that day."""
    return day_begins(text) + timedelta(days=1)
