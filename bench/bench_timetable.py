"""Making the timetables of four Vietnamese schools, beside FET's own program on the same files in the same run.

timetable.SCHOOL           the slowest of five seeds until every rule that must hold does, by the checker's count
timetable.SCHOOL.conflicts rules still broken after a minute, the worst of the five seeds: 0 when all were solved
timetable.large_school     the same for one seed of a school of 53 classes (bench/school.py), at most two minutes

Processor seconds, because other work on the machine is not ours. A minute is the most each of the two may take for a
file, and three minutes of the wall clock, so that the whole ends within the hour on any machine. What each seed took
is printed as it ends.
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
WALL = 3
"""How much longer than its processor seconds a run may take by the clock, on a busy machine."""


def rows() -> Iterator[Row]:
    """Two rows a school: how long until it is solved, and what is left where it is not."""
    for name, begins in SCHOOLS.items():
        [path] = VIETNAM.glob(f"*/{begins}*.fet")
        problem = fet.read(path.read_bytes()).problem
        runs = [_ours(problem, seed, LIMIT) for seed in SEEDS]
        worst, left = max(seconds for seconds, _ in runs), max(conflicts for _, conflicts in runs)
        theirs = _theirs(path)
        yield Row(
            f"timetable.{name}", round(worst, 1), "processor s", f"fet-cl, at most {LIMIT} s", round(theirs, 1),
            round(worst / theirs, 1), f"<= {LIMIT}", ok=worst <= LIMIT and left == 0,
        )  # fmt: skip
        yield Row(f"timetable.{name}.conflicts", left, "rules", budget="<= 0", ok=left == 0)
    seconds, left = _ours(large_school(1), 1, LARGE_LIMIT)
    yield Row(
        "timetable.large_school", round(seconds, 1), "processor s", budget=f"<= {LARGE_LIMIT}",
        ok=seconds <= LARGE_LIMIT and left == 0,
    )  # fmt: skip
    yield Row("timetable.large_school.conflicts", left, "rules", budget="<= 0", ok=left == 0)


def _ours(problem: Problem, seed: int, limit: int) -> tuple[float, int]:
    """Processor seconds until the first timetable that may be published, and what is wrong when there is none."""
    begin = process_time()

    def watch(progress: Progress) -> bool:
        return progress.conflicts > 0 and process_time() - begin < limit

    answer = solve(problem, seed=seed, seconds=limit * WALL, watch=watch)
    seconds = process_time() - begin
    print(f"{problem.name}, seed {seed}: {seconds:.1f} s, {answer.conflicts} conflicts", file=sys.stderr, flush=True)
    return seconds, answer.conflicts


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
