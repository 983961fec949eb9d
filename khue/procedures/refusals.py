"""What the rules of procedures say no to."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class NotOpen(Refusal):
    code = "not_open"
    message = _("Thủ tục này hiện không nhận hồ sơ ở cơ quan này. Hãy chọn cơ quan hoặc thủ tục khác.")


class PartnerMissing(Refusal):
    code = "partner_missing"
    message = _("Hãy chọn cơ quan thứ hai, khác với nơi nhận hồ sơ.")


class ContactMissing(Refusal):
    code = "contact_missing"
    field = "phone"
    message = _("Hãy ghi số điện thoại hoặc địa chỉ email để cơ quan liên hệ được.")


class PaperMissing(Refusal):
    code = "paper_missing"
    message = _("Còn thiếu tệp: %(names)s. Hãy chụp ảnh hoặc chọn tệp rồi gửi lại.")


class TooManyFiles(Refusal):
    code = "too_many_files"
    message = _("Mỗi hồ sơ giữ nhiều nhất %(most)s tệp. Hãy gộp các ảnh vào một tệp PDF.")


class FileUsed(Refusal):
    code = "file_used"
    message = _("Tệp “%(name)s” đã nằm trong một hồ sơ. Hãy chọn lại tệp.")


class StepIsDone(Refusal):
    code = "step_is_done"
    message = _("Bước này đã có người làm xong. Hãy tải lại trang.")


class CaseWaits(Refusal):
    code = "case_waits"
    message = _("Hồ sơ đang chờ người nộp bổ sung, chưa làm tiếp được.")


class CaseIsOver(Refusal):
    code = "case_is_over"
    message = _("Hồ sơ này đã kết thúc.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    message = _("Hãy ghi rõ lý do; người nộp hồ sơ sẽ đọc lý do này.")


class AskedAlready(Refusal):
    code = "asked_already"
    message = _("Chỉ được yêu cầu bổ sung một lần. Hồ sơ này đã được yêu cầu ngày %(day)s.")


class NothingWanted(Refusal):
    code = "nothing_wanted"
    field = "wanted"
    message = _("Hãy ghi đủ những gì cần bổ sung; chỉ được yêu cầu một lần.")


class NothingAsked(Refusal):
    code = "nothing_asked"
    message = _("Hồ sơ này không chờ bổ sung.")


class AnswerEmpty(Refusal):
    code = "answer_empty"
    field = "answer"
    message = _("Hãy ghi nội dung bổ sung, hoặc gửi kèm tệp.")


class NotLate(Refusal):
    code = "not_late"
    message = _("Hồ sơ chưa quá hạn nên không cần phiếu xin lỗi.")


class ApologisedAlready(Refusal):
    code = "apologised_already"
    message = _("Chỉ được xin lỗi và hẹn lại một lần. Hồ sơ này đã có phiếu xin lỗi.")


class PromiseTooEarly(Refusal):
    code = "promise_too_early"
    field = "promised_on"
    message = _("Ngày hẹn lại phải sau hôm nay và là ngày làm việc.")


class NotFinished(Refusal):
    code = "not_finished"
    message = _("Hồ sơ chưa kết thúc nên chưa đánh giá được.")


class RatedAlready(Refusal):
    code = "rated_already"
    message = _("Hồ sơ này đã được đánh giá. Xin cảm ơn.")


class NoSuchCase(Refusal):
    code = "no_such_case"
    message = _("Không tìm thấy hồ sơ với mã và ngày sinh này. Hãy xem lại giấy hẹn.")


class TooManyTries(Refusal):
    code = "too_many_tries"
    message = _("Đã thử quá nhiều lần. Hãy thử lại sau %(minutes)s phút.")


class KeyTaken(Refusal):
    code = "key_taken"
    field = "title"
    message = _("Đã có thủ tục tên này. Hãy đặt tên khác.")


class TitleMissing(Refusal):
    code = "title_missing"
    field = "title"
    message = _("Hãy ghi tên thủ tục.")


class DrawingUnusable(Refusal):
    code = "drawing_unusable"
    field = "drawing"
    message = _("Bản vẽ chưa dùng được. %(problems)s")


class SheetUnusable(Refusal):
    code = "sheet_unusable"
    field = "questions"
    message = _("Biểu mẫu chưa dùng được. %(problem)s")


class PublishedAlready(Refusal):
    code = "published_already"
    message = _("Phiên bản này đã công bố nên không sửa được. Hãy tạo phiên bản mới.")


class DaysOutOfRange(Refusal):
    code = "days_out_of_range"
    field = "working_days"
    message = _("Thời hạn phải từ 0 đến 200 ngày làm việc.")


class StartsInThePast(Refusal):
    code = "starts_in_the_past"
    field = "valid_from"
    message = _("Phiên bản mới phải có hiệu lực từ hôm nay trở đi.")
