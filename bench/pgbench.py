"""PostgreSQL's own load generator, as the baseline of what the database could do with nothing before it."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from khue.foundation.postgres import programs


def available() -> Path | None:
    """The program, or None: then say so loudly and report no ratio."""
    found = programs.folder() / "pgbench"
    return found if found.exists() else None


def rate(script: str, address: str, *, clients: int, seconds: float, scope: str) -> float:
    """Transactions a second of a one-statement script, prepared, as the application role in that scope."""
    options = {"PGOPTIONS": f"-c role=khue_app -c khue.scope={scope}"}
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [
            str(available()), "-n", "-f", file.name, "-c", str(clients), "-j", "1", "-T", f"{seconds:g}",
            "-M", "prepared", address,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **options}, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench: {done.stderr[-1000:]}")
    return float(found[1])
