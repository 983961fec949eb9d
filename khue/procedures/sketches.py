"""From a clerk's drawing and questions to a sheet: what is still to be said about it, and what follows by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khue.procedures import questions
from khue.procedures.refusals import DrawingUnusable, SheetUnusable


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing that was read, with the questions for the applicant.

    tasks, ends  (id, name) of each, in the order of the file
    wanted       what the branches after a task ask for: {"review": {"ket_qua": ["dong_y", "tu_choi"]}}
    """

    bpmn: str
    questions: str
    filing: dict[str, Any]
    tasks: Sequence[tuple[str, str]]
    ends: Sequence[tuple[str, str]]
    wanted: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the second page brings back of the first."""

    bpmn: str
    questions: str
    working_days: int
    valid_from: date
    source: str
    terms: dict[str, Any]


def sketch_of(bpmn: bytes, lines: str) -> Sketch:
    """Read both. Raises DrawingUnusable, SheetUnusable."""
    from khue.procedures.reading import checking  # lxml and SpiffWorkflow, which no other page needs
    from khue.procedures.reading.drawing import UnusableDrawing

    try:
        filing = questions.form_of(lines)
    except questions.UnclearQuestion as unclear:
        problem = _("Dòng %(number)s không rõ: “%(line)s”.") % {"number": unclear.number, "line": unclear.line}
        raise SheetUnusable(problem=problem) from None
    try:
        drawn = checking.drawn_tasks(bpmn)
    except UnusableDrawing as wrong:
        line = _("Dòng %(line)s")
        said = [
            f"{line % {'line': p.line}}: {p.element}: {p.text}." if p.line else f"{p.text}" for p in wrong.problems[:10]
        ]
        raise DrawingUnusable(problems=" ".join(said)) from None
    return Sketch(
        bpmn=bpmn.decode(), questions=lines, filing=filing,
        tasks=[(task.id, task.name) for task in drawn.tasks],
        ends=[(end.id, end.name or _("Kết thúc")) for end in drawn.ends],
        wanted=checking.answers_wanted(drawn),
    )  # fmt: skip


def sheet_of(sketch: Sketch, said: Mapping[str, str]) -> dict[str, Any]:
    """The sheet: roles and ends as said, each task's form from the branches drawn after it, and room for a reason."""
    tasks = {}
    for key, _name in sketch.tasks:
        properties: dict[str, Any] = {}
        for name, values in sketch.wanted.get(key, {}).items():
            title = name.replace("_", " ").capitalize()
            names = [value.replace("_", " ").capitalize() for value in values]
            other = [] if len(values) > 1 else ["khac"]
            properties[name] = {
                "type": "string", "title": title, "enum": [*values, *other],
                "x-names": [*names, *([_("Khác")] if other else [])],
            }  # fmt: skip
        required = list(properties)
        properties["reason"] = {"type": "string", "title": _("Ý kiến, lý do"), "format": "paragraph"}
        form = {"type": "object", "properties": properties, "required": required}
        tasks[key] = {"role": said.get(f"role_{key}", ""), "place": "office", "form": form}
    ends = {key: said.get(f"end_{key}", "granted") for key, _name in sketch.ends}
    return {"filing": sketch.filing, "tasks": tasks, "ends": ends}


def kept(text: str) -> Kept:
    """What the second page brought back. Raises DrawingUnusable where it is not what the first page gave it."""
    try:
        told = json.loads(text)
        terms = {name: told["terms"][name] for name in ("working_days", "valid_from", "source")}
        return Kept(
            bpmn=str(told["bpmn"]), questions=str(told["questions"]), working_days=int(terms["working_days"]),
            valid_from=date.fromisoformat(terms["valid_from"]), source=str(terms["source"])[:300], terms=terms,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DrawingUnusable(problems=_("Hãy tải bản vẽ lên lại.")) from None
