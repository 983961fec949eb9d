"""Finding a timetable: from a problem to starts for all its blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

from khue.timetable.solver.checker import violations
from khue.timetable.solver.domains import domains
from khue.timetable.solver.problem import AllowedStarts, BlockRule, Problem, Timetable
from khue.timetable.solver.progress import Progress, Watch, unwatched

if TYPE_CHECKING:
    from khue.timetable.solver.annealing import Walk
    from khue.timetable.solver.compiled.tables import Tables

STAY = 50
HEATS = (3.2, 3.45, 3.7, 4.0, 4.3, 4.6)
"""How hot it is for each who searches for duties: everything is frozen below, and little holds together above."""
WISHES_HOT, WISHES_COLD, FOR_WISHES = 2.0, 0.3, 12_000
"""How hot a search for wishes begins and ends, and its steps for each block."""
PATIENCE = 100_000
"""After so many steps for each block CP-SAT is asked."""
WORK = 12.0
"""How much CP-SAT may do then, in its own measure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The best timetable of a search.

    starts     None for every block that can begin nowhere at all, whatever the others do
    conflicts  0 when every rule that must hold does, by the checker's count
    is_whole   the search ended by itself: its seed finds these starts on any machine, however busy. Else the clock or
               the watcher ended it, and how far it had come by then is the machine's
    """

    starts: Timetable
    conflicts: int
    wishes: int
    seconds: float
    steps: int
    is_whole: bool


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

    seed     the same seed finds the same timetable, unless the clock ends the search: see Answer.is_whole
    begin    a timetable to begin from, as far as it has starts
    locked   blocks that stay at a start, whatever the rules say of it
    """
    # NumPy, Numba and OR-Tools are large: a process that serves pages and never searches does without them.
    from khue.timetable.solver.annealing import THREADS, Walk
    from khue.timetable.solver.compiled.tables import DUTY, tables_of

    held = dict(locked or {})
    possible, blocks = _only_placeable(problem, held)
    random = Random(seed)  # noqa: S311 - a search must be repeatable, nothing here is secret
    tables = tables_of(possible, {blocks.index(block): start for block, start in held.items()})
    walk = Walk(tables, _first(tables, begin, blocks, random), random, walkers=len(HEATS))
    judge = _Judge(problem, blocks, seconds, watch)
    can_ask = len(blocks) == len(problem.blocks)
    judge.patience = PATIENCE * len(blocks) if can_ask and not begin else None
    if can_ask and begin:
        _move(walk, judge.ask(held, begin, seed))
    walk.go(judge.for_duties, enough=DUTY - 1)
    if judge.is_out_of_patience and not walk.keeps_duties:
        judge.patience = None
        _move(walk, judge.ask(held, None, seed))
        walk.go(judge.for_duties, enough=DUTY - 1)
    if walk.keeps_duties:
        judge.begin_wishes(walk.steps)
        walk.move_to(walk.best, walkers=THREADS)
        walk.go(judge.for_wishes, enough=0)
    return judge.answer()


def _move(walk: "Walk", found: Timetable | None) -> None:
    if found is not None:
        walk.move_to([start for start in found if start is not None], walkers=len(HEATS))


def _first(tables: "Tables", known: Timetable | None, blocks: list[int], random: Random) -> list[int]:
    """Where a search begins: what is known of each block as far as it may begin there, else anywhere."""
    starts = []
    for number, block in enumerate(blocks):
        allowed = tables.starts_of(number)
        start = known[block] if known else None
        starts.append(start if start in allowed and start is not None else random.choice(allowed))
    return starts


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
    """Watches a search: counts what is wrong by the checker, keeps the best, and decides how hot it is and when over.

    Heat and patience are counted in steps, not seconds, so that a seed always gives the same timetable.
    patience   steps after which CP-SAT is asked; None when it is not
    """

    def __init__(self, whole: Problem, blocks: list[int], seconds: float, watch: Watch) -> None:
        self.whole, self.blocks = whole, blocks
        self.seconds, self.watch = seconds, watch
        self.began = monotonic()
        self.steps, self.turn, self.length = 0, 0, FOR_WISHES * len(blocks)
        self.patience: int | None = None
        self.is_cut = False
        self.best: Timetable = (None,) * len(whole.blocks)
        self.conflicts, self.wishes = len(whole.blocks), 0

    def for_duties(self, steps: int, new: tuple[int, ...] | None) -> tuple[float, ...] | None:
        """See `annealing.Look`."""
        if not self._goes_on(steps, new) or self.conflicts == self.whole_unplaceable or self.is_out_of_patience:
            return None
        return HEATS

    @property
    def is_out_of_patience(self) -> bool:
        """Whether CP-SAT is to be asked now."""
        return self.patience is not None and self.steps >= self.patience

    def begin_wishes(self, steps: int) -> None:
        """Begin a cooling for what is left of the wishes."""
        self.turn = steps

    def for_wishes(self, steps: int, new: tuple[int, ...] | None) -> tuple[float, ...] | None:
        """See `annealing.Look`."""
        if not self._goes_on(steps, new) or not self.wishes or steps - self.turn >= self.length:
            return None
        heat = WISHES_HOT * (WISHES_COLD / WISHES_HOT) ** ((steps - self.turn) / self.length)
        return (heat, heat)

    def _goes_on(self, steps: int, new: tuple[int, ...] | None) -> bool:
        self.steps = steps
        if new is not None:
            self._weigh(new)
        return self._has_leave()

    def _has_leave(self) -> bool:
        """Whether the watcher and the clock let it go on; that one of them did not is remembered."""
        if not self.is_cut:
            progress = Progress(monotonic() - self.began, self.steps, self.conflicts, self.wishes)
            self.is_cut = not self.watch(progress) or progress.seconds > self.seconds
        return not self.is_cut

    def ask(self, locked: Mapping[int, int], before: Timetable | None, seed: int) -> Timetable | None:
        """A timetable without a conflict by CP-SAT, to begin from; None when there is none or it found none."""
        from khue.timetable.solver.exact import Verdict, find

        verdict, starts = find(self.whole, seed=seed, work=WORK, locked=locked, before=before, goes_on=self._has_leave)
        return starts if verdict is Verdict.FOUND else None

    @property
    def whole_unplaceable(self) -> int:
        """Conflicts that no search can mend: blocks that can begin nowhere."""
        return len(self.whole.blocks) - len(self.blocks)

    def answer(self) -> Answer:
        """What was found."""
        return Answer(self.best, self.conflicts, self.wishes, monotonic() - self.began, self.steps, not self.is_cut)

    def _weigh(self, starts: tuple[int, ...]) -> None:
        placed = dict(zip(self.blocks, starts, strict=True))
        timetable = tuple(placed.get(block) for block in range(len(self.whole.blocks)))
        found = violations(self.whole, timetable)
        hard = sum(violation.is_hard for violation in found)
        if (hard, len(found) - hard) <= (self.conflicts, self.wishes) or self.best == (None,) * len(self.best):
            self.best, self.conflicts, self.wishes = timetable, hard, len(found) - hard
