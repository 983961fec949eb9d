"""`khue worker`: background work alone, for a machine beside the one that serves."""

from khue.cli import database, processes
from khue.cli.failures import Failure
from khue.cli.supervisor import Supervisor


def main(arguments: list[str]) -> int:
    """Work until told to stop. A worker that dies, or gives way because it has grown, is followed by another."""
    if arguments:
        raise Failure("khue worker takes no arguments")
    with database.opened(), Supervisor(stop_last=lambda: None) as supervisor:
        supervisor.keep("worker", processes.worker)
        supervisor.run()
    return 0
