"""`python -m bench.lake_count ROOT FIRST LAST MEMORY`: count a lake with DuckDB and say what it took, as JSON.

A process of its own, so that its memory is its own.
"""

import json
import resource
import sys
import time
from pathlib import Path

from khue.indicators.lake.answers import Span
from khue.indicators.lake.engines import DuckDB


def main(root: str, first: str, last: str, memory: str) -> None:
    """Every indicator of every unit; figures themselves are written to standard error for who compares them."""
    begun = time.monotonic()
    found = DuckDB(memory=memory).counts(Path(root), Span(first, last))
    seconds, usage = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}
    country = {row.code: [row.numerator, row.denominator, row.unknown] for row in found if row.level == "country"}
    print(json.dumps({**took, "figures": len(found), "country": country}))


if __name__ == "__main__":
    main(*sys.argv[1:])
