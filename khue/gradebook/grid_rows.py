"""The rows of the mark grid as HTML: in a template a thousand pupils take ten times as long."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from khue.gradebook.queries import GridRow


class _Cells(dict[str, str]):
    """The element of each kind of mark, written once: a grid of thousands of cells shows few dozens of marks."""

    def __init__(self, attributes: str) -> None:
        self._attributes = attributes

    def __missing__(self, shown: str) -> str:
        self[shown] = element = f'<td tabindex="-1"{self._attributes}>{escape(shown)}</td>'
        return element


def grid_rows(rows: Iterable[GridRow], *, may_write: bool) -> Markup:
    """A row for each pupil: name, marks in the order of the columns, term result. marks.js writes into the cells."""
    cell = _Cells("" if may_write else ' aria-readonly="true"')
    return Markup("".join([_row(row, cell) for row in rows]))  # noqa: S704  every part is escaped


def _row(row: GridRow, cell: _Cells) -> str:
    marks = "".join([cell[shown] for shown in row.cells])
    return (
        f'<tr data-row="{row.enrolment_id}"><th scope="row">{escape(row.full_name)}</th>{marks}'
        f'<td class="result" tabindex="-1" aria-readonly="true">{escape(row.result)}</td></tr>\n'
    )
