"""What the supervisor has when it forks: everything loaded, no connection, no thread."""

import subprocess
import sys

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
