"""The search: all blocks are placed from the beginning, and exchanges of lessons wear down what is wrong.

Simulated annealing. A change moves one block; whatever its class had there takes the place that became free, or the
lessons between slide along within the day. A change that makes the timetable worse is taken now and then, ever more
rarely as the search cools down, so that it does not end in the first corner.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from random import Random

from khue.timetable.solver.penalties import Board
from khue.timetable.solver.problem import Kind

HOT, COLD = 8.0, 2.2
SLIDES = 0.3
STEPS_BETWEEN_LOOKS = 16_384
Moves = list[tuple[int, int]]


class Placing:
    """A timetable that is complete and perhaps wrong, and what is wrong with it."""

    def __init__(self, board: Board, starts: list[int]) -> None:
        self.board = board
        self.starts = starts
        self.values = [0] * len(board.prices)
        for block, start in enumerate(starts):
            for cell, amount in board.parts[block][start]:
                self.values[cell] += amount
        for cell, week in enumerate(board.weeks):
            if week >= 0:
                self.values[week] += board.prices[cell][self.values[cell]][1]
        self.cost = sum(board.prices[cell][value][0] for cell, value in enumerate(self.values))
        self.rows = _rows(board)
        self.at: list[list[list[int]]] = [[[] for _ in range(board.problem.grid.size)] for _ in board.problem.resources]
        for block, start in enumerate(starts):
            self._put(block, start)

    def change(self, moves: Moves) -> tuple[int, dict[int, int]]:
        """What the cost would change by, and the new values of the cells."""
        starts, values, parts = self.starts, self.values, self.board.parts
        prices, weeks = self.board.prices, self.board.weeks
        touched: dict[int, int] = {}
        for block, start in moves:
            for cell, amount in parts[block][starts[block]]:
                touched[cell] = touched.get(cell, values[cell]) - amount
            for cell, amount in parts[block][start]:
                touched[cell] = touched.get(cell, values[cell]) + amount
        delta = 0
        later: dict[int, int] = {}
        for cell, value in touched.items():
            before = values[cell]
            if value != before:
                price = prices[cell]
                old, new = price[before], price[value]
                delta += new[0] - old[0]
                week = weeks[cell]
                if week >= 0 and new[1] != old[1]:
                    later[week] = later.get(week, values[week]) + new[1] - old[1]
        for week, value in later.items():
            delta += prices[week][value][0] - prices[week][values[week]][0]
        touched.update(later)
        return delta, touched

    def take(self, moves: Moves, delta: int, touched: dict[int, int]) -> None:
        """Make a change that was looked at."""
        for cell, value in touched.items():
            self.values[cell] = value
        for block, start in moves:
            for row, time in self._periods(block, self.starts[block]):
                self.at[row][time].remove(block)
            self._put(block, start)
            self.starts[block] = start
        self.cost += delta

    def exchange(self, block: int, start: int, row: int, slides: bool) -> Moves | None:
        """Moving a block, and what of its row makes room for it; None when something there cannot.

        slides   within a day the blocks between the old and the new start move along, instead of one exchange
        """
        parts, starts, blocks = self.board.parts, self.starts, self.board.problem.blocks
        old, length = starts[block], blocks[block].duration
        grid = self.board.problem.grid
        if grid.day(start) == grid.day(old) and (slides or abs(start - old) < length):
            low, high, shift = (old + length, start + length, -length) if start > old else (start, old, length)
        else:
            low, high, shift = start, start + length, old - start
        moves = [(block, start)]
        seen = {block}
        at = self.at[row]
        for time in range(low, high):
            for other in at[time]:
                if other not in seen:
                    its = starts[other]
                    if its < low or its + blocks[other].duration > high or its + shift not in parts[other]:
                        return None
                    moves.append((other, its + shift))
                    seen.add(other)
        return moves

    def _put(self, block: int, start: int) -> None:
        for row, time in self._periods(block, start):
            self.at[row][time].append(block)

    def _periods(self, block: int, start: int) -> list[tuple[int, int]]:
        times = range(start, start + self.board.problem.blocks[block].duration)
        return [(row, time) for row in self.rows[block] for time in times]


def _rows(board: Board) -> list[tuple[int, ...]]:
    """The resources within which a block changes places: its classes; without a class, whatever else it takes."""
    resources = board.problem.resources
    return [
        tuple(number for number in block.resources if resources[number].kind is Kind.CLASS) or block.resources[:1]
        for block in board.problem.blocks
    ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best that a search came across. cost   0 only when every rule and wish is met"""

    starts: tuple[int, ...]
    cost: int
    steps: int


Look = Callable[[int, int, tuple[int, ...] | None], float | None]
"""Called every few hundred steps with the steps so far, the best cost and, when it is new, the best starts; answers
how far the cooling has come, from 0 to 1, or None to stop."""


def anneal(board: Board, first: list[int], movable: list[int], random: Random, look: Look) -> Outcome:
    """Search from a placing until `look` says stop or nothing is wrong any more.

    movable   the blocks that may be chosen to move; others keep their start unless something pushes them
    """
    placing = Placing(board, list(first))
    choices = [list(board.parts[block]) for block in range(len(first))]
    best, cost, steps, temperature = tuple(first), placing.cost, 0, HOT
    new: tuple[int, ...] | None = best
    chance = random.random
    while cost and movable:
        if steps % STEPS_BETWEEN_LOOKS == 0:
            cooled = look(steps, cost, new)
            if cooled is None:
                break
            temperature, new = HOT * (COLD / HOT) ** cooled, None
        steps += 1
        block = movable[int(chance() * len(movable))]
        start = choices[block][int(chance() * len(choices[block]))]
        if start == placing.starts[block]:
            continue
        rows = placing.rows[block]
        row = rows[int(chance() * len(rows))] if rows else -1
        moves = placing.exchange(block, start, row, chance() < SLIDES) if rows else [(block, start)]
        if moves is None:
            continue
        delta, touched = placing.change(moves)
        if delta <= 0 or chance() < exp(-delta / temperature):
            placing.take(moves, delta, touched)
            if placing.cost < cost:
                cost, best = placing.cost, tuple(placing.starts)
                new = best
    look(steps, cost, new)
    return Outcome(best, cost, steps)
