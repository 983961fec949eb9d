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
