"""What moves refuse, with what to do next."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class OldSchoolNotChosen(Refusal):
    code = "old_school_not_chosen"
    field = "old_school"
    message = _("Đồng ý tiếp nhận thì phải chọn trường học sinh đang học, để hệ thống hỏi trường đó.")


class ClassNotChosen(Refusal):
    code = "class_not_chosen"
    field = "school_class"
    message = _("Hãy chọn một lớp đang mở của trường cho học sinh vào.")


class NumberMissing(Refusal):
    code = "number_missing"
    field = "number"
    message = _("Hồ sơ chưa có mã định danh của học sinh. Hãy yêu cầu người nộp bổ sung.")


class PupilNotHere(Refusal):
    code = "pupil_not_here"
    field = "pupil"
    message = _("Hãy chọn đúng học sinh đang học ở trường, có ngày sinh như trong hồ sơ.")


class NoSuchMove(Refusal):
    code = "no_such_move"
    message = _("Hồ sơ này không thuộc việc chuyển trường giữa hai hệ thống.")


class LetterUnreadable(Refusal):
    code = "letter_unreadable"
    message = _("Thư về việc chuyển trường không đọc được: %(why)s.")


class CaseStillWaits(Refusal):
    code = "case_still_waits"
    message = _("Hồ sơ đang chờ người nộp bổ sung; tin của trường kia được giữ lại đến lúc đó.")
