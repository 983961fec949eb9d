"""The file a school gets back: its own sheet with one more column that says what became of each row."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from khue.foundation.workbooks.marked import Remark, marked
from khue.foundation.workbooks.workbook import Table
from khue.schools.roster.plan import Outcome, RowPlan
from khue.schools.roster.staff_plan import TeacherPlan


def outcome_labels() -> dict[Outcome, str]:
    """What the column says of a row without anything wrong."""
    return {
        Outcome.NEW: _("Đã thêm mới"),
        Outcome.CHANGED: _("Đã cập nhật"),
        Outcome.UNCHANGED: _("Không có gì thay đổi"),
        Outcome.WRONG: _("Chưa nhập"),
    }


def report_of(table: Table, rows: Sequence[RowPlan | TeacherPlan], *, sheet_name: str, heading_row: int) -> BinaryIO:
    """Write the table again with the column "Kết quả nhập" after its last one. Returns a file at its beginning.

    heading_row  index of the lowest heading row, from 0
    """
    labels = outcome_labels()
    remarks = {done.row.line: Remark(_told(done, labels), bool(done.row.issues)) for done in rows}
    return marked(table, remarks, title=_("Kết quả nhập"), sheet_name=sheet_name, heading_row=heading_row)


def _told(done: RowPlan | TeacherPlan, labels: Mapping[Outcome, str]) -> str:
    sentences = [found.sentence for found in done.row.issues]
    return f"{labels[done.outcome]}: {' '.join(sentences)}" if sentences else labels[done.outcome]
