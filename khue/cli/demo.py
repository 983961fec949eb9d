"""`khue demo`: load the demonstration province into this node, or write a synthetic country to the lake."""

import argparse
import importlib
import importlib.util
from typing import Any

from khue.cli import database
from khue.cli.failures import Failure

NATIONAL = 0


def _scale(text: str) -> int:
    return NATIONAL if text == "national" else int(text)


def main(arguments: list[str]) -> int:
    """Load the province, migrating an empty database first."""
    parser = argparse.ArgumentParser(prog="khue demo", description=__doc__)
    parser.add_argument("--scale", type=_scale, default=3, help="schools to generate, up to 1,000, or: national")
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("khue.demo.actions") is None:
        raise Failure("this release has no demonstration province")
    with database.opened():
        from khue.cli import prepare

        prepare.prepare(with_demonstration=False)
        actions: Any = importlib.import_module("khue.demo.actions")
        if options.scale == NATIONAL:
            print(*(f"{table}: {rows:,}" for table, rows in actions.write_country().items()), sep="\n")
            return 0
        prepare.load_demonstration(options.scale)
        prepare.write_sign_ins()
    return 0
