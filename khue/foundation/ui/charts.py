"""Geometry of the small charts: from numbers to the coordinates of an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, tau

#: The drawing area of line charts, in units of the SVG; the style sheet scales it.
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 480, 200, 44, 28, 14, 12
#: What a letter of a label takes of it.
LETTER = 8.5


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line: where it stands and what it says."""

    x: float
    y: float
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line chart ready to print.

    path    the line, as SVG path data; a missing value interrupts it
    ticks   heights of the horizontal lines and what they stand for
    labels  what stands under the line and where; as many as have room, the last place always
    """

    points: tuple[Point, ...]
    path: str
    area: str
    ticks: tuple[tuple[float, float], ...]
    target_y: float | None
    labels: tuple[tuple[float, str], ...]


def share(value: float, top: float, length: float = 100) -> float:
    """How far along `length` a value stands between 0 and `top`, never outside."""
    return round(max(0.0, min(1.0, value / top if top else 0.0)) * length, 2)


def ring(value: float, total: float, radius: float) -> str:
    """Dash pattern that draws the part value/total of a circle."""
    around = tau * radius
    return f"{share(value, total, around)} {round(around, 2)}"


def nice_top(values: Sequence[float]) -> float:
    """The next round number above all values, so that the axis ends on something one can read."""
    highest = max(values, default=0) or 1
    step = 1.0
    while step * 10 < highest:
        step *= 10
    while step > highest:
        step /= 10
    return next(step * factor for factor in (1, 2, 2.5, 4, 5, 8, 10) if step * factor >= highest)


def line(
    labels: Sequence[str],
    values: Sequence[float | None],
    top: float | None = None,
    target: float | None = None,
    bottom: float = 0,
) -> Line:
    """Place the values from left to right between `bottom` and `top`, or a round number above them."""
    known = [v for v in values if v is not None]
    ceiling = top or nice_top([*known, *([target] if target is not None else [])])
    floor_y, span = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP

    def height(value: float) -> float:
        return round(floor_y - share(value - bottom, ceiling - bottom, span), 1)

    step = (WIDTH - LEFT - RIGHT) / max(len(values) - 1, 1)
    points: list[Point] = []
    path: list[str] = []
    is_drawing = False
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        if value is None:
            is_drawing = False
            continue
        point = Point(round(LEFT + place * step, 1), height(value), label, value)
        path.append(f"{'L' if is_drawing else 'M'}{point.x} {point.y}")
        points.append(point)
        is_drawing = True
    whole = len(points) == len(values) and len(points) > 1
    return Line(
        points=tuple(points),
        path="".join(path),
        area=f"{''.join(path)}L{points[-1].x} {floor_y}L{points[0].x} {floor_y}Z" if whole else "",
        ticks=tuple(
            (round(floor_y - span * part / 4, 1), round(bottom + (ceiling - bottom) * part / 4, 9)) for part in range(5)
        ),
        target_y=None if target is None else height(target),
        labels=_labels(labels, step),
    )


def _labels(labels: Sequence[str], step: float) -> tuple[tuple[float, str], ...]:
    """Every label, or every second, third ...: so many that none runs into the next."""
    every = max(1, ceil((max(map(len, labels), default=0) * LETTER + LETTER) / step))
    last = len(labels) - 1
    return tuple((round(LEFT + place * step, 1), labels[place]) for place in range(last % every, last + 1, every))
