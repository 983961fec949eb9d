"""`khue demo`: load the demonstration province into this node."""

import argparse
import importlib
import importlib.util
from typing import Any

from khue.cli import database
from khue.cli.failures import Failure


def main(arguments: list[str]) -> int:
    """Load the province, migrating an empty database first."""
    parser = argparse.ArgumentParser(prog="khue demo", description=__doc__)
    parser.add_argument("--scale", type=int, default=3, help="schools to generate, up to 1,000")
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("khue.demo.actions") is None:
        raise Failure("this release has no demonstration province")
    with database.opened():
        from khue.cli import prepare

        prepare.prepare(with_demonstration=False)
        actions: Any = importlib.import_module("khue.demo.actions")
        actions.load(scale=options.scale)
        prepare.write_sign_ins()
    return 0
