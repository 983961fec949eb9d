"""`python -m khue.foundation.postgres start | stop | during COMMAND...`: the node's own server without the node."""

import os
import subprocess
import sys
from pathlib import Path

from khue.foundation.postgres import server

VAR = Path(os.environ.get("KHUE_VAR", Path(__file__).resolve().parents[3] / "var")).absolute()


def during(command: list[str]) -> int:
    """Run a command while the server is up; stop the server afterwards if it was not up before."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    was_running = server.is_running(VAR)
    server.start(VAR)
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 130
    finally:
        if not was_running:
            server.stop(VAR)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start"]:
            server.start(VAR)
        case ["stop"]:
            server.stop(VAR)
        case ["during", *command] if command:
            return during(command)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
