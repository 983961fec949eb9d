"""Why an action on a mark-book or on a pupil's year is refused."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class NoRuleSet(Refusal):
    code = "no_rule_set"
    message = _("Chưa có quy định về cột điểm cho khối %(grade)s vào ngày %(day)s, nên chưa mở được sổ điểm.")


class BookIsLocked(Refusal):
    code = "mark_book_locked"
    message = _("Sổ điểm đã khoá. Hãy gửi yêu cầu sửa điểm kèm lí do để hiệu trưởng duyệt.")


class BookIsOpen(Refusal):
    code = "mark_book_open"
    message = _("Sổ điểm chưa khoá: Thầy/Cô sửa thẳng trong ô điểm, không cần yêu cầu.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Hãy ghi lí do sửa điểm, ít nhất 10 chữ cái, để hiệu trưởng xem xét.")
    field = "reason"


class MarkNotUnderstood(Refusal):
    code = "mark_not_understood"
    message = _("“%(typed)s” không phải là điểm. Nhập từ 0 đến 10 với nhiều nhất một chữ số thập phân, hoặc M (miễn).")
    field = "mark"


class ColumnClosed(Refusal):
    code = "column_closed"
    message = _("Chưa đến hoặc đã hết thời gian nhập loại điểm này. Hãy đề nghị hiệu trưởng mở lại.")


class OtherStrand(Refusal):
    code = "other_strand"
    message = _("Cột này do giáo viên dạy phần %(strand)s nhập.")


class CorrectionDecided(Refusal):
    code = "correction_decided"
    message = _("Yêu cầu này đã được xử lí.")


class ResultsStand(Refusal):
    code = "results_stand"
    message = _("Hiệu trưởng đã duyệt kết quả cả năm của lớp, nên không sửa được nữa.")


class WindowClosed(Refusal):
    code = "window_closed"
    message = _("Chỉ nhập được từ %(opens)s đến hết %(closes)s. Hãy đề nghị hiệu trưởng mở lại thời gian nhập.")


class WindowOutOfOrder(Refusal):
    code = "window_out_of_order"
    message = _("Ngày đóng phải từ ngày mở trở đi.")
    field = "closes_on"


class ReasonNeeded(Refusal):
    code = "reason_needed"
    message = _("Hãy ghi lí do, ít nhất 10 chữ cái.")
    field = "reason"


class NotAResult(Refusal):
    code = "not_a_result"
    message = _("“%(typed)s” không phải là kết quả của môn này. Nhập điểm từ 0 đến 10, hoặc Đ / CĐ.")
    field = "result"


class NotReassessed(Refusal):
    code = "not_reassessed"
    message = _("Môn này không thuộc diện đánh giá lại: chỉ môn dưới 5,0 hoặc Chưa đạt của em chưa được lên lớp.")


class NotInTraining(Refusal):
    code = "not_in_training"
    message = _("Em không thuộc diện rèn luyện trong hè, hoặc nhiệm vụ chưa được hiệu trưởng duyệt.")


class NothingToDecide(Refusal):
    code = "nothing_to_decide"
    message = _("Mức học tập của em này rõ ràng theo thông tư, không cần quyết định.")


class MeetingTooEarly(Refusal):
    code = "meeting_too_early"
    message = _("Còn %(pupils)s em chưa đủ kết quả. Hãy hoàn tất điểm và rèn luyện trước khi trình duyệt.")


class NobodyInClass(Refusal):
    code = "nobody_in_class"
    field = "held_on"
    message = _("Vào ngày này lớp không có học sinh nào. Hãy xem lại ngày họp.")


class MakeUpSettled(Refusal):
    code = "make_up_settled"
    message = _("Bài kiểm tra bù này đã xong.")


class MakeUpTooEarly(Refusal):
    code = "make_up_too_early"
    message = _("Chưa hết hạn kiểm tra bù (%(due)s), nên chưa ghi 0 điểm được.")


class NotAPrimaryEntry(Refusal):
    code = "not_a_primary_entry"
    message = _("“%(typed)s” không hợp lệ: mức là T, H, C (phẩm chất, năng lực: T, Đ, C); kiểm tra là số từ 1 đến 10.")


class AwardNotDue(Refusal):
    code = "award_not_due"
    message = _("Chỉ học sinh được đánh giá Hoàn thành tốt mới được bình chọn tiêu biểu.")


class NoMarkColumns(Refusal):
    code = "no_mark_columns"
    field = "file"
    message = _(
        "Không thấy cột “Họ và tên” và cột điểm (TX 1, Giữa kì, Cuối kì) trong tệp. Hãy dùng tệp mẫu tải từ sổ."
    )


class ImportHasProblems(Refusal):
    code = "mark_import_has_problems"
    message = _("Tệp còn %(problems)s chỗ sai nên chưa ghi điểm nào. Hãy sửa trong Excel rồi tải lên lại.")


class MarksMovedOn(Refusal):
    code = "marks_moved_on"
    message = _("Điểm trong sổ vừa đổi sau khi Thầy/Cô xem trước, nên chưa ghi gì. Hãy xem lại rồi xác nhận.")


class NothingToTake(Refusal):
    code = "nothing_to_take"
    message = _("Mọi điểm trong tệp đã có trong sổ.")


class ImportTaken(Refusal):
    code = "mark_import_taken"
    message = _("Tệp này đã được ghi vào sổ.")


class OriginMissing(Refusal):
    code = "origin_missing"
    message = _("Hãy ghi tên trường cũ.")
    field = "origin"


class MarkNotReceived(Refusal):
    code = "mark_not_received"
    message = _("Chưa nhận điểm nào: %(reason)s")


class NothingToLock(Refusal):
    code = "nothing_to_lock"
    message = _("Mọi sổ điểm của học kì này đã khoá.")
