"""The web of one node, on every address of its namespace."""

from granian.constants import Interfaces

from khue.cli import processes
from tests.resilience.network import PORT

if __name__ == "__main__":
    processes.preload()
    processes._serve(
        "khue.wsgi:application", interface=Interfaces.WSGI, address="0.0.0.0", port=PORT, workers=1,
        blocking_threads=2, backpressure=16,
    )  # fmt: skip
