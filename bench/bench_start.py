"""How long `make run` needs once its environment is there: on a new folder, and again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import node
from bench.row import Row, at_most, noted


def rows() -> Iterator[Row]:
    """With an empty folder everything is made, the demonstration too; the second start only serves."""
    with tempfile.TemporaryDirectory() as folder:
        with node.serving(Path(folder)) as cold:
            yield noted("start.cold", cold.seconds_to_start, "s, with the demonstration")
        with node.serving(Path(folder)) as warm:
            yield at_most("start.warm", warm.seconds_to_start, "s", 10)
