"""Every way through a drawing, walked by SpiffWorkflow once, and kept as the map a case follows (docs/decisions/0190).

What Spiff is given is not the uploaded file but a clean one with the nodes and arrows that `drawing` understood, and an
engine that answers conditions from a list and executes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext_lazy as _
from lxml import etree
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from khue.procedures.reading.drawing import BPMN, Drawing, Problem, UnusableDrawing
from khue.procedures.step_map import Way

MOST_PLACES = 200
MOST_WALKS = 1500
#: A task that was done, and what the conditions asked after it were answered, in the order they were asked.
Deed = tuple[str, tuple[bool, ...]]


class NothingIsExecuted(Exception):
    """The drawing made the engine run something. It never does."""


class Asked(Exception):
    """A condition was asked that has no answer yet."""


class Answers(PythonScriptEngine):  # type: ignore[misc]  # Spiff has no types
    """Spiff's door to expressions and scripts, shut: conditions are answered from a list, and asked for beyond it."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[bool] = []
        self.asked = ""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:  # noqa: ARG002  Spiff calls it so
        """The next answer of the list."""
        if not self.given:
            self.asked = expression
            raise Asked
        return self.given.pop(0)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ARG002
        """Never: no script of a drawing is executed."""
        raise NothingIsExecuted

    def call_service(self, *arguments: Any, **named: Any) -> None:  # noqa: ARG002
        """Never: no service is called."""
        raise NothingIsExecuted

    def validate(self, expression: str) -> None:
        """Conditions were read by `conditions`; Python has no say in them."""


def specification(drawing: Drawing) -> BpmnProcessSpec:
    """Spiff's own reading of the drawing."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(_clean(drawing).encode()), filename="drawing")
    return parser.get_spec("drawing")


def _clean(drawing: Drawing) -> str:
    lines = [
        f'<definitions xmlns="{BPMN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<process id="drawing" isExecutable="true">'
    ]
    for node in drawing.nodes.values():
        default = f" default={quoteattr(node.default)}" if node.kind == "exclusiveGateway" and node.default else ""
        inner = "".join(f"<incoming>{f.id}</incoming>" for f in drawing.flows if f.target == node.id)
        inner += "".join(f"<outgoing>{f.id}</outgoing>" for f in drawing.flows if f.source == node.id)
        lines.append(f"<{node.kind} id={quoteattr(node.id)}{default}>{inner}</{node.kind}>")
    for flow in drawing.flows:
        # The text of a condition is a name Spiff gives back; it is read by `conditions` alone.
        inner = ""
        if flow.condition:
            written = flow.condition.replace("&", "&amp;").replace("<", "&lt;")
            inner = f'<conditionExpression xsi:type="tFormalExpression">{written}</conditionExpression>'
        ends = f"sourceRef={quoteattr(flow.source)} targetRef={quoteattr(flow.target)}"
        lines.append(f"<sequenceFlow id={quoteattr(flow.id)} {ends}>{inner}</sequenceFlow>")
    return "\n".join([*lines, "</process></definitions>"])


@dataclass
class _Walker:
    drawing: Drawing
    spec: BpmnProcessSpec
    places: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)
    journals: list[tuple[Deed, ...]] = field(default_factory=list)
    walks: int = 0

    def way(self, journal: tuple[Deed, ...], task: str, answers: tuple[bool, ...] = ()) -> Way:
        """Where doing a task after the journal leads to; task "" is the beginning."""
        self.walks += 1
        if self.walks > MOST_WALKS:
            raise UnusableDrawing([Problem(0, "", _("Bản vẽ có quá nhiều cách đi qua; hãy vẽ đơn giản hơn."))])
        walked = (*journal, (task, answers))
        workflow, asked = walk(self.spec, walked)
        if asked:
            return {
                "if": asked,
                "then": self.way(journal, task, (*answers, True)),
                "else": self.way(journal, task, (*answers, False)),
            }
        return self._number(workflow, walked)

    def _number(self, workflow: BpmnWorkflow, journal: tuple[Deed, ...]) -> int:
        key = _marking(workflow)
        if key not in self.numbers:
            if len(self.places) >= MOST_PLACES:
                raise UnusableDrawing([Problem(0, "", _("Bản vẽ có quá nhiều cách đi qua; hãy vẽ đơn giản hơn."))])
            self.numbers[key] = len(self.places)
            self.places.append({"tasks": self._waiting(workflow), "ends": self._ends(workflow), "after": {}})
            self.journals.append(journal)
        return self.numbers[key]

    def _waiting(self, workflow: BpmnWorkflow) -> list[str]:
        tasks = sorted(task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY, manual=True))
        if len(set(tasks)) < len(tasks):
            text = _("bước này có thể mở hai lần cùng lúc; hãy gộp các nhánh song song trước nó")
            twice = self.drawing.nodes[next(task for task in tasks if tasks.count(task) > 1)]
            raise UnusableDrawing([Problem(twice.line, twice.name, text)])
        if not tasks and not workflow.is_completed():
            raise UnusableDrawing([Problem(0, "", _("Có cách đi làm hồ sơ kẹt ở một cổng song song, không kết thúc."))])
        return tasks

    def _ends(self, workflow: BpmnWorkflow) -> list[str]:
        reached = {task.task_spec.name for task in workflow.get_tasks(state=TaskState.COMPLETED)}
        return sorted(node.id for node in self.drawing.ends if node.id in reached)


def mapped(drawing: Drawing) -> dict[str, Any]:
    """The map of a drawing. Raises UnusableDrawing where some way gets stuck, or there are too many ways.

    cost  a millisecond a walk, some dozens for an ordinary drawing
    """
    try:
        walker = _Walker(drawing, specification(drawing))
        start = walker.way((), "")
        number = 0
        while number < len(walker.places):
            place = walker.places[number]
            for task in place["tasks"]:
                place["after"][task] = walker.way(walker.journals[number], task)
            number += 1
    except (SpiffWorkflowException, RecursionError):
        raise UnusableDrawing([Problem(0, "", _("Bản vẽ không chạy được từ đầu đến cuối."))]) from None
    for place in walker.places:
        if not place["tasks"] and not place["ends"]:
            raise UnusableDrawing([Problem(0, "", _("Có cách đi không tới điểm kết thúc nào."))])
    return {"start": start, "places": walker.places}


def walk(spec: BpmnProcessSpec, journal: Sequence[Deed]) -> tuple[BpmnWorkflow, str]:
    """Spiff's workflow after these deeds, and the condition it asks beyond their answers ("" for none)."""
    engine = Answers()
    workflow = BpmnWorkflow(spec, script_engine=engine)
    for task, answers in journal:
        engine.given = list(answers)
        try:
            if task:
                waiting = workflow.get_tasks(state=TaskState.READY, manual=True)
                next(each for each in waiting if each.task_spec.name == task).run()
            workflow.do_engine_steps()
        except (Asked, WorkflowTaskException):
            if not engine.asked:
                raise
            return workflow, engine.asked
    return workflow, ""


def _marking(workflow: BpmnWorkflow) -> Any:
    """What is under way: the same for two journals that can only go on alike."""
    under_way = workflow.get_tasks(state=TaskState.READY | TaskState.WAITING | TaskState.STARTED)
    marks = sorted((task.task_spec.name, task.state, task.parent.task_spec.name) for task in under_way)
    ends = sorted(
        {
            task.task_spec.name
            for task in workflow.get_tasks(state=TaskState.COMPLETED)
            if type(task.task_spec).__name__ == "EndEvent"
        }
    )
    return tuple(marks), tuple(ends)
