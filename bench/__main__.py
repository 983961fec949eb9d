"""`python -m bench [NAME]`: run bench/bench_NAME.py, or all of them; print a table; write var/bench/latest.json.

A benchmark is a module with a function rows() that yields bench.row.Row. The exit code is 1 when a budget is missed or
a benchmark fails. With a NAME, rows of other benchmarks stay in the file as they were.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.row import Row

FOLDER = Path(__file__).parent
LATEST = Path(os.environ.get("KHUE_VAR", FOLDER.parent / "var")) / "bench" / "latest.json"


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all."""
    names = arguments or sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    measured: dict[str, list[Row]] = {}
    failed: list[str] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        measured[name], is_whole = _rows_of(name)
        if not is_whole:
            failed.append(name)
    rows = [row for found in measured.values() for row in found]
    _keep(rows, replaces=None if not arguments else set(names))
    print(_table(rows))
    for name in failed:
        print(f"FAILED to measure: {name}")
    return 1 if failed or not all(row.ok for row in rows) else 0


def _rows_of(name: str) -> tuple[list[Row], bool]:
    """What one benchmark measured, and whether it came to its end."""
    with tempfile.NamedTemporaryFile("r") as file:
        code = subprocess.call([sys.executable, "-m", "bench.one", name, file.name], cwd=FOLDER.parent)
        return [Row(**json.loads(line)) for line in file], code == 0


def _keep(rows: list[Row], replaces: set[str] | None) -> None:
    """Write the rows; those of benchmarks that were not run stay."""
    fresh = {row.name for row in rows}
    before = json.loads(LATEST.read_text()) if replaces and LATEST.exists() else []
    kept = [row for row in before if row["name"] not in fresh]
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps([*kept, *(row.as_json() for row in rows)], ensure_ascii=False, indent=1) + "\n")


def _table(rows: list[Row]) -> str:
    head = ("", "name", "value", "unit", "baseline", "", "ratio", "budget")
    body = [
        (
            "ok" if row.ok else "MISSED",
            row.name,
            f"{row.value:g}",
            row.unit,
            row.baseline or "",
            "" if row.baseline_value is None else f"{row.baseline_value:g}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.budget or "",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [head, *body]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
