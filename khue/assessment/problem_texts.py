"""What the problems of a read question are called, and what to do about them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from khue.assessment.word.questions import Problem


@dataclass(frozen=True)
class ProblemText:
    """blocking: the question cannot be taken over before it is mended."""

    text: str
    blocking: bool


def text_of(code: str, detail: str) -> ProblemText:
    """A problem in the reader's language."""
    problem = Problem(code)
    return ProblemText(_texts()[problem] % {"detail": detail}, problem.blocking)


def _texts() -> dict[Problem, str]:
    return {
        Problem.NO_CHOICES: _("Không thấy các phương án A, B, C, D. Câu tự luận chưa nhập được vào ngân hàng."),
        Problem.FEW_CHOICES: _("Chỉ thấy %(detail)s phương án. Có thể một chữ cái bị gõ sai; hãy mở và tách lại."),
        Problem.EMPTY_CHOICE: _("Phương án %(detail)s không có nội dung."),
        Problem.NO_STEM: _("Không thấy nội dung câu hỏi."),
        Problem.NO_KEY: _("Không thấy đáp án. Hãy chọn phương án đúng."),
        Problem.KEY_UNCLEAR: _("Nhiều phương án được đánh dấu là đúng: %(detail)s. Hãy chọn lại."),
        Problem.KEY_OUTSIDE: _("Đáp án trong tệp là %(detail)s, không nằm trong các phương án đọc được."),
        Problem.PICTURE_UNSUPPORTED: _(
            "Có hình hoặc công thức MathType dạng cũ (%(detail)s) mà trình duyệt không hiện được. "
            "Hãy chụp lại thành ảnh hoặc gõ công thức bằng Equation của Word."
        ),
        Problem.PICTURE_MISSING: _("Hình %(detail)s trong tệp bị hỏng hoặc quá lớn."),
        Problem.NUMBER_REPEATED: _("Số câu %(detail)s xuất hiện nhiều lần."),
        Problem.FORMULA_OPEN: _("Số dấu $ bị lẻ nên một công thức chưa khép lại."),
        Problem.FORMULA_BARE: _("Có công thức LaTeX chưa nằm giữa hai dấu $."),
    }
