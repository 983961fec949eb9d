"""Making the timetables of four Vietnamese schools, beside FET's own program on the same files in the same run.

timetable.SCHOOL           the slowest of five seeds until every rule that must hold does, by the checker's count
timetable.SCHOOL.conflicts rules still broken after that minute, the worst of the five seeds: 0 when all were solved
timetable.large_school     the same for one seed of a school of 53 classes (bench/school.py), at most two minutes

Seconds of two processors, which is what our two threads take by the clock where nobody else works: the processor
seconds of both, halved. (CP-SAT has one thread: a search that asks it takes up to six seconds more by the clock.) A
minute is the most for a file, and three minutes of the wall clock, so that the whole ends within the hour on any
machine. FET's program has one thread, and a minute of one processor. What each seed took is printed as it ends.
Needs Debian's `fet` and `fet-data`; without them nothing is measured and the benchmark fails.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import django

from bench.row import Row
from bench.school import large_school

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
django.setup()

from khue.timetable.solver import fet  # noqa: E402 - Django first
from khue.timetable.solver.problem import Problem  # noqa: E402  as above
from khue.timetable.solver.progress import Progress  # noqa: E402  as above
from khue.timetable.solver.search import solve  # noqa: E402  as above

VIETNAM = Path("/usr/share/doc/fet-data/examples/FET-5-official/Vietnam")
SCHOOLS = {
    "hung_yen": "VietNamHungYen",
    "duc_hop": "TKB-THCS-DucHop",
    "le_quy_don_chieu": "Khoi-chieu",
    "le_quy_don_sang": "Khoi-sang",
}
SEEDS = range(1, 6)
LIMIT = 60
LARGE_LIMIT = 120
THREADS = 2
WALL = 3
"""How much longer a run may take by the clock, on a busy machine."""


def rows() -> Iterator[Row]:
    """Two rows a school: how long until it is solved, and what is left where it is not."""
    for name, begins in SCHOOLS.items():
        [path] = VIETNAM.glob(f"*/{begins}*.fet")
        problem = fet.read(path.read_bytes()).problem
        runs = [_ours(problem, seed, LIMIT) for seed in SEEDS]
        worst, left = max(seconds for seconds, _ in runs), max(conflicts for _, conflicts in runs)
        theirs = _theirs(path)
        yield Row(
            f"timetable.{name}", round(worst, 1), "s of 2 processors", f"fet-cl, at most {LIMIT} s", round(theirs, 1),
            round(worst / theirs, 1), f"<= {LIMIT}", ok=worst <= LIMIT and left == 0,
        )  # fmt: skip
        yield Row(f"timetable.{name}.conflicts", left, "rules", budget="<= 0", ok=left == 0)
    seconds, left = _ours(large_school(1), 1, LARGE_LIMIT)
    yield Row(
        "timetable.large_school", round(seconds, 1), "s of 2 processors", budget=f"<= {LARGE_LIMIT}",
        ok=seconds <= LARGE_LIMIT and left == 0,
    )  # fmt: skip
    yield Row("timetable.large_school.conflicts", left, "rules", budget="<= 0", ok=left == 0)


def _ours(problem: Problem, seed: int, limit: int) -> tuple[float, int]:
    """Seconds until the first timetable that may be published, and what is wrong when there is none."""
    begin = process_time()

    def seconds() -> float:
        return (process_time() - begin) / THREADS

    def watch(progress: Progress) -> bool:
        return progress.conflicts > 0 and seconds() < limit

    answer = solve(problem, seed=seed, seconds=limit * WALL, watch=watch)
    took = seconds()
    print(
        f"{problem.name}, seed {seed}: {took:.1f} s, by the clock {answer.seconds:.0f}, {answer.conflicts} conflicts",
        file=sys.stderr, flush=True,
    )  # fmt: skip
    return took, answer.conflicts


def _theirs(path: Path) -> float:
    """Processor seconds of `fet-cl` with one seed, whether or not it came to an answer."""
    before = os.times()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                "fet-cl", f"--inputfile={path}", f"--outputdir={folder}", f"--timelimitseconds={LIMIT}",
                *(f"--randomseeds{part}={seed}" for seed, part in enumerate((10, 11, 12, 20, 21, 22), start=1)),
            ],
            stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system
