"""`khue lake`: let the facts of this node flow into the lake, and count every indicator of a month from it."""

import argparse
import re

from khue.cli import database
from khue.cli.failures import Failure


def main(arguments: list[str]) -> int:
    """What the worker's clock does every night, at once."""
    parser = argparse.ArgumentParser(prog="khue lake", description=__doc__)
    parser.add_argument(
        "--month", default="", help="the month whose figures are wanted, 2026-11; this month unless told"
    )
    parser.add_argument("--spark", default="", help="address of a Spark master; DuckDB in this process unless told")
    options = parser.parse_args(arguments)
    if options.month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", options.month):
        raise Failure(f"a month is written 2026-11, not {options.month!r}")
    with database.opened():
        from khue.foundation import clock, scope
        from khue.foundation.actor import SYSTEM
        from khue.indicators import actions

        with scope.of(SYSTEM):
            run = actions.fill_lake(actor=SYSTEM, at=clock.now(), month=options.month, spark=options.spark)
        print(f"{run.month}: {len(run.files)} files, counted by {run.engine} in {run.milliseconds} ms")
    return 0
