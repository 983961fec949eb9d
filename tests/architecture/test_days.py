"""A day is a day in Vietnam: taken from an instant in UTC it is yesterday until seven in the morning."""

import ast

from tests.architecture.source import modules


def _takes_a_day_of_utc(tree: ast.Module) -> list[int]:
    """Lines on which a day is taken from an instant as it is kept: `at.date()`, `filed_at.date()`, `now().date()`."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date"
        and not node.args and _is_an_instant(node.func.value)
    ]  # fmt: skip


def _is_an_instant(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        called = value.func
        return getattr(called, "attr", getattr(called, "id", "")) == "now"
    name = getattr(value, "attr", getattr(value, "id", ""))
    return name == "at" or name.endswith("_at")


def test_no_room_takes_a_day_from_an_instant_in_utc() -> None:
    found = {module.name: lines for module in modules() if (lines := _takes_a_day_of_utc(module.tree))}

    assert found == {}


def test_it_would_be_recognised() -> None:
    assert _takes_a_day_of_utc(ast.parse("at.date()\nfacts.filed_at.date()\nclock.now().date()")) == [1, 2, 3]
    assert not _takes_a_day_of_utc(ast.parse("at.astimezone(VIETNAM).date()\nform.date()\ndate(2026, 1, 2)"))
