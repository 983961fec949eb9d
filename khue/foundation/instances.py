"""Rows of a compiled query as instances, made without what Django asks at each: signals, defaults, deferred columns.

Which columns there are, and of what, is known when the query is written. docs/decisions/0091
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.query import RelatedPopulator

Maker = Callable[[Sequence[Any]], Any]


def maker(compiler: Any) -> Maker:
    """What makes an instance, with its relations and annotations, of a row that the compiler's query gives."""
    known, annotations = compiler.klass_info, tuple((compiler.annotation_col_map or {}).items())
    make = _maker(known, compiler.select)
    if not annotations:
        return make

    def make_annotated(row: Sequence[Any]) -> Any:
        made = make(row)
        made.__dict__.update([(name, row[column]) for name, column in annotations])
        return made

    return make_annotated


def _maker(known: Mapping[str, Any], select: Sequence[Any]) -> Maker:
    model: type[Model] = known["model"]
    _refuse_its_own_way(model)
    first, last = known["select_fields"][0], known["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    alias, new, related = connection.alias, model.__new__, known.get("related_klass_infos", ())
    links = [_link(each, select) for each in related if _is_forward(each)]
    populate = cast(Any, RelatedPopulator)  # the stubs are those of a later Django
    others = [populate(each, select, alias) for each in related if not _is_forward(each)]

    def make(row: Sequence[Any]) -> Any:
        made = new(model)
        state = ModelState()
        state.adding, state.db = False, alias
        state.fields_cache = kept = {}
        made.__dict__ = dict(zip(names, row[first:last], strict=True), _state=state)
        for name, key, make_related, tell_related in links:
            kept[name] = other = None if row[key] is None else make_related(row)
            if tell_related and other is not None:
                tell_related(other, made)
        for populator in others:
            populator.populate(row, made)
        return made

    return make


def _link(known: Mapping[str, Any], select: Sequence[Any]) -> tuple[str, int, Maker, Callable[..., None] | None]:
    """A foreign key: where the instance keeps its row, the column that says whether there is one, what makes it.

    The last, where the other row has but this one: what tells it so.
    """
    key = known["model"]._meta.pk.attname
    column = next(n for n in known["select_fields"] if select[n][0].target.attname == key)
    field = known["field"]
    return field.cache_name, column, _maker(known, select), known["remote_setter"] if field.unique else None


def _is_forward(known: Mapping[str, Any]) -> bool:
    return not known["reverse"] and not known["from_parent"]


def _refuse_its_own_way(model: type[Model]) -> None:
    """What a model does of its own when it is made would not be done here. Nobody hears signals in this house."""
    if model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__:  # type: ignore[attr-defined]  # a class method has it
        raise TypeError(f"a compiled query cannot make instances of {model.__name__}, which does more when it is made")
