"""A week of a class's log as an Excel sheet, with the columns of the printed form."""

from django.http import FileResponse
from django.utils.translation import gettext as _

from khue.attendance.queries import LogLine, WeekLog
from khue.foundation import spreadsheets
from khue.foundation.spreadsheets import Cell
from khue.schools.models import SchoolClass


def sheet_of(school_class: SchoolClass, week: WeekLog) -> FileResponse:
    """The answer that saves the week."""
    columns = [
        (_("Ngày"), 12), (_("Buổi"), 8), (_("Tiết"), 6), (_("Môn học"), 20), (_("Tiết PPCT"), 10),
        (_("Học sinh vắng"), 40), (_("Tên bài, nội dung công việc"), 50), (_("Nhận xét"), 40), (_("Xếp loại"), 10),
        (_("Giáo viên kí"), 26), (_("Kí lúc"), 18), (_("Ghi chú"), 16),
    ]  # fmt: skip
    name = f"so-dau-bai-{school_class.name}-{week.monday.isoformat()}"
    return spreadsheets.download(name, columns, map(_line, week.lines))


def _line(line: LogLine) -> list[Cell]:
    log = line.log
    absent = "; ".join(f"{pupil.full_name} ({pupil.kind})" for pupil in line.absent)
    notes = [_("ghi bù")] if log and log.is_late_entry else []
    notes += [_("đã sửa")] if line.is_corrected else []
    return [
        line.day,
        _("Sáng") if line.session == "am" else _("Chiều"),
        line.period,
        line.subject,
        log.plan_number if log else None,
        absent,
        log.title if log else None,
        log.remark if log else None,
        log.rating if log else None,
        log.signed_by_name if log else None,
        log.signed_at if log else None,
        ", ".join(notes),
    ]
