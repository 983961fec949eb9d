"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "announcement.acknowledged": _("Xác nhận đã đọc thông báo"),
    "announcement.closed": _("Đóng thông báo, khảo sát hoặc phiếu"),
    "announcement.nudged": _("Nhắc trước hạn những người chưa trả lời"),
    "announcement.reminded": _("Nhắc những người chưa xem hoặc chưa trả lời"),
    "announcement.told": _("Gửi thông báo tới lớp"),
    "announcement.written": _("Soạn thông báo tới lớp"),
    "browser.rings": _("Bật thông báo trên trình duyệt"),
    "browser.silenced": _("Tắt thông báo trên trình duyệt"),
    "consent_sheet.fixed": _("Chốt nội dung phiếu đồng ý"),
    "consent_sheet.ruled": _("Nhà trường quyết định về phiếu đồng ý"),
    "consent_sheet.signed": _("Kí phiếu đồng ý"),
    "consent_sheet.withdrawn": _("Rút lại lời đồng ý trên phiếu"),
    "consent_sheet.written": _("Soạn phiếu đồng ý"),
    "message.told": _("Gửi tin nhắn"),
    "notice.finished": _("Gửi xong thông báo cho nhiều người"),
    "notice.queued": _("Yêu cầu gửi thông báo cho nhiều người"),
    "notice.told": _("Gửi một phần thông báo cho nhiều người"),
    "survey.answered": _("Trả lời khảo sát"),
    "survey.answered_unnamed": _("Một câu trả lời khảo sát ẩn danh"),
    "survey.copied": _("Chép câu hỏi từ khảo sát khác"),
    "survey.offered": _("Đổi việc dùng khảo sát làm mẫu chung"),
    "survey.question_added": _("Thêm câu hỏi khảo sát"),
    "survey.question_moved": _("Đổi thứ tự câu hỏi khảo sát"),
    "survey.question_removed": _("Bỏ câu hỏi khảo sát"),
    "survey.written": _("Soạn khảo sát"),
}
