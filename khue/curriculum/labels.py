"""What codes are called on the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

BLOCKS: dict[str, Text] = {
    "compulsory": _("Bắt buộc"),
    "elective": _("Lựa chọn (4 trong 9 môn)"),
    "topic": _("Chuyên đề học tập (3 cụm)"),
    "optional": _("Tự chọn"),
}
MODES: dict[str, Text] = {
    "score": _("Bằng điểm số"),
    "comment": _("Bằng nhận xét (Đạt / Chưa đạt)"),
    "level": _("Theo mức (T / H / C)"),
    "level_test": _("Theo mức và bài kiểm tra định kì"),
}
KINDS: dict[str, Text] = {"strand": _("Mạch nội dung"), "topic": _("Chủ đề"), "outcome": _("Yêu cầu cần đạt")}
