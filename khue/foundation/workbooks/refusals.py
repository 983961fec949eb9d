"""Files that are no workbook to read, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class FileTooBig(Refusal):
    code = "workbook_file_too_big"
    field = "file"
    message = _("Tệp lớn hơn %(limit)s MB. Hãy chia thành nhiều tệp nhỏ hơn.")


class EmptyFile(Refusal):
    code = "workbook_file_empty"
    field = "file"
    message = _("Tệp rỗng. Hãy chọn lại tệp.")


class NotAWorkbook(Refusal):
    code = "workbook_not_a_workbook"
    field = "file"
    message = _("Đây không phải tệp Excel (.xlsx). Hãy mở tệp bằng Excel, chọn “Lưu thành” và chọn loại .xlsx.")


class OldWorkbook(Refusal):
    code = "workbook_old_workbook"
    field = "file"
    message = _("Đây là tệp Excel cũ (.xls), dù tên có thể đã đổi. Hãy mở bằng Excel và lưu thành loại .xlsx.")


class ProtectedWorkbook(Refusal):
    code = "workbook_protected"
    field = "file"
    message = _("Tệp có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu và tải lên lại.")


class WorkbookWithMacros(Refusal):
    code = "workbook_with_macros"
    field = "file"
    message = _("Tệp có chứa macro nên không được nhận. Hãy lưu thành loại “Excel Workbook (.xlsx)” không có macro.")


class DamagedFile(Refusal):
    code = "workbook_damaged"
    field = "file"
    message = _("Tệp bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở thử bằng Excel, lưu lại rồi tải lên lần nữa.")


class Inflated(Refusal):
    code = "workbook_inflated"
    field = "file"
    message = _("Tệp giải nén ra quá lớn so với một bảng tính. Hãy chép riêng bảng cần dùng sang tệp mới.")


class TooManyCells(Refusal):
    code = "workbook_too_many_cells"
    field = "file"
    message = _("Bảng tính quá rộng hoặc quá dài (%(cells)s ô). Hãy xoá các cột, dòng thừa hoặc chia thành nhiều tệp.")


class NoSheet(Refusal):
    code = "workbook_no_sheet"
    field = "file"
    message = _("Tệp không có trang tính nào có dữ liệu.")
