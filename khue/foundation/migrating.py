"""Migrating in the time that the statements take: a model is rendered when a statement needs it.

Django renders a changed model anew with all models that are related to it, in either direction and however far away.
Every table of this house leads to the organisations, so that each of a thousand small steps rendered nearly all
models: nine tenths of the time that a new node took. A statement that makes a table, a column, an index or a constraint
looks only at its own model and at those that its keys lead to. Whatever may look elsewhere is left to Django's own way.
docs/decisions/0240
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from django.apps.registry import Apps
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelOptions,
    CreateModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.db.models import Model

Key = tuple[str, str]

#: They look at their model and at those it refers to, and never at what refers to it.
LOOK_FORWARD = (
    CreateModel, AddField, AddIndex, AddConstraint, RemoveField, RemoveIndex, RemoveConstraint, AlterModelOptions,
)  # fmt: skip


class Executor(MigrationExecutor):
    """Django's own, but that it renders models on demand where that gives the same statements."""

    def migrate(
        self, targets: Any, plan: Any = None, state: Any = None, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        """As Django's. The state that comes back is Django's own, for the signals that follow."""
        reached: Any = super().migrate(targets, plan, state, fake, fake_initial)
        return ProjectState(reached.models, reached.real_apps)

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        """As Django's, with the operations of one migration in one transaction, as ever."""
        in_parts: Any = copy.copy(migration)
        in_parts.apply = partial(_apply, migration)
        return super().apply_migration(state, in_parts, fake, fake_initial)

    def _migrate_all_forwards(self, state: Any, *arguments: Any, **how: Any) -> Any:
        return super()._migrate_all_forwards(_OnDemand(state.models, state.real_apps), *arguments, **how)  # type: ignore[misc]


def _apply(migration: Migration, state: ProjectState, schema_editor: Any, **how: bool) -> ProjectState:
    for looks_forward, operations in groupby(migration.operations, key=_looks_forward):
        part: Any = copy.copy(migration)
        part.operations = list(operations)
        if looks_forward is not isinstance(state, _OnDemand):
            state = (_OnDemand if looks_forward else ProjectState)(state.models, state.real_apps)
        state = part.apply(state, schema_editor, **how)
    return state


def _looks_forward(operation: Operation) -> bool:
    if isinstance(operation, AlterField):
        # A column that others may refer to takes their columns along.
        return not (operation.field.primary_key or operation.field.unique)
    return isinstance(operation, RunSQL) or type(operation) in LOOK_FORWARD


class _OnDemand(ProjectState):
    """The models of one moment, each rendered when it is asked for."""

    @cached_property
    def apps(self) -> _AppsOnDemand:
        return _AppsOnDemand(self.real_apps, self.models)

    def clone(self) -> _OnDemand:
        """The moment before an operation: what is rendered already serves both."""
        before = _OnDemand({key: _copied(model) for key, model in self.models.items()}, self.real_apps)
        if "apps" in self.__dict__:
            before.apps = _AppsOnDemand(self.real_apps, before.models, self.apps.rendered())
        return before

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: ARG002 - nothing is rendered here
        """Forget what was rendered of a changed model and of all that refer to it."""
        self.reload_models([(app_label, model_name)])

    def reload_models(self, models: Iterable[Key], delay: bool = True) -> None:  # noqa: ARG002
        """The same for several."""
        if "apps" in self.__dict__:
            self.apps = _AppsOnDemand(self.real_apps, self.models, self.apps.untouched_by(set(models)))


class _AppsOnDemand(StateApps):
    """Hands out models, rendering one and those it refers to when it is asked for first."""

    def __init__(
        self, real_apps: set[str], states: dict[Key, ModelState], rendered: Iterable[type[Model]] = ()
    ) -> None:
        super().__init__(list(real_apps), {})
        self._states = states
        with self.bulk_update():
            for model in rendered:
                self.register_model(model._meta.app_label, model)

    def rendered(self) -> list[type[Model]]:
        """What was asked for up to now, with all that it refers to."""
        return [model for models in self.all_models.values() for model in models.values()]

    def untouched_by(self, changed: set[Key]) -> list[type[Model]]:
        """The rendered models that neither are among the changed nor refer to one, however far away."""
        left = {_key(model): model for model in self.rendered() if _key(model) not in changed}
        while touched := [key for key, model in left.items() if not _targets(model) <= left.keys()]:
            for key in touched:
                del left[key]
        return list(left.values())

    def get_model(self, app_label: str, model_name: str | None = None, require_ready: bool = True) -> type[Model]:
        """As Django's."""
        if model_name is None:
            app_label, model_name = app_label.split(".")
        if model_name.lower() not in self.all_models[app_label]:
            self._render((app_label, model_name.lower()))
        return super().get_model(app_label, model_name, require_ready)

    def clear_cache(self) -> None:
        """As Django's, of what is rendered."""
        known: Any = Apps.get_models
        known.cache_clear()
        if self.ready:
            for model in self.rendered():
                options: Any = model._meta
                options._expire_cache()

    def _render(self, key: Key) -> None:
        wanted, found = [key], {}
        while wanted:
            asked = wanted.pop()
            if asked in self._states and asked not in found and asked[1] not in self.all_models[asked[0]]:
                found[asked] = self._states[asked]
                wanted += _named_by(found[asked])
        self.render_multiple(list(found.values()))


def _copied(state: ModelState) -> ModelState:
    """As ModelState.clone, without looking at every field: 125,000 of them are made for a new node."""
    made: ModelState = ModelState.__new__(ModelState)
    made.__dict__.update(state.__dict__, fields=dict(state.fields), options=dict(state.options))
    return made


def _key(model: type[Model]) -> Key:
    return model._meta.app_label, str(model._meta.model_name)


def _targets(model: type[Model]) -> set[Key]:
    """The rendered models that a rendered model refers to, itself left out."""
    options = model._meta
    fields = [
        field.remote_field for field in (*options.local_fields, *options.local_many_to_many) if field.remote_field
    ]
    met = {_key(other) for at in fields for other in (at.model, getattr(at, "through", None)) if other}
    met |= {
        _key(base)
        for base in model.__bases__
        if base is not Model and hasattr(base, "_meta") and not base._meta.abstract
    }
    return met - {_key(model)}


def _named_by(state: ModelState) -> list[Key]:
    """The models that the fields of a state that is not rendered name."""
    fields = [field.remote_field for field in state.fields.values() if field.remote_field]
    named = [other for at in fields for other in (at.model, getattr(at, "through", None)) if other]
    return [resolve_relation(other, state.app_label, state.name_lower) for other in named]
