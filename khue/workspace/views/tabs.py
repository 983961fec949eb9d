"""The parts of the workspace, on top of each of its pages."""

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one shown."""
    documents = reverse("workspace:documents")
    return [
        (_("Văn bản đến"), f"{documents}?way=in", current == "in"),
        (_("Văn bản đi"), f"{documents}?way=out", current == "out"),
        (_("Nhiệm vụ"), reverse("workspace:tasks"), current == "tasks"),
        (_("Biên bản"), reverse("workspace:meetings"), current == "meetings"),
        (_("Lịch tuần"), reverse("workspace:week"), current == "week"),
        (_("Đặt phòng"), reverse("workspace:venues"), current == "venues"),
        (_("Nghỉ phép"), reverse("workspace:leave_list"), current == "leave"),
        (_("Thư mục"), reverse("workspace:folders"), current == "folders"),
        (_("Tìm"), reverse("workspace:search"), current == "search"),
    ]
