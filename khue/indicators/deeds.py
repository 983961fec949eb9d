"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "figures.taken": _("Nhận chỉ số của trường từ hệ thống khác"),
    "figures.counted_here": _("Tính lại chỉ số của trường từ hồ sơ ở đây"),
    "figure.reported": _("Nhập số liệu của chỉ số"),
    "measure.recorded": _("Nhập thành phần của chỉ số nguồn nhân lực"),
    "open_data.published": _("Công bố dữ liệu mở"),
    "asked_report.answered": _("Gửi báo cáo theo yêu cầu"),
    "asked_reports.asked": _("Yêu cầu các trường báo cáo"),
    "asked_reports.reminded": _("Nhắc các trường chưa báo cáo"),
    "asked_reports.withdrawn": _("Rút yêu cầu báo cáo"),
    "report.corrected": _("Sửa số liệu của báo cáo định kì"),
    "report.deadline_set": _("Đặt hạn gửi báo cáo định kì"),
    "report.prefilled": _("Điền báo cáo định kì từ dữ liệu"),
    "report.sent": _("Gửi báo cáo định kì"),
    "report.signed": _("Kí báo cáo định kì"),
    "support.device_handed": _("Giao thiết bị hỗ trợ cho học sinh"),
    "support.device_returned": _("Nhận lại thiết bị hỗ trợ"),
    "support.devices_received": _("Ghi nhận thiết bị hỗ trợ"),
    "support.programme_made": _("Mở chương trình hỗ trợ"),
    "school_index.appraised": _("Thẩm định chỉ số chuyển đổi số của trường"),
    "school_index.begun": _("Bắt đầu tự đánh giá chuyển đổi số"),
    "school_index.claimed": _("Lưu bản tự đánh giá chuyển đổi số"),
    "school_index.published": _("Công bố mức chuyển đổi số của trường"),
    "school_index.recognised": _("Công nhận mức chuyển đổi số của trường"),
    "school_index.returned": _("Trả lại bản tự đánh giá chuyển đổi số"),
    "school_index.submitted": _("Gửi bản tự đánh giá chuyển đổi số"),
    "lake.counted": _("Tính số liệu tháng từ kho dữ liệu"),
    "lake.flowed": _("Đưa dữ liệu vào kho dữ liệu"),
}
