"""The parts of the workspace, on top of each of its pages."""

from django.utils.translation import gettext as _

from khue.foundation.ui.remembered import address


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one shown."""
    documents = address("workspace:documents")
    return [
        (_("Văn bản đến"), f"{documents}?way=in", current == "in"),
        (_("Văn bản đi"), f"{documents}?way=out", current == "out"),
        (_("Nhiệm vụ"), address("workspace:tasks"), current == "tasks"),
        (_("Biên bản"), address("workspace:meetings"), current == "meetings"),
        (_("Lịch tuần"), address("workspace:week"), current == "week"),
        (_("Đặt phòng"), address("workspace:venues"), current == "venues"),
        (_("Nghỉ phép"), address("workspace:leave_list"), current == "leave"),
        (_("Thư mục"), address("workspace:folders"), current == "folders"),
        (_("Tìm"), address("workspace:search"), current == "search"),
    ]
