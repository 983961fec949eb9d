"""What the rules of the workspace say no to."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class NotNow(Refusal):
    code = "document_not_now"
    message = _("Văn bản đang ở trạng thái “%(state)s”, chưa làm được việc này. Hãy tải lại trang.")


class DueInThePast(Refusal):
    code = "due_in_the_past"
    field = "due_on"
    message = _("Hạn phải từ hôm nay trở đi.")


class DatedInTheFuture(Refusal):
    code = "dated_in_the_future"
    field = "dated_on"
    message = _("Ngày của văn bản không thể sau ngày đến. Hãy xem lại ngày ghi trên văn bản.")


class NotOfTheStaff(Refusal):
    code = "not_of_the_staff"
    message = _("Người được giao không còn làm việc ở đơn vị. Hãy chọn người khác.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "note"
    message = _("Hãy ghi lý do để người soạn biết cần sửa gì.")


class AlreadyDone(Refusal):
    code = "task_already_done"
    message = _("Việc này đã xong hoặc đã được rút lại. Hãy tải lại trang.")


class VenueTaken(Refusal):
    code = "venue_taken"
    field = "venue"
    message = _("%(venue)s đã có lịch trong khoảng giờ này: %(title)s (%(hours)s). Hãy chọn giờ hoặc phòng khác.")


class EndsBeforeItStarts(Refusal):
    code = "ends_before_it_starts"
    field = "ends"
    message = _("Giờ kết thúc phải sau giờ bắt đầu.")


class VenueNameTaken(Refusal):
    code = "venue_name_taken"
    field = "name"
    message = _("Đã có phòng hoặc thiết bị tên này.")


class NoFile(Refusal):
    code = "no_file"
    field = "file"
    message = _("Hãy chọn một tệp.")


class LeaveDaysWrong(Refusal):
    code = "staff_leave_days_wrong"
    field = "last_day"
    message = _("Ngày cuối phải từ ngày đầu trở đi, không quá 200 ngày, và số ngày nghỉ phải vừa khoảng đó.")


class LeaveAskedAlready(Refusal):
    code = "staff_leave_asked_already"
    field = "first_day"
    message = _("Những ngày này Thầy/Cô đã có đơn nghỉ. Hãy rút đơn cũ nếu muốn thay đổi.")


class NotEnoughDays(Refusal):
    code = "not_enough_days"
    field = "kind"
    message = _("Thầy/Cô còn %(left)s ngày phép, đơn này cần %(asked)s ngày. Hãy bớt ngày hoặc chọn loại nghỉ khác.")


class CoversOneself(Refusal):
    code = "covers_oneself"
    field = "cover"
    message = _("Người làm thay phải là người khác.")


class OwnLeave(Refusal):
    code = "own_leave"
    message = _(
        "Không ai tự duyệt đơn nghỉ của mình. Hãy nhờ người khác trong ban giám hiệu hoặc cơ quan quản lí trường duyệt."
    )


class LeaveDecided(Refusal):
    code = "staff_leave_decided"
    message = _("Đơn này đã được trả lời hoặc đã rút. Hãy tải lại trang.")


class LeaveOver(Refusal):
    code = "staff_leave_over"
    message = _("Những ngày nghỉ đã qua, không rút đơn được nữa.")


class AnswerMissing(Refusal):
    code = "answer_missing"
    field = "answer"
    message = _("Hãy ghi lý do để người xin nghỉ biết.")


class MinutesAgreed(Refusal):
    code = "minutes_agreed"
    message = _("Biên bản đã được thông qua, không sửa được nữa. Nếu cần, hãy lập biên bản mới.")


class MinutesNotSubmitted(Refusal):
    code = "minutes_not_submitted"
    message = _("Thư ký đang sửa biên bản này. Hãy đợi biên bản được trình.")


class MinutesSubmitted(Refusal):
    code = "minutes_submitted"
    message = _("Biên bản đã được trình.")


class NobodyThere(Refusal):
    code = "nobody_there"
    field = "present"
    message = _("Hãy chọn những người dự họp.")


class DecisionIncomplete(Refusal):
    code = "decision_incomplete"
    message = _("Kết luận “%(words)s” có người thực hiện thì cần có hạn, và có hạn thì cần có người.")


class MayNotGive(Refusal):
    code = "may_not_give"
    message = _("%(name)s không thuộc nhóm này. Biên bản giao việc cho người ngoài nhóm do ban giám hiệu thông qua.")


class SeriesClashes(Refusal):
    code = "series_clashes"
    field = "until"
    message = _("%(venue)s đã có lịch vào: %(days)s. Chưa đặt ngày nào; hãy chọn giờ khác hoặc đặt riêng từng ngày.")


class SeriesTooLong(Refusal):
    code = "series_too_long"
    field = "until"
    message = _("Lặp lại hằng tuần đến một ngày sau ngày đầu, nhiều nhất một năm.")


class MayNotWrite(Refusal):
    code = "may_not_write"
    message = _("Thư mục này Thầy/Cô chỉ xem được. Hãy gửi tệp cho văn phòng.")
