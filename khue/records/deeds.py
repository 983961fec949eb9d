"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "sheets.prepared": _("Lập học bạ"),
    "sheets.compared": _("Đối chiếu học bạ"),
    "sheets.confirmed": _("Xác nhận học bạ"),
    "sheet.signed": _("Ký số học bạ"),
    "sheet.sealed": _("Đóng dấu học bạ"),
    "transcript.taken_over": _("Nhận học bạ của học sinh chuyển đến"),
    "revocation_list.kept": _("Cập nhật danh sách chứng thư bị thu hồi"),
    "signing_key.added": _("Khai báo khoá ký số"),
    "signing_key.retired": _("Ngừng dùng khoá ký số"),
    "signing_batch.begun": _("Bắt đầu ký loạt học bạ"),
    "signing_batch.ended": _("Kết thúc ký loạt học bạ"),
    "sheet.corrected": _("Lập bản đính chính học bạ"),
    "sheet.issued": _("Cấp bản điện tử học bạ"),
    "sheet.extracted": _("Cấp trích lục học bạ"),
    "sheets.deposited": _("Nộp học bạ về kho"),
    "deposit.receipted": _("Ghi số tiếp nhận học bạ đã nộp"),
    "transcript.packaged": _("Xuất trọn bộ học bạ"),
    "share.made": _("Tạo mã xem học bạ"),
    "share.ended": _("Đóng mã xem học bạ"),
    "share.seen": _("Xem học bạ bằng mã"),
    "result.drafted": _("Lập kết quả thủ tục để đóng dấu"),
    "result.sealed": _("Đóng dấu kết quả thủ tục"),
    "diploma.recorded": _("Ghi sổ gốc văn bằng"),
    "diploma.handed_over": _("Phát văn bằng"),
    "diploma.withdrawn": _("Thu hồi văn bằng"),
}
