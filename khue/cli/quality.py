"""`make check`: every gate a change passes before anybody reads it."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent

GATES: dict[str, list[str]] = {
    "types": [str(BIN / "mypy"), "khue"],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "import contracts": [str(BIN / "lint-imports")],
    "templates": [str(BIN / "djlint"), "khue", "--lint", "--quiet"],
    "catalogues": [sys.executable, "-m", "khue.cli.messages", "check"],
    "settings": [sys.executable, "manage.py", "check"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def _passed(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - begun:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """Run all gates, two at a time; 1 if any failed, after all have spoken."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(_passed, GATES.keys(), GATES.values()))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
