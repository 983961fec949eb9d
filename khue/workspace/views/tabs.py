"""The four parts of the workspace, on top of each of its pages."""

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one shown."""
    documents = reverse("workspace:documents")
    return [
        (_("Văn bản đến"), f"{documents}?way=in", current == "in"),
        (_("Văn bản đi"), f"{documents}?way=out", current == "out"),
        (_("Nhiệm vụ"), reverse("workspace:tasks"), current == "tasks"),
        (_("Lịch tuần"), reverse("workspace:week"), current == "week"),
    ]
