"""The tables of facts in the lake, for those who write or read them. Public; no library is needed to read this page.

A table is a folder of Parquet files, one for each month and province: lessons/month=2026-11/province=82/facts.parquet.
Month and province are the names of folders, not columns of the files. Nobody's name, number or birth is in the lake: a
person is a key of this node, and figures leave it only as counts.
"""

from dataclasses import dataclass

#: The province of what belongs to none.
NOWHERE = "00"
FILE = "facts.parquet"


@dataclass(frozen=True, slots=True)
class FactTable:
    """One table of facts.

    columns      name and type, in the words that DuckDB and Ibis share
    is_snapshot  how things stood at the end of the month, against what happened in the month
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    is_snapshot: bool

    def folder(self, month: str, province: str) -> str:
        """Where a partition's file lies under the root of the lake. month "2026-11", province "82"."""
        return f"{self.name}/month={month}/province={province}"


#: A lesson held: a line of the sổ ghi đầu bài.
LESSONS = FactTable(
    "lessons",
    (("school", "int64"), ("class", "int64"), ("grade", "int8"), ("day", "date"), ("is_online", "boolean")),
    is_snapshot=False,
)
#: That a person learnt online on a day.
ACTIVE_DAYS = FactTable("active_days", (("school", "int64"), ("person", "int64"), ("day", "date")), is_snapshot=False)
#: Who learns or teaches at a school, and what they have at hand; null where nobody has said. No class for teachers.
PEOPLE = FactTable(
    "people",
    (
        ("school", "int64"),
        ("person", "int64"),
        ("class", "int64"),
        ("grade", "int8"),
        ("is_pupil", "boolean"),
        ("has_code", "boolean"),
        ("has_device", "boolean"),
        ("has_connection", "boolean"),
        ("has_software", "boolean"),
    ),
    is_snapshot=True,
)
#: A school: where it stands, whether it is run on the system, and what of its things has a digital record.
SCHOOLS = FactTable(
    "schools",
    (
        ("school", "int64"),
        ("commune", "string"),
        ("ownership", "string"),
        ("is_disadvantaged", "boolean"),
        ("has_pupils", "boolean"),
        ("has_workspace", "boolean"),
        ("things", "int64"),
        ("recorded", "int64"),
    ),
    is_snapshot=True,
)
#: A required outcome of the programme, and whether an approved resource that everybody may use teaches it.
OUTCOMES = FactTable("outcomes", (("outcome", "int64"), ("grade", "int8"), ("is_covered", "boolean")), is_snapshot=True)
FACT_TABLES = (LESSONS, ACTIVE_DAYS, PEOPLE, SCHOOLS, OUTCOMES)
