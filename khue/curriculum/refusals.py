"""What can be wrong with an outcome file as a whole."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class UnreadableFile(Refusal):
    code = "unreadable_file"
    message = _("Không đọc được tệp này (%(detail)s). Hãy lưu lại thành CSV UTF-8 hoặc CASE JSON.")
    field = "file"


class FileTooLarge(Refusal):
    code = "file_too_large"
    message = _("Tệp lớn hơn %(megabytes)s MB. Hãy chia theo từng môn, từng lớp.")
    field = "file"


class TooManyRows(Refusal):
    code = "too_many_rows"
    message = _("Tệp có %(count)s dòng, nhiều hơn %(most)s. Hãy chia theo từng môn, từng lớp.")
    field = "file"


class ColumnMissing(Refusal):
    code = "column_missing"
    message = _("Thiếu cột: %(columns)s. Dòng đầu phải có: mã, loại, mã cha, nội dung (code, kind, parent, text).")
    field = "file"


class NotCase(Refusal):
    code = "not_case"
    message = _("Tệp JSON không theo chuẩn CASE: thiếu %(missing)s.")
    field = "file"
