"""A small lake from lists of rows, and the indicators counted from the same lists in plain Python."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from khue.indicators.extensions import FACT_TABLES, FILE, FactTable
from khue.indicators.lake.answers import UnitCount

TYPES = {"int64": pyarrow.int64(), "int8": pyarrow.int8(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


def schema(table: FactTable) -> pyarrow.Schema:
    return pyarrow.schema([(name, TYPES.get(kind, pyarrow.string())) for name, kind in table.columns])


def write(root: Path, rows: Rows) -> None:
    """Each row names its month and province beside the columns of its table."""
    for table in FACT_TABLES:
        parts: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows.get(table.name, []):
            parts[row["month"], row["province"]].append(
                {k: v for k, v in row.items() if k not in ("month", "province")}
            )
        for (month, province), found in parts.items():
            folder = root / table.folder(month, province)
            folder.mkdir(parents=True)
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(found, schema(table)), folder / FILE)


def counted(rows: Rows, first: str, last: str) -> list[UnitCount]:
    """What the engines must find, a row at a time."""
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    communes = {row["school"]: row["commune"] for row in rows["schools"] if row["month"] == last}

    def add(code: str, row: Row, *amounts: int) -> None:
        units = [("country", "VN"), ("province", row["province"]), ("school", str(row["school"]))]
        if row["school"] in communes:
            units.append(("commune", communes[row["school"]]))
        for level, unit in units if row["school"] else units[:1]:
            for place, amount in enumerate(amounts):
                sums[level, unit, code][place] += amount

    active = {(r["school"], r["person"]) for r in rows["active_days"] if first <= r["month"] <= last}
    for row in rows["people"]:
        if row["month"] == last:
            said = [row["has_device"], row["has_connection"], row["has_software"]]
            answered = any(x is not None for x in said)
            add("A1", row, all(said), answered, not answered)
            add("B2", row, row["has_code"], 1, 0)
            if row["is_pupil"]:
                add("A2", row, (row["school"], row["person"]) in active, 1, 0)
    for row in rows["lessons"]:
        if first <= row["month"] <= last:
            add("A5" if row["grade"] <= 5 else "A6", row, row["is_online"], 1, 0)
    for row in rows["schools"]:
        if row["month"] == last:
            add("B1", row, row["has_pupils"], 1, 0)
            add("B3", row, row["recorded"], row["things"], 0)
            add("B6", row, row["has_workspace"], 1, 0)
    for row in rows["outcomes"]:
        if row["month"] == last:
            add("A3", {**row, "school": 0}, row["is_covered"], 1, 0)
    return sorted(UnitCount(*key, *amounts) for key, amounts in sums.items())


def made_up() -> Rows:
    """Two provinces with three schools each, two months, every kind of answer and of lesson."""
    rows: dict[str, list[Row]] = {table.name: [] for table in FACT_TABLES}
    for province in ("08", "82"):
        for n in range(3):
            school = int(province) * 10 + n
            for month in ("2026-09", "2026-11"):
                at = {"month": month, "province": province, "school": school}
                rows["schools"].append(
                    at | {"commune": f"{province}00{n % 2}", "ownership": "1", "is_disadvantaged": n == 1,
                          "has_pupils": n != 2, "has_workspace": n == 0, "things": 10 * n, "recorded": 7 * n}
                )  # fmt: skip
                day = date(2026, int(month[-2:]), 3)
                for i in range(20):
                    says = [(None, None, None), (True, True, True), (True, None, None), (True, False, True)][i % 4]
                    rows["people"].append(
                        at | {"person": school * 100 + i, "class": 1 if i < 16 else None, "is_pupil": i < 16,
                              "grade": 1 + n * 4 if i < 16 else None, "has_code": i % 5 > 0,
                              "has_device": says[0], "has_connection": says[1], "has_software": says[2]}
                    )  # fmt: skip
                    lesson = {"class": 1, "grade": 1 + i % 12, "day": day, "is_online": i % 7 == n}
                    rows["lessons"].append(at | lesson)
                    if i % 3 == n:
                        rows["active_days"].append(at | {"person": school * 100 + i, "day": day})
    for outcome in range(8):
        rows["outcomes"].append(
            {"month": "2026-11", "province": "00", "outcome": outcome, "grade": 6, "is_covered": outcome < 3}
        )
    return rows
