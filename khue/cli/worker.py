"""`khue worker`: background work alone, for a machine beside the one that serves."""

from khue.cli import database, processes
from khue.cli.failures import Failure


def main(arguments: list[str]) -> int:
    """Work until told to stop."""
    if arguments:
        raise Failure("khue worker takes no arguments")
    with database.opened():
        processes.worker()
    return 0
