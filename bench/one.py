"""`python -m bench.one NAME FILE`: run one benchmark in this process and write its rows to FILE as JSON lines.

Each benchmark has a process of its own, for each sets up Django for the database it works on.
"""

import importlib
import json
import sys


def main(name: str, target: str) -> None:
    """Row by row, so that what was measured before a failure is kept."""
    with open(target, "w") as file:
        for row in importlib.import_module(f"bench.bench_{name}").rows():
            file.write(json.dumps(row.as_json(), ensure_ascii=False) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
