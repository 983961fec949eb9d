"""A drawing beside its sheet: do they belong together, and what is the map that cases will follow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from khue.procedures import conditions, sheets
from khue.procedures.reading import drawing as drawings
from khue.procedures.reading.drawing import Drawing, Problem, UnusableDrawing
from khue.procedures.reading.picture import picture
from khue.procedures.reading.walking import mapped
from khue.procedures.sheets import NO_FORM, Sheet, UnusableSheet
from khue.procedures.stepping import REASON


@dataclass(frozen=True)
class Checked:
    """What may be published. steps: as `Definition.steps` keeps it."""

    sheet: Sheet
    steps: dict[str, Any]


def check(bpmn: bytes, kept_sheet: Any, *, acts: Collection[str]) -> Checked:
    """Read both and hold them against each other. Raises UnusableDrawing or UnusableSheet.

    acts  the keys of what rooms do for a sheet
    """
    drawn = drawings.read(bpmn)
    sheet = sheets.read(kept_sheet)
    steps = mapped(drawn)
    _belong_together(drawn, sheet, acts)
    _every_refusal_says_why(steps, sheet)
    names = {task.id: task.name for task in drawn.tasks}
    return Checked(sheet, {**steps, "names": names, "picture": picture(drawn)})


def drawn_tasks(bpmn: bytes) -> Drawing:
    """The drawing alone, for the page that asks who does what."""
    return drawings.read(bpmn)


def answers_wanted(drawn: Drawing) -> dict[str, dict[str, list[str]]]:
    """What the conditions after each task ask for: {"review": {"ket_qua": ["dong_y", "tu_choi"]}}.

    A clerk who draws a branch on a field need not describe the field again: the form gets it from here.
    """
    wanted: dict[str, dict[str, list[str]]] = {}
    for task in drawn.tasks:
        for flow in _asked_after(drawn, task.id, set()):
            for name, value in _texts_in(conditions.read(flow)):
                values = wanted.setdefault(task.id, {}).setdefault(name, [])
                if value not in values:
                    values.append(value)
    return wanted


def _asked_after(drawn: Drawing, node: str, seen: set[str]) -> list[str]:
    """Conditions met on the ways from a node to the next tasks."""
    found = []
    for flow in drawn.outgoing(node):
        if flow.condition:
            found.append(flow.condition)
        target = drawn.nodes[flow.target]
        if target.id not in seen and target.kind.endswith("Gateway"):
            found += _asked_after(drawn, target.id, {*seen, target.id})
    return found


def _texts_in(condition: conditions.Condition) -> list[tuple[str, str]]:
    match condition:
        case conditions.Compare(name, _sign, value):
            return [(name, value)] if isinstance(value, str) else []
        case conditions.Not(inner):
            return _texts_in(inner)
        case conditions.Both(left, right) | conditions.Either(left, right):
            return [*_texts_in(left), *_texts_in(right)]


def _belong_together(drawn: Drawing, sheet: Sheet, acts: Collection[str]) -> None:
    tasks, ends = {task.id for task in drawn.tasks}, {end.id for end in drawn.ends}
    for name in sheet.tasks:
        if name not in tasks:
            raise UnusableSheet(f"tasks.{name}: no such task in the drawing")
    for name in sheet.ends:
        if name not in ends:
            raise UnusableSheet(f"ends.{name}: no such end in the drawing")
    for key in sheet.acts():
        if key not in acts:
            raise UnusableSheet(f"{key!r}: no room does this")
    forms = [sheet.filing, *(task.form for task in sheet.tasks.values())]
    fields = {field.name for form in forms for field in form.values}
    for flow in drawn.flows:
        if flow.condition:
            unknown = sorted(conditions.names_in(conditions.read(flow.condition)) - fields)
            if unknown:
                text = _("điều kiện hỏi “%(name)s” nhưng không biểu mẫu nào có mục này") % {"name": unknown[0]}
                raise UnusableDrawing([Problem(flow.line, flow.id, text)])


def _every_refusal_says_why(steps: Mapping[str, Any], sheet: Sheet) -> None:
    """A task that may end in a refusal must have a place for the reason."""
    over = {
        n
        for n, place in enumerate(steps["places"])
        if not place["tasks"] and sheet.outcome(tuple(place["ends"])) == "refused"
    }
    for place in steps["places"]:
        for task, way in place["after"].items():
            form = sheet.tasks[task].form if task in sheet.tasks else NO_FORM
            if over & _reached(way) and all(field.name != REASON for field in form.values):
                raise UnusableSheet(f"tasks.{task}.form: a refusal needs the field 'reason'")


def _reached(way: Any) -> set[int]:
    return {way} if isinstance(way, int) else _reached(way["then"]) | _reached(way["else"])
