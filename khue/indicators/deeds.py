"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
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
