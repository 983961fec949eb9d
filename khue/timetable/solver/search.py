"""Finding a timetable: from a problem to starts for all its blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from time import monotonic

from khue.timetable.solver.annealing import anneal
from khue.timetable.solver.checker import violations
from khue.timetable.solver.penalties import board_of, domains
from khue.timetable.solver.problem import AllowedStarts, BlockRule, Problem, Timetable
from khue.timetable.solver.progress import Progress, Watch, unwatched

FIRST_COOLING = 800_000
STAY = 50
WORK = 12.0
"""How much CP-SAT may do before annealing takes over, in its own measure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The best timetable of a search.

    starts     None for every block that can begin nowhere at all, whatever the others do
    conflicts  0 when every rule that must hold does, by the checker's count
    """

    starts: Timetable
    conflicts: int
    wishes: int
    seconds: float
    steps: int


def solve(
    problem: Problem,
    *,
    seed: int,
    seconds: float,
    watch: Watch = unwatched,
    begin: Timetable | None = None,
    locked: Mapping[int, int] | None = None,
) -> Answer:
    """Search until every duty is met, the time is over, or the watcher says stop; wishes are met on the way.

    seed     the same seed finds the same timetable, unless the clock ends the search
    begin    a timetable to begin from, as far as it has starts
    locked   blocks that stay at a start, whatever the rules say of it
    """
    held = dict(locked or {})
    possible, blocks = _only_placeable(problem, held)
    board = board_of(possible, {blocks.index(block): start for block, start in held.items()})
    random = Random(seed)  # noqa: S311 - a search must be repeatable, nothing here is secret
    judge = _Judge(problem, possible, blocks, seconds, watch)
    found = judge.ask(held, begin, seed) if len(blocks) == len(problem.blocks) else None
    known = [None if begin is None else begin[block] for block in blocks] if found is None else list(found)
    first = [
        start if start is not None and start in starts else random.choice(list(starts))
        for start, starts in zip(known, board.parts, strict=True)
    ]
    movable = [number for number, starts in enumerate(board.parts) if len(starts) > 1]
    anneal(board, first, movable, random, judge.look)
    return judge.answer()


def solve_again(
    problem: Problem,
    before: Timetable,
    *,
    seed: int,
    seconds: float,
    watch: Watch = unwatched,
    locked: Mapping[int, int] | None = None,
) -> Answer:
    """Mend a timetable after the rules changed, moving as little as the search finds possible.

    before   what was published; staying where it was is a wish of every block, beside the wishes of the problem
    """
    stays = tuple(
        AllowedStarts((block,), frozenset({start}), STAY) for block, start in enumerate(before) if start is not None
    )
    wished = replace(problem, rules=(*problem.rules, *stays))
    return solve(wished, seed=seed, seconds=seconds, watch=watch, begin=before, locked=locked)


def _only_placeable(problem: Problem, held: Mapping[int, int]) -> tuple[Problem, list[int]]:
    """The problem without the blocks that can begin nowhere, and the old numbers of those that stay."""
    kept = [number for number, starts in enumerate(domains(problem)) if starts or number in held]
    if len(kept) == len(problem.blocks):
        return problem, kept
    new = {old: number for number, old in enumerate(kept)}
    rules = tuple(
        replace(rule, blocks=tuple(new[block] for block in rule.blocks if block in new))
        if isinstance(rule, BlockRule)
        else rule
        for rule in problem.rules
    )
    return replace(problem, blocks=tuple(problem.blocks[number] for number in kept), rules=rules), kept


class _Judge:
    """Watches a search: counts what is wrong by the checker, keeps the best, and decides when it is over.

    Coolings are counted in steps, not seconds, so that a seed always gives the same timetable; each is twice as long
    as the one before, because a hard school needs one long cooling and an easy one should not wait for it.
    """

    def __init__(self, whole: Problem, problem: Problem, blocks: list[int], seconds: float, watch: Watch) -> None:
        self.whole, self.problem, self.blocks = whole, problem, blocks
        self.seconds, self.watch = seconds, watch
        self.began = monotonic()
        self.steps, self.turn, self.cooling = 0, 0, FIRST_COOLING
        self.best: Timetable = (None,) * len(whole.blocks)
        self.conflicts, self.wishes = len(whole.blocks), 0

    def look(self, steps: int, _cost: int, new: tuple[int, ...] | None) -> float | None:
        """See `annealing.Look`."""
        self.steps = steps
        if new is not None:
            self._weigh(new)
        progress = Progress(monotonic() - self.began, steps, self.conflicts, self.wishes)
        cooled = (steps - self.turn) / self.cooling
        is_done = self.conflicts == self.whole_unplaceable and (self.wishes == 0 or cooled >= 1)
        if not self.watch(progress) or is_done or progress.seconds > self.seconds:
            return None
        if cooled >= 1:
            self.turn, self.cooling, cooled = steps, self.cooling * 2, 0
        return cooled

    def ask(self, locked: Mapping[int, int], before: Timetable | None, seed: int) -> Timetable | None:
        """A timetable without a conflict by CP-SAT, to begin from; None when there is none or it found none."""
        # OR-Tools brings numpy and pandas: a process that serves pages and never searches does without them.
        from khue.timetable.solver.exact import Verdict, find

        def goes_on() -> bool:
            spent = monotonic() - self.began
            return self.watch(Progress(spent, 0, self.conflicts, self.wishes)) and spent < self.seconds

        verdict, starts = find(self.whole, seed=seed, work=WORK, locked=locked, before=before, goes_on=goes_on)
        return starts if verdict is Verdict.FOUND else None

    @property
    def whole_unplaceable(self) -> int:
        """Conflicts that no search can mend: blocks that can begin nowhere."""
        return len(self.whole.blocks) - len(self.blocks)

    def answer(self) -> Answer:
        """What was found."""
        return Answer(self.best, self.conflicts, self.wishes, monotonic() - self.began, self.steps)

    def _weigh(self, starts: tuple[int, ...]) -> None:
        placed = dict(zip(self.blocks, starts, strict=True))
        timetable = tuple(placed.get(block) for block in range(len(self.whole.blocks)))
        found = violations(self.whole, timetable)
        hard = sum(violation.is_hard for violation in found)
        if (hard, len(found) - hard) <= (self.conflicts, self.wishes) or self.best == (None,) * len(self.best):
            self.best, self.conflicts, self.wishes = timetable, hard, len(found) - hard
