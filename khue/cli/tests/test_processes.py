"""What the supervisor has when it forks: everything loaded, no connection, no thread."""

import os
import subprocess
import sys
from pathlib import Path

LOAD = """
import threading
from khue.cli import processes
processes.preload()
processes.preload_application()
import django.db, sys
print("khue.wsgi" in sys.modules, [c.connection for c in django.db.connections.all()], threading.active_count())
heavy = "ninja pandas ortools weasyprint numpy numba ibis pyarrow pyhanko httpx rich pygments vietnam_provinces".split()
print([name for name in heavy if name in sys.modules])
"""


def test_a_fork_finds_the_product_loaded_and_no_connection_to_share() -> None:
    ran = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines() == ["True [None, None] 1", "[]"]


def test_a_folder_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    occupied = tmp_path / "var"
    occupied.write_text("a file")

    ran = subprocess.run(
        [sys.executable, "-m", "khue.cli", "serve"],
        capture_output=True, text=True, env={**os.environ, "KHUE_VAR": str(occupied), "MALLOC_ARENA_MAX": "2"},
    )  # fmt: skip

    assert ran.returncode == 1
    assert f"khue serve: File exists: {occupied}. A node keeps its data in var/" in ran.stderr
    assert "Traceback" not in ran.stderr
