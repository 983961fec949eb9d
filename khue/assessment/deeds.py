"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "attempt.started": _("Bắt đầu làm bài"),
    "attempt.submitted": _("Nộp bài"),
    "paper.queued": _("Gửi đề Word để đọc"),
    "paper.imported": _("Đọc đề Word"),
    "paper.item_mended": _("Sửa câu trong đề Word"),
    "paper.accepted": _("Nhận câu hỏi từ đề Word"),
    "paper.cancelled": _("Bỏ đề Word"),
    "question.added": _("Thêm câu hỏi"),
    "question.revised": _("Sửa câu hỏi"),
    "question.state_set": _("Đổi trạng thái câu hỏi"),
    "question.tagged": _("Gắn nhãn câu hỏi"),
    "test.made": _("Soạn đề kiểm tra"),
    "test.questions_added": _("Thêm câu vào đề"),
    "test.question_removed": _("Bỏ câu khỏi đề"),
    "test.question_moved": _("Đổi thứ tự câu trong đề"),
    "test.points_set": _("Đặt điểm của câu"),
    "test.points_spread": _("Chia đều điểm"),
    "test.assigned": _("Giao đề kiểm tra"),
    "test.assignment_changed": _("Đổi hạn, số lần làm của bài đã giao"),
    "test.assignment_withdrawn": _("Rút bài đã giao"),
}
