"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "lesson.added": _("Thêm bài học"),
    "lesson.changed": _("Sửa bài học"),
    "lesson.moved": _("Đổi thứ tự bài học"),
    "lesson.removed": _("Bỏ bài học"),
    "lesson.published": _("Đăng bài học"),
    "lesson.hidden": _("Ẩn bài học"),
    "lesson.completed": _("Học xong bài"),
    "lesson_item.added": _("Thêm mục vào bài học"),
    "lesson_item.removed": _("Bỏ mục khỏi bài học"),
}
