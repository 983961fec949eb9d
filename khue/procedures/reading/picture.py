"""The picture in a BPMN file as shapes a page can draw as SVG: no script and no library in the browser."""

from dataclasses import asdict, dataclass
from typing import Any

from khue.procedures.reading.drawing import Drawing

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_FURTHEST = 20_000
_LINE = 18  # characters of a name that fit beside each other in a task


@dataclass(frozen=True, slots=True)
class Shape:
    """A node where it was drawn. lines: its name, broken so that it fits."""

    id: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


def picture(drawing: Drawing) -> dict[str, Any] | None:
    """{"view": "x y width height", "shapes": [...], "arrows": [{"points", "name"}]}; None where nothing was drawn."""
    shapes, arrows = [], []
    for element in drawing.root.iter(f"{{{_DI}}}BPMNShape"):
        node, bounds = drawing.nodes.get(element.get("bpmnElement", "")), element.find(f"{{{_DC}}}Bounds")
        if node is None or bounds is None:
            continue
        try:
            x, y, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
        except (TypeError, ValueError):
            return None
        shapes.append(Shape(node.id, node.kind, x, y, width, height, _broken(node.name)))
    flows = {flow.id for flow in drawing.flows}
    for element in drawing.root.iter(f"{{{_DI}}}BPMNEdge"):
        if element.get("bpmnElement") not in flows:
            continue
        try:
            points = [
                f"{_number(point.get('x')):g},{_number(point.get('y')):g}"
                for point in element
                if str(point.tag).endswith("}waypoint")
            ]
        except (TypeError, ValueError):
            return None
        arrows.append(" ".join(points[:50]))
    if len({shape.id for shape in shapes}) < len(drawing.nodes):
        return None
    left, top = min(s.x for s in shapes) - 20, min(s.y for s in shapes) - 20
    right, bottom = max(s.x + s.width for s in shapes) + 20, max(s.y + s.height for s in shapes) + 40
    view = f"{left:g} {top:g} {right - left:g} {bottom - top:g}"
    return {"view": view, "shapes": [asdict(shape) for shape in shapes], "arrows": arrows}


def _number(text: str | None) -> float:
    value = float(text or "")
    if not -_FURTHEST <= value <= _FURTHEST:
        raise ValueError(text)
    return value


def _broken(name: str) -> tuple[str, ...]:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(line[:30] for line in lines[:4] if line)
