"""No hidden figure follows from the printed ones: shown by linear programming, which knows nothing of the rule."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.linear_solver import pywraplp

from khue.indicators.suppression import LEAST, Cell, Key, hidden

small = st.integers(0, 12)


@st.composite
def tables(draw: st.DrawFn, parts: int) -> list[Cell]:
    """A country with provinces, and schools under some of them; every cell the sum of those below."""
    numbers, cells = count(1), []
    top = [0] * parts
    for _ in range(draw(st.integers(1, 5))):
        province, sums = next(numbers), [0] * parts
        schools = draw(st.integers(0, 4))
        for _ in range(schools):
            amounts = tuple(draw(small) for _ in range(parts))
            cells.append(Cell(next(numbers), province, amounts))
            sums = [a + b for a, b in zip(sums, amounts, strict=True)]
        if not schools:
            sums = [draw(small) for _ in range(parts)]
        cells.append(Cell(province, 0, tuple(sums)))
        top = [a + b for a, b in zip(top, sums, strict=True)]
    return [*cells, Cell(0, None, tuple(top))]


def room(cells: list[Cell], gone: frozenset[Key], part: int, key: Key) -> tuple[float, float]:
    """The least and the most that a reader of the printed cells must think possible for one part of one cell."""
    found = []
    for direction in (1, -1):
        solver = pywraplp.Solver.CreateSolver("GLOP")
        values = {cell.key: solver.NumVar(0, 1000, str(cell.key)) for cell in cells}
        for cell in cells:
            below = [values[c.key] for c in cells if c.above == cell.key]
            if below:
                solver.Add(values[cell.key] == sum(below))
            if cell.key not in gone:
                solver.Add(values[cell.key] == cell.parts[part])
        solver.Minimize(direction * values[key])
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        found.append(values[key].solution_value())
    return found[0], found[1]


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 2).flatmap(tables))
def test_no_hidden_cell_can_be_recovered_from_the_margins(cells: list[Cell]) -> None:
    gone = hidden(cells)

    for cell in cells:
        if cell.key in gone:
            for part in range(len(cell.parts)):
                lowest, highest = room(cells, gone, part, cell.key)
                assert highest - lowest >= LEAST - 1e-6, (cells, sorted(gone), cell, part)


@settings(max_examples=100, deadline=None)
@given(tables(2))
def test_no_small_figure_is_printed(cells: list[Cell]) -> None:
    gone = hidden(cells)

    for cell in cells:
        if cell.key not in gone:
            assert not any(0 < amount < LEAST for amount in (*cell.parts, sum(cell.parts)))


@given(st.lists(st.tuples(st.integers(LEAST, 99), st.integers(LEAST, 99)), min_size=1, max_size=8))
def test_a_table_without_small_figures_is_printed_whole(rows: list[tuple[int, int]]) -> None:
    cells = [Cell(n, 0, row) for n, row in enumerate(rows, 1)]
    top = (sum(row[0] for row in rows), sum(row[1] for row in rows))

    assert hidden([*cells, Cell(0, None, top)]) == frozenset()


def test_a_second_cell_is_hidden_with_the_first() -> None:
    schools = [Cell("Tân Mỹ", "xã", (3, 20)), Cell("Mỹ An", "xã", (9, 30)), Cell("Tràm Chim", "xã", (40, 50))]

    assert hidden([*schools, Cell("xã", None, (52, 100))]) == {"Tân Mỹ", "Mỹ An"}


def test_a_body_with_a_single_school_is_hidden_with_it() -> None:
    cells = [Cell("trường", "xã", (2, 6)), Cell("xã", "tỉnh", (2, 6)), Cell("xã khác", "tỉnh", (30, 30))]

    assert hidden([*cells, Cell("tỉnh", None, (32, 36))]) == {"trường", "xã", "xã khác"}


def test_a_zero_is_no_small_figure() -> None:
    assert hidden([Cell(1, 0, (0, 30)), Cell(2, 0, (20, 30)), Cell(0, None, (20, 60))]) == frozenset()
