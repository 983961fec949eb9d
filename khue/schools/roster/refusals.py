"""Files that cannot be read at all, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class FileMissing(Refusal):
    code = "roster_file_missing"
    field = "file"
    message = _("Chưa chọn tệp. Hãy chọn tệp danh sách học sinh.")


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
