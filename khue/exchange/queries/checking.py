"""What the rules say about a file of another system (NĐ 88/2026/NĐ-CP, Điều 22: schools may choose theirs)."""

from dataclasses import dataclass
from datetime import date

from khue.exchange import ndc
from khue.exchange.judging import judge
from khue.exchange.ndc import BrokenFile as BrokenFile
from khue.exchange.queries.rules import allowed_fields, rules_on


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """lines: (kind, key, field, what is wrong) of records that would be held back."""

    records: int
    held: int
    warned: int
    lines: list[tuple[str, str, str, str]]


def checked_file(data: bytes, on: date) -> CheckedFile:
    """The complaints about a JSON or XML file, as a department would make them on that day. Raises BrokenFile."""
    records = ndc.records_of_xml(data) if data.lstrip()[:1] == b"<" else ndc.records_of_json(data)
    judged = judge(records, rules_on(on), allowed_fields("department", on), on)
    lines = [
        (records[place].Loai, records[place].IdBanGhi, wrong.field, wrong.message)
        for place, wrongs in sorted(judged.errors.items())
        for wrong in wrongs
    ]
    return CheckedFile(len(records), len(judged.errors), len(judged.warnings), lines)
