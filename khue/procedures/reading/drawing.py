"""A BPMN 2.0 file, read as data: what of it is understood, and every place where it asks for more than that.

What is not understood is refused with its line, never passed over: a drawing must do what it shows. Nothing else of the
file goes further than here, least of all scripts, services, and expressions in another language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree

from khue.procedures import conditions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MOST_BYTES = 300_000
MOST_NODES = 80
_ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,79}$")

NODES = frozenset({"startEvent", "endEvent", "userTask", "manualTask", "exclusiveGateway", "parallelGateway"})
TASKS = frozenset({"userTask", "manualTask"})
_SAID = frozenset({"documentation", "extensionElements"})
_PASSED_OVER = frozenset({"laneSet", "textAnnotation", "association", "group", *_SAID})
_INSIDE_NODE = frozenset({"incoming", "outgoing", *_SAID})

_WHY_NOT: dict[str, Promise] = {
    "scriptTask": _("bước chạy mã lệnh không được dùng; hệ thống không chạy mã trong bản vẽ"),
    "serviceTask": _("bước gọi dịch vụ không được dùng; hãy vẽ thành việc của người (User Task)"),
    "sendTask": _("bước gửi tin không được dùng; hệ thống tự báo cho người nộp"),
    "businessRuleTask": _("bước quy tắc tự động không được dùng; hãy ghi điều kiện ở cổng rẽ nhánh"),
    "task": _("bước chưa có loại; hãy chọn loại User Task"),
    "callActivity": _("bước gọi quy trình khác không được dùng; hãy vẽ các bước đó vào bản vẽ này"),
    "subProcess": _("quy trình con không được dùng; hãy vẽ các bước đó vào bản vẽ này"),
    "inclusiveGateway": _("cổng chọn nhiều nhánh không được dùng; hãy dùng cổng chọn một hoặc cổng song song"),
    "eventBasedGateway": _("cổng chờ sự kiện không được dùng"),
    "boundaryEvent": _("sự kiện gắn vào bước không được dùng; thời hạn tính theo ngày làm việc của thủ tục"),
    "intermediateCatchEvent": _("sự kiện chờ không được dùng; thời hạn tính theo ngày làm việc của thủ tục"),
    "intermediateThrowEvent": _("sự kiện phát không được dùng"),
}
_OTHER = _("phần này chưa được hỗ trợ")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that stands in the way. line: counted from 1; 0 where it is about the whole."""

    line: int
    element: str
    text: str | Promise


class UnusableDrawing(ValueError):
    """The file cannot be used; says why, place by place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """An event, task or gateway. kind: its BPMN name; default: the flow taken where no condition holds."""

    id: str
    kind: str
    name: str
    line: int
    default: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow. condition: its text, "" where it has none."""

    id: str
    source: str
    target: str
    condition: str
    line: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was understood. lanes: the name of the lane a node lies in."""

    nodes: dict[str, Node]
    flows: tuple[Flow, ...]
    lanes: dict[str, str]
    root: etree._Element = field(repr=False, compare=False)

    @property
    def tasks(self) -> list[Node]:
        """Its tasks, in the order of the file."""
        return [node for node in self.nodes.values() if node.kind in TASKS]

    @property
    def ends(self) -> list[Node]:
        """Its end events, in the order of the file."""
        return [node for node in self.nodes.values() if node.kind == "endEvent"]

    def outgoing(self, node: str) -> list[Flow]:
        """The arrows that leave a node."""
        return [flow for flow in self.flows if flow.source == node]


def read(data: bytes) -> Drawing:
    """The drawing in a file. Raises UnusableDrawing with everything that is wrong, not only the first."""
    root = _parsed(data)
    process = _process(root)
    problems: list[Problem] = []
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    for element in _children(process):
        kind = _kind(element)
        if kind in NODES:
            _keep_node(element, kind, nodes, problems)
        elif kind == "sequenceFlow":
            _keep_flow(element, flows, problems)
        elif kind not in _PASSED_OVER:
            problems.append(Problem(_line_of(element), _called(element), _WHY_NOT.get(kind, _OTHER)))
    if problems:
        raise UnusableDrawing(problems)
    drawing = Drawing(nodes, tuple(flows), _lanes(process), root)
    problems = list(_misdrawn(drawing))
    if problems:
        raise UnusableDrawing(problems)
    return drawing


def _parsed(data: bytes) -> etree._Element:
    if len(data) > MOST_BYTES:
        raise UnusableDrawing([Problem(0, "", _("Tệp lớn hơn 300 kB."))])
    # Declarations are refused before they are parsed: no entity is ever expanded, no address ever opened.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data:
        raise UnusableDrawing([Problem(0, "", _("Tệp có phần khai báo DOCTYPE hoặc mã hoá lạ, không được phép."))])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise UnusableDrawing([Problem(line, "", _("Tệp không phải XML đọc được."))]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableDrawing([Problem(0, "", _("Tệp có phần khai báo DOCTYPE hoặc mã hoá lạ, không được phép."))])
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnusableDrawing([Problem(_line_of(root), "", _("Tệp không phải bản vẽ BPMN 2.0."))])
    return root


def _process(root: etree._Element) -> etree._Element:
    found = [element for element in _children(root) if _kind(element) == "process"]
    if len(found) != 1:
        raise UnusableDrawing([Problem(0, "process", _("Bản vẽ phải có đúng một quy trình."))])
    return found[0]


def _keep_node(element: etree._Element, kind: str, nodes: dict[str, Node], problems: list[Problem]) -> None:
    line, own_id = _line_of(element), element.get("id", "")
    if not _ID.match(own_id) or own_id in nodes:
        problems.append(Problem(line, _called(element), _("mã (id) thiếu, trùng hoặc có kí tự lạ")))
        return
    for inner in _children(element):
        if _kind(inner) not in _INSIDE_NODE:
            text = _("chi tiết “%(what)s” của bước này không được dùng") % {"what": _kind(inner)}
            problems.append(Problem(_line_of(inner), _called(element), text))
    if element.get("isForCompensation", "false") not in ("false", "0"):
        problems.append(Problem(line, _called(element), _OTHER))
    name = " ".join(element.get("name", "").split())[:200]
    if kind in TASKS and not name:
        problems.append(Problem(line, own_id, _("bước chưa có tên; người nộp sẽ thấy tên này")))
    nodes[own_id] = Node(own_id, kind, name, line, element.get("default", ""))


def _keep_flow(element: etree._Element, flows: list[Flow], problems: list[Problem]) -> None:
    line, condition = _line_of(element), ""
    for inner in _children(element):
        if _kind(inner) == "conditionExpression":
            condition = (inner.text or "").strip()
            if len(inner) or not condition:
                problems.append(Problem(_line_of(inner), _called(element), _("điều kiện trống hoặc lạ")))
            else:
                problems.extend(_unreadable(condition, _line_of(inner), _called(element)))
        elif _kind(inner) not in _SAID:
            problems.append(Problem(_line_of(inner), _called(element), _OTHER))
    own_id = element.get("id", "")
    if not _ID.match(own_id) or any(flow.id == own_id for flow in flows):
        problems.append(Problem(line, _called(element), _("mã (id) thiếu, trùng hoặc có kí tự lạ")))
        return
    flows.append(Flow(own_id, element.get("sourceRef", ""), element.get("targetRef", ""), condition, line))


def _unreadable(condition: str, line: int, called: str) -> Iterator[Problem]:
    try:
        conditions.read(condition)
    except conditions.UnreadableCondition:
        text = _('điều kiện “%(text)s” không đọc được; viết như: ket_qua = "dong_y"') % {"text": condition[:80]}
        yield Problem(line, called, text)


def _misdrawn(drawing: Drawing) -> Iterator[Problem]:
    """What is understood piece by piece but makes no way from one start to an end."""
    nodes = drawing.nodes
    if len(nodes) > MOST_NODES:
        yield Problem(0, "", _("Bản vẽ có quá nhiều bước; hãy chia thành nhiều thủ tục."))
        return
    if sum(node.kind == "startEvent" for node in nodes.values()) != 1:
        yield Problem(0, "startEvent", _("Bản vẽ phải có đúng một điểm bắt đầu."))
    if not drawing.ends:
        yield Problem(0, "endEvent", _("Bản vẽ phải có điểm kết thúc."))
    if not drawing.tasks:
        yield Problem(0, "userTask", _("Bản vẽ chưa có bước nào cho người làm."))
    for flow in drawing.flows:
        if flow.source not in nodes or flow.target not in nodes:
            yield Problem(flow.line, flow.id, _("mũi tên không nối hai bước của bản vẽ"))
    for node in nodes.values():
        yield from _misplaced(node, drawing)


def _is_in_loop(node: Node, drawing: Drawing) -> bool:
    """Whether some way leads from a node back to itself."""
    seen: set[str] = set()
    ahead = [node.id]
    while ahead:
        for flow in drawing.outgoing(ahead.pop()):
            if flow.target == node.id:
                return True
            if flow.target not in seen:
                seen.add(flow.target)
                ahead.append(flow.target)
    return False


def _misplaced(node: Node, drawing: Drawing) -> Iterator[Problem]:
    leaving = drawing.outgoing(node.id)
    called = node.name or node.id
    if not leaving and node.kind != "endEvent":
        yield Problem(node.line, called, _("bước này không dẫn tới đâu"))
    if leaving and node.kind == "endEvent":
        yield Problem(node.line, called, _("điểm kết thúc không được có mũi tên đi ra"))
    if node.kind != "startEvent" and all(flow.target != node.id for flow in drawing.flows):
        yield Problem(node.line, called, _("không có mũi tên nào dẫn tới bước này"))
    if node.kind == "startEvent" and any(flow.target == node.id for flow in drawing.flows):
        yield Problem(node.line, called, _("không được vẽ mũi tên quay về điểm bắt đầu"))
    # SpiffWorkflow's join counts what came before, also in the round before: its answer there depends on the past.
    if node.kind == "parallelGateway" and _is_in_loop(node, drawing):
        yield Problem(node.line, called, _("cổng song song không được nằm trong vòng lặp"))
    chooses = node.kind == "exclusiveGateway" and len(leaving) > 1
    if not chooses:
        if node.kind not in ("exclusiveGateway", "parallelGateway") and len(leaving) > 1:
            yield Problem(node.line, called, _("bước có nhiều mũi tên đi ra; hãy đặt một cổng rẽ nhánh sau nó"))
        for flow in leaving:
            if flow.condition:
                yield Problem(flow.line, flow.id, _("điều kiện chỉ đặt trên mũi tên đi ra từ cổng chọn một nhánh"))
        return
    if node.default not in {flow.id for flow in leaving}:
        yield Problem(node.line, called, _("cổng rẽ nhánh cần một mũi tên mặc định (default flow)"))
    for flow in leaving:
        if flow.id == node.default and flow.condition:
            yield Problem(flow.line, flow.id, _("mũi tên mặc định không có điều kiện"))
        if flow.id != node.default and not flow.condition:
            yield Problem(flow.line, flow.id, _("mũi tên này cần một điều kiện"))


def _lanes(process: etree._Element) -> dict[str, str]:
    found = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for member in _children(lane):
            if _kind(member) == "flowNodeRef":
                found[(member.text or "").strip()] = lane.get("name", "")[:80]
    return found


def _children(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if isinstance(child.tag, str):
            yield child


def _kind(element: etree._Element) -> str:
    namespace, _brace, name = str(element.tag).rpartition("}")
    return name if namespace == f"{{{BPMN}" else str(element.tag)[:80]


def _called(element: etree._Element) -> str:
    return (element.get("name") or element.get("id") or _kind(element))[:80]


def _line_of(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 0
