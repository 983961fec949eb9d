"""Work apart: what breaks, hangs or is killed breaks alone, and the next piece of work finds a process again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from khue.foundation.apart import Broken, Gone, TooSlow, Unable, Workshop

MEMORY = 1024**3
PROGRAM = """
import os, time
from khue.foundation.apart import Unable

def prepare():
    global loaded
    loaded = os.getpid()

def work(asked):
    word, _, number = asked.decode().partition(" ")
    if word == "sleep":
        time.sleep(float(number))
    elif word == "raise":
        raise ValueError("no such thing")
    elif word == "exit":
        raise SystemExit
    elif word == "die":
        os.kill(os.getpid(), 9)
    elif word == "lack":
        raise Unable("libfoo")
    elif word == "stuff":
        held = []
        while True:
            try:
                held.append(bytes(1 << 20))
            except MemoryError:
                pass
    elif word == "hoard":
        return b"x" * int(number)
    return f"{loaded} {os.getpid()} {asked.decode()}".encode()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    return file


@pytest.fixture
def workshop(program: Path) -> Iterator[Workshop]:
    made = Workshop(program)
    yield made
    made.close()


def done(workshop: Workshop, work: str = "speak", *, seconds: int = 20) -> list[str]:
    with workshop.worker(memory=MEMORY) as worker:
        return worker.ask(work.encode(), seconds=seconds).decode().split(" ", 2)


def test_every_piece_of_work_has_a_process_and_all_are_forks_of_the_one_that_loaded(workshop: Workshop) -> None:
    first, second = done(workshop), done(workshop)

    assert first[0] == second[0] != str(os.getpid())
    assert len({first[0], first[1], second[1]}) == 3


def test_a_worker_does_one_piece_after_the_other(workshop: Workshop) -> None:
    with workshop.worker(memory=MEMORY) as worker:
        said = [worker.ask(each.encode(), seconds=20).decode().split(" ", 2) for each in ("một", "hai", "")]

    assert [each[2] for each in said] == ["một", "hai", ""]
    assert len({each[1] for each in said}) == 1


@pytest.mark.parametrize(
    ("work", "seconds", "error", "text"),
    [
        ("raise", 20, Broken, "ValueError: no such thing"), ("exit", 20, Broken, "SystemExit"),
        ("die", 20, Broken, "^$"), ("sleep 30", 1, TooSlow, "^$"),
        ("lack", 20, Unable, "libfoo"), ("hoard 2000000000", 20, Broken, "MemoryError"),
    ],
)  # fmt: skip
def test_what_breaks_says_how_and_breaks_alone(
    workshop: Workshop, work: str, seconds: int, error: type[Exception], text: str
) -> None:
    with workshop.worker(memory=MEMORY) as beside:
        with pytest.raises(error, match=text):
            done(workshop, work, seconds=seconds)

        assert beside.ask(b"whole", seconds=20).endswith(b"whole")
    assert done(workshop)[2] == "speak"


def test_what_is_too_slow_is_gone_with_all_it_held(workshop: Workshop) -> None:
    began = time.monotonic()
    with workshop.worker(memory=MEMORY) as worker:
        mine = int(worker.ask(b"speak", seconds=20).split()[1])
        with pytest.raises(TooSlow):
            worker.ask(b"sleep 60", seconds=1)

    assert time.monotonic() - began < 10
    assert _gone(mine)


def test_what_is_refused_memory_and_does_not_stop_is_ended(workshop: Workshop) -> None:
    with workshop.worker(memory=MEMORY) as beside:
        began = time.monotonic()
        with workshop.worker(memory=MEMORY) as worker, pytest.raises(Gone) as raised:
            worker.ask(b"stuff", seconds=300)

        assert not isinstance(raised.value, TooSlow)
        assert time.monotonic() - began < 60
        assert beside.ask(b"speak", seconds=20).endswith(b"speak")
    assert len(done(workshop)) == 3


def test_large_answers_of_many_threads_do_not_mix(workshop: Workshop) -> None:
    def hoarded(size: int) -> bool:
        with workshop.worker(memory=MEMORY) as worker:
            return worker.ask(f"hoard {size}".encode(), seconds=60) == b"x" * size

    sizes = [0, 1, 70_000, 3_000_001, 10_000_000, 9, 500_000, 2]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(hoarded, sizes))


def test_who_forks_may_be_killed(workshop: Workshop) -> None:
    for _time in range(5):  # it may be asked while it is still dying
        first = int(done(workshop)[0])
        os.kill(first, signal.SIGKILL)

        again = done(workshop)

        assert int(again[0]) != first
        assert again[2] == "speak"


def test_a_fork_of_the_asker_has_a_workshop_of_its_own(workshop: Workshop) -> None:
    first = done(workshop)[0]
    ours, theirs = os.pipe()
    if (child := os.fork()) == 0:
        os.write(theirs, done(workshop)[0].encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(ours, 20).decode() not in ("", first)
    assert done(workshop)[0] == first


def test_nothing_is_left_of_an_asker_that_was_killed(program: Path) -> None:
    asker = subprocess.Popen(
        [sys.executable, "-c", "import sys; from khue.foundation.apart import Workshop\n"
         f"worker = Workshop({str(program)!r}).worker(memory={MEMORY})\n"
         "print(worker.ask(b'speak', seconds=20).decode(), flush=True)\nsys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert asker.stdout
    loaded, forked, _said = asker.stdout.readline().split()
    asker.kill()
    asker.communicate()

    assert _gone(int(loaded))
    assert _gone(int(forked))


def _gone(pid: int) -> bool:
    """Whether the process ends within ten seconds."""
    try:
        psutil.Process(pid).wait(10)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True
