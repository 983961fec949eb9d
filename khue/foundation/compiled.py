"""Queries that Django puts into SQL once a process instead of once a call. docs/decisions/0091

    @compiled
    def _terms(organisation: int, on: date) -> QuerySet[Term]:
        return Term.objects.filter(organisation_id=organisation, starts_on__lte=on)

    _terms(school.id, today)      # a list of Term

The function is called once with something in the place of each argument that stands for its value, so it may compare
its arguments with columns and nothing else: no arithmetic, no slice by an argument, no clock. Lists are compared with
`__in`. An actor may be given to the rules of visibility. On None, on a boolean and on the roles of an actor it may
decide with `if`: a statement is kept for each.

Worth it where pages ask at every request: writing the SQL takes Django longer than PostgreSQL needs to answer.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

from khue.foundation import instances
from khue.foundation.arrays import array
from khue.foundation.instances import Maker
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.foundation.stand_ins import Gap, StandIns, is_many, shape_of

P = ParamSpec("P")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is kept: the text, what goes into its gaps, and how a row of the answer becomes what the caller wants.

    sql   empty where the rules leave no row, whatever the values
    """

    sql: str
    gaps: tuple[Any, ...]
    make: Maker | None

    def run(self, values: Sequence[Any]) -> list[Any]:
        if not self.sql:
            return []
        parameters = [gap.read(values) if isinstance(gap, Gap) else gap for gap in self.gaps]
        cursor = cast(DatabaseWrapper, connection).kept_cursor()
        cursor.execute(self.sql, parameters)
        rows: list[Any] = cursor.fetchall()
        return list(map(self.make, rows)) if self.make else rows


class _Compiled(Generic[P, Row]):
    """A function that returns a query, called as a function that returns the rows."""

    def __init__(self, function: "Callable[P, QuerySet[Any, Row]]") -> None:
        update_wrapper(self, function)
        self._function: Callable[..., QuerySet[Any, Any]] = function
        self._statements: dict[Hashable, _Statement] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """The rows. One query."""
        if kwargs:
            raise TypeError(f"{self._function.__name__}: a compiled query takes its arguments by position")
        shape = tuple(map(shape_of, args))
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._statements[shape] = _written(self._function, args)
        return statement.run([_sent(value) for value in args])


def _sent(value: Any) -> Any:
    """An argument as it goes into its gap: a list as an array, of one the one."""
    if not is_many(value):
        return value
    return next(iter(value)) if len(value) == 1 else array(value)


def compiled(function: "Callable[P, QuerySet[Any, Row]]") -> Callable[P, list[Row]]:
    """Write the function's query once; give its rows for other values of the arguments ever after."""
    return _Compiled(function)


def _written(function: Callable[..., QuerySet[Any, Any]], values: Sequence[Any]) -> _Statement:
    stand_ins = StandIns(values)
    rows = function(*stand_ins.given)
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return _Statement("", (), None)
    return _Statement(*stand_ins.statement(sql, parameters), _maker(rows, compiler))


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Maker | None:
    """How the query itself would make something of a row: an instance with its relations, one value, or the tuple."""
    if getattr(rows, "_prefetch_related_lookups", ()):
        raise TypeError("a compiled query has no prefetch_related(): write the second query beside it")
    convert = _converter(compiler)
    kind = rows._iterable_class
    if issubclass(kind, ModelIterable):
        make = instances.maker(compiler)
        return (lambda row: make(convert(row))) if convert else make
    if issubclass(kind, FlatValuesListIterable):
        return (lambda row: convert(row)[0]) if convert else (lambda row: row[0])
    if kind is ValuesListIterable:
        return convert
    raise TypeError("a compiled query gives instances, values_list() or values_list(flat=True)")


def _converter(compiler: Any) -> Maker | None:
    """Turn what the driver gives into what the field gives; None where they are the same."""
    found = compiler.get_converters([column[0] for column in compiler.select])
    # Of a count Django makes a number, which it is already, for every row of every list that is counted.
    converters = {at: known for at, known in found.items() if not isinstance(known[1], Count)}
    if not converters:
        return None

    def convert(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for position, (functions, expression) in converters.items():
            for function in functions:
                values[position] = function(values[position], expression, connection)
        return tuple(values)

    return convert
