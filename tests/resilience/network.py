"""Three nodes in three network namespaces: each with a database server, a web process and a driver of its own.

school  10.231.1.2 ──── 10.231.1.1  department  10.231.2.1 ──── 10.231.2.2  ministry
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from khue.foundation.postgres import server
from tests import warm
from tests.resilience.node import ROOT

PORT = 8000
DRIVER = "tests.resilience.exchange_driver"


def missing() -> str:
    """Why namespaces cannot be made here; "" where they can."""
    if os.geteuid() != 0:
        return "not root"
    if shutil.which("ip") is None:
        return "iproute2 is not installed"
    done = subprocess.run(["ip", "netns", "add", "khue-probe"], capture_output=True, text=True)
    subprocess.run(["ip", "netns", "delete", "khue-probe"], capture_output=True)
    return done.stderr.strip() if done.returncode else ""


def ip(*arguments: str) -> None:
    """One command of iproute2."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Cable:
    """Two interfaces, one in each of two namespaces."""

    def __init__(self, one: str, one_address: str, other: str, other_address: str) -> None:
        self.ends = ((one, f"v{one[-6:]}"), (other, f"w{one[-6:]}"))
        ip("link", "add", self.ends[0][1], "type", "veth", "peer", "name", self.ends[1][1])
        for (space, name), address in zip(self.ends, (one_address, other_address), strict=True):
            ip("link", "set", name, "netns", space)
            ip("-n", space, "address", "add", f"{address}/24", "dev", name)
            ip("-n", space, "link", "set", name, "up")

    def cut(self) -> None:
        """Nothing passes any more."""
        ip("-n", self.ends[0][0], "link", "set", self.ends[0][1], "down")

    def mend(self) -> None:
        """Everything passes again."""
        ip("-n", self.ends[0][0], "link", "set", self.ends[0][1], "up")


class NetNode:
    """One node in a namespace of its own."""

    def __init__(self, name: str, folder: Path, address: str) -> None:
        self.name, self.folder, self.address = name, folder, address
        self.space = f"khue-{name}-{os.getpid()}"
        self.url = f"http://{address}:{PORT}"
        self.clock = folder / "clock"
        self.life = 0
        self.processes: list[warm.Process] = []
        folder.mkdir()
        self.clock.write_text("0")
        ip("netns", "add", self.space)
        ip("-n", self.space, "link", "set", "lo", "up")

    @property
    def var(self) -> Path:
        """The data of this life: a restored node begins a new one."""
        return self.folder / f"var{self.life}"

    def begin(self, archive: Path) -> None:
        """Start the database server, restore an archive into it, and answer."""
        self.var.mkdir()
        self.run("khue.foundation.postgres", "start")
        self.run("tests.resilience.exchange_restore", str(archive))
        self.web = self.start("tests.resilience.exchange_web", stdin=subprocess.DEVNULL)
        self.driver = self.start(DRIVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask("ready")

    def restore(self, archive: Path) -> None:
        """The machine is gone; go on on a new one from a backup, at the same address."""
        self.stop()
        self.life += 1
        self.begin(archive)

    def back_up(self, archive: Path) -> Path:
        """`khue backup`."""
        self.run("khue.cli", "backup", str(archive))
        return archive

    def ask(self, deed: str, **given: object) -> object:
        """Have the driver do something in this node. Raises AssertionError with what it says."""
        return self.answer(self.tell(deed, **given))

    def tell(self, deed: str, **given: object) -> str:
        """Begin it, without waiting."""
        self.driver.stdin.write(json.dumps({"deed": deed, **given}) + "\n")
        self.driver.stdin.flush()
        return deed

    def answer(self, deed: str) -> object:
        """What came of what was begun."""
        line = self.driver.stdout.readline()
        assert line, f"{self.name} died: {(self.folder / 'log').read_text()[-3000:]}"
        told = json.loads(line)
        assert "error" not in told, f"{self.name} {deed}: {told['error']}"
        return told["value"]

    def move_clock(self, seconds: int) -> None:
        """From now on this node believes that it is so much later."""
        self.clock.write_text(str(seconds))

    def run(self, module: str, *arguments: str) -> str:
        """A command in this node."""
        with (self.folder / "log").open("a") as log:
            code, said = warm.run(self._program(module, *arguments), stderr=log)
        assert code == 0, f"{self.name} {module} {arguments}: {said} {(self.folder / 'log').read_text()[-3000:]}"
        return said

    def start(self, module: str, **streams: int) -> warm.Process:
        """A process that goes on."""
        with (self.folder / "log").open("a") as log:
            made = warm.Process(self._program(module), stderr=log, **streams)
        self.processes.append(made)
        return made

    def stop(self) -> None:
        """Nothing of this life is left running."""
        for process in self.processes:
            process.kill()
            process.wait(10)
        self.processes.clear()
        server.stop(self.var)

    def clear_away(self) -> None:
        """Nothing is left at all."""
        self.stop()
        for var in self.folder.glob("var*"):
            if (var / "postgres.home").exists():
                shutil.rmtree((var / "postgres.home").read_text().strip(), ignore_errors=True)
        ip("netns", "delete", self.space)

    def _program(self, module: str, *arguments: str) -> warm.Program:
        return warm.Program(self._environment(), module=module, arguments=arguments, space=self.space)

    def _environment(self) -> dict[str, str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("KHUE_", "DATABASE_", "PYTEST"))}
        return plain | {
            "KHUE_VAR": str(self.var), "KHUE_PG_VOLATILE": "1", "KHUE_HOSTS": self.address, "KHUE_WEB_WORKERS": "1",
            "KHUE_MOVED_CLOCK": str(self.clock), "PYTHONPATH": str(ROOT / "tests/journeys/moved_clock"),
            "DJANGO_SETTINGS_MODULE": "khue.settings",
        }  # fmt: skip


def wait_for(url: str, space: str, seconds: float = 60) -> None:
    """Until a node's web answers somebody in a namespace."""
    probe = f"import urllib.request as u; u.urlopen(u.Request('{url}/api/exchange/nonce', b'', " \
            "{'Authorization': 'Bearer none'}), timeout=3)"  # fmt: skip
    end = time.monotonic() + seconds
    while subprocess.run(["ip", "netns", "exec", space, sys.executable, "-c", probe], capture_output=True).returncode:
        assert time.monotonic() < end, f"{url} does not answer"
        time.sleep(0.3)
