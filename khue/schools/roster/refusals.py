"""Files that cannot be read at all, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class FileTooBig(Refusal):
    code = "roster_file_too_big"
    field = "file"
    message = _("Tệp lớn hơn %(limit)s MB. Hãy chia danh sách thành nhiều tệp, ví dụ mỗi khối một tệp.")


class EmptyFile(Refusal):
    code = "roster_file_empty"
    field = "file"
    message = _("Tệp rỗng. Hãy chọn lại tệp danh sách.")


class FileMissing(Refusal):
    code = "roster_file_missing"
    field = "file"
    message = _("Chưa chọn tệp. Hãy chọn tệp danh sách học sinh.")


class NotAWorkbook(Refusal):
    code = "roster_not_a_workbook"
    field = "file"
    message = _("Đây không phải tệp Excel (.xlsx). Hãy mở danh sách bằng Excel, chọn “Lưu thành” và chọn loại .xlsx.")


class OldWorkbook(Refusal):
    code = "roster_old_workbook"
    field = "file"
    message = _("Đây là tệp Excel cũ (.xls), dù tên có thể đã đổi. Hãy mở bằng Excel và lưu thành loại .xlsx.")


class ProtectedWorkbook(Refusal):
    code = "roster_protected"
    field = "file"
    message = _("Tệp có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu và tải lên lại.")


class WorkbookWithMacros(Refusal):
    code = "roster_with_macros"
    field = "file"
    message = _("Tệp có chứa macro nên không được nhận. Hãy lưu thành loại “Excel Workbook (.xlsx)” không có macro.")


class DamagedFile(Refusal):
    code = "roster_damaged"
    field = "file"
    message = _("Tệp bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở thử bằng Excel, lưu lại rồi tải lên lần nữa.")


class Inflated(Refusal):
    code = "roster_inflated"
    field = "file"
    message = _("Tệp giải nén ra quá lớn so với một danh sách lớp. Hãy chép riêng bảng danh sách sang tệp mới.")


class TooManyCells(Refusal):
    code = "roster_too_many_cells"
    field = "file"
    message = _("Bảng tính quá rộng hoặc quá dài (%(cells)s ô). Hãy xoá các cột, dòng thừa hoặc chia thành nhiều tệp.")


class NoSheet(Refusal):
    code = "roster_no_sheet"
    field = "file"
    message = _("Tệp không có trang tính nào có dữ liệu.")


class NoHeading(Refusal):
    code = "roster_no_heading"
    field = "file"
    message = _("Không tìm thấy dòng tiêu đề. Bảng cần có ít nhất cột “Họ và tên” cùng cột “Lớp” hoặc “Ngày sinh”.")


class NoRows(Refusal):
    code = "roster_no_rows"
    field = "file"
    message = _("Dưới dòng tiêu đề không có học sinh nào.")


class TooManyRows(Refusal):
    code = "roster_too_many_rows"
    field = "file"
    message = _("Danh sách có %(rows)s dòng, nhiều nhất là %(limit)s. Hãy chia thành nhiều tệp.")


class NameColumnMissing(Refusal):
    code = "roster_name_column_missing"
    message = _("Chưa có cột nào là “Họ và tên”. Hãy chọn cột chứa họ tên học sinh.")


class FieldTwice(Refusal):
    code = "roster_field_twice"
    message = _("Có hai cột cùng được chọn là “%(name)s”. Hãy giữ lại một cột.")


class NotOneRoster(Refusal):
    code = "roster_not_oneroster"
    field = "file"
    message = _(
        "Gói OneRoster 1.2 không đúng mẫu: thiếu tệp hoặc cột trong “%(name)s”. Hãy xuất lại từ hệ thống nguồn."
    )
