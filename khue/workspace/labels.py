"""Words for what the tables hold as codes."""

from django.utils.translation import gettext_lazy as _

WAYS = {"in": _("Văn bản đến"), "out": _("Văn bản đi")}
STATES = {
    "arrived": _("Chờ phân công"),
    "assigned": _("Đang xử lý"),
    "done": _("Đã xử lý"),
    "draft": _("Dự thảo"),
    "submitted": _("Chờ duyệt"),
    "returned": _("Cần sửa lại"),
    "approved": _("Chờ phát hành"),
    "released": _("Đã phát hành"),
}
TONES = {
    "arrived": "soon",
    "assigned": "info",
    "done": "good",
    "draft": "",
    "submitted": "soon",
    "returned": "late",
    "approved": "soon",
    "released": "good",
}
URGENCIES = {
    "normal": _("Thường"),
    "urgent": _("Khẩn"),
    "very_urgent": _("Thượng khẩn"),
    "express": _("Hoả tốc"),
}
VERBS = {
    "registered": _("Đã vào sổ"),
    "assigned": _("Giao xử lý"),
    "finished": _("Xử lý xong"),
    "drafted": _("Soạn"),
    "redrafted": _("Sửa dự thảo"),
    "submitted": _("Trình ký duyệt"),
    "approved": _("Duyệt"),
    "returned": _("Trả lại"),
    "released": _("Phát hành"),
}
