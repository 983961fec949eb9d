"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "exchange_reference.loaded": _("Nạp quy tắc và quyền xem dữ liệu trao đổi"),
    "node.named": _("Đặt tên hệ thống để trao đổi dữ liệu"),
    "node.keys_renewed": _("Đổi khoá ký của hệ thống"),
    "peer.admitted": _("Nối với một hệ thống khác"),
    "peer.retired": _("Ngừng nối với một hệ thống khác"),
    "records.collected": _("Tập hợp dữ liệu báo cáo của trường"),
    "batch.made": _("Ký một gói dữ liệu gửi lên"),
    "batch.settled": _("Cấp trên xác nhận một gói dữ liệu"),
    "batch.accepted": _("Nhận một gói dữ liệu"),
    "held_records.taken_in": _("Nhận danh sách dữ liệu cần sửa"),
    "epoch.begun": _("Bắt đầu đánh số lại các gói dữ liệu"),
    "records.sent_again": _("Gửi lại dữ liệu khác nhau"),
    "records.adopted": _("Lấy lại dữ liệu từ cấp trên sau khi khôi phục"),
    "recovered_record.overruled": _("Giữ dữ liệu của trường sau khi khôi phục"),
    "school_facts.declared": _("Khai thông tin của trường"),
    "letter.written": _("Viết thư cho một hệ thống khác"),
    "letter.taken": _("Nhận chuyển một lá thư"),
    "letter.fetched": _("Lấy một lá thư gửi cho hệ thống này"),
    "letter.refused": _("Không nhận một lá thư không đúng chữ ký"),
    "letters.passed": _("Giao xong thư"),
    "letter.read": _("Đọc một lá thư"),
    "letter.unreadable": _("Chưa đọc được một lá thư"),
    "far_schools.listed": _("Cập nhật danh sách trường ở hệ thống khác"),
    "vendor_sheet.read": _("Đối chiếu một tệp Excel với dữ liệu của hệ thống"),
    "vendor_sheet.columns_chosen": _("Chọn ý nghĩa các cột của tệp đối chiếu"),
    "vendor_sheet.taken_over": _("Ghi thông tin của trường từ tệp đối chiếu"),
    "vendor_sheet.dropped": _("Xoá một lần đối chiếu tệp"),
    "records.read": _("Đọc dữ liệu trao đổi"),
}
