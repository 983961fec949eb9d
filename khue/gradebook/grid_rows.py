"""The rows of the mark grid as HTML: in a template a thousand pupils take ten times as long."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from khue.gradebook.queries import GridRow


class _Cells(dict[str, str]):
    """The element of each kind of mark, written once: a grid of thousands of cells shows few dozens of marks."""

    def __init__(self, attributes: str) -> None:
        self._attributes = attributes

    def __missing__(self, shown: str) -> str:
        self[shown] = element = f'<td tabindex="-1"{self._attributes}>{escape(shown)}</td>'
        return element


def grid_rows(rows: Sequence[GridRow], *, may_write: bool, ways: Sequence[str] = ()) -> Markup:
    """A row for each pupil: name, marks in the order of the columns, term result. marks.js writes into the cells.

    ways  of each column the address at which a change of a mark is asked for, with "{}" for the pupil's enrolment
    """
    cell = _Cells("" if may_write else ' aria-readonly="true"')
    marks = [_asked(row, ways) if ways else "".join([cell[shown] for shown in row.cells]) for row in rows]
    return Markup("".join(map(_row, rows, marks)))  # noqa: S704  every part is escaped


def _asked(row: GridRow, ways: Sequence[str]) -> str:
    name = escape(row.full_name)
    return "".join(
        f'<td tabindex="-1" aria-readonly="true"><a href="{way.format(row.enrolment_id)}" '
        f'aria-label="{name}: {escape(shown) or "–"}">{escape(shown) or "–"}</a></td>'
        for shown, way in zip(row.cells, ways, strict=True)
    )


def _row(row: GridRow, marks: str) -> str:
    return (
        f'<tr data-row="{row.enrolment_id}"><th scope="row">{escape(row.full_name)}</th>{marks}'
        f'<td class="result" tabindex="-1" aria-readonly="true">{escape(row.result)}</td></tr>\n'
    )
