"""Migrating on demand writes what Django writes, statement for statement."""

import re
from functools import cache

import pytest
from django.db import connections, models
from django.db.migrations import AddField, AlterField, Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from khue.foundation import migrating


def _statements(apply, state, room):
    """Every statement of a new node up to the last migration of a room."""
    connection = connections["owner"]
    executor = MigrationExecutor(connection)
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] == room]
    written = []
    for migration, _backwards in executor.migration_plan(leaves, clean_start=True):
        if migration.app_label in {"contenttypes", "auth", "procrastinate"}:
            state = migration.mutate_state(state)  # their constraints are looked up by what the database holds
            continue
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = apply(migration, state, editor, collect_sql=True)
        # Columns of before that have a moment now get the moment of the migration.
        written += [
            f"{migration}",
            *(re.sub(r"'\d{4}-[-0-9:. ]+\+00:00'", "now", line) for line in editor.collected_sql),
        ]
    return written


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_room_and_all_below_it_is_migrated_by_the_same_statements():
    expected = _statements(Migration.apply, ProjectState(), "payments")

    assert _statements(migrating._apply, migrating._OnDemand(), "payments") == expected
    assert sum(line.startswith("CREATE TABLE") for line in expected) > 20


def _field(**how):
    return models.BigIntegerField(**how)


@cache
def _foreign(to):
    return models.ForeignKey(to, models.PROTECT)


@pytest.mark.parametrize(
    ("operation", "forward"),
    [
        (AddField("leaf", "number", _field()), True),
        (AlterField("leaf", "number", _field(null=True)), True),
        (AlterField("leaf", "number", _field(unique=True)), False),
        (AlterField("leaf", "number", _field(primary_key=True)), False),
        (RunSQL("SELECT 1"), True),
        (RunPython(RunPython.noop), False),
    ],
)
def test_what_others_may_refer_to_is_left_to_django(operation, forward):
    assert migrating._looks_forward(operation) is forward


def test_a_model_is_rendered_when_asked_for_and_again_when_it_or_its_target_changes():
    state = migrating._OnDemand()
    for name, to in (("Root", None), ("Stem", "room.Root"), ("Leaf", "room.Stem"), ("Stone", None)):
        fields = [("id", models.BigAutoField(primary_key=True)), *([("to", _foreign(to))] if to else [])]
        state.add_model(ModelState("room", name, fields))

    leaf, stone = state.apps.get_model("room", "Leaf"), state.apps.get_model("room.Stone")
    assert {model.__name__ for model in state.apps.rendered()} == {"Root", "Stem", "Leaf", "Stone"}
    before = state.clone()
    state.add_field("room", "root", "number", _field(), preserve_default=True)

    assert state.apps.rendered() == [stone]
    changed = state.apps.get_model("room", "Leaf")
    assert changed is not leaf
    assert changed._meta.get_field("to").related_model._meta.get_field("to").related_model._meta.get_field("number")
    assert before.apps.get_model("room", "Leaf") is leaf
    with pytest.raises(LookupError):
        state.apps.get_model("room", "Flower")


def test_the_moment_before_is_rendered_from_what_it_was():
    state = migrating._OnDemand()
    state.add_model(ModelState("room", "Leaf", [("id", models.BigAutoField(primary_key=True))]))
    _ = state.apps
    before = state.clone()
    state.add_field("room", "leaf", "number", _field(), preserve_default=True)

    assert [f.name for f in before.apps.get_model("room", "Leaf")._meta.fields] == ["id"]
    assert [f.name for f in state.apps.get_model("room", "Leaf")._meta.fields] == ["id", "number"]
