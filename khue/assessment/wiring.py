"""Everything that assessment hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment import chores
from khue.assessment.access import Permission
from khue.assessment.actions.pictures import PICTURE_PURPOSE
from khue.assessment.hot import ANSWERS
from khue.foundation import extensions, media
from khue.foundation.extensions import MenuEntry
from khue.foundation.hot import registry as hot
from khue.foundation.permissions import grant

MAKERS = frozenset({"subject_teacher", "head"})
BANK = [Permission.BANK_READ, Permission.BANK_WRITE, Permission.TEST_WRITE]

grant("subject_teacher", [*BANK, Permission.ASSIGNMENT_WRITE_TAUGHT, Permission.ASSIGNMENT_READ_TAUGHT])
grant("head", [*BANK, Permission.ASSIGNMENT_WRITE_TAUGHT, Permission.ASSIGNMENT_READ_ALL])
grant("pupil", [Permission.ATTEMPT_TAKE])

hot.register(ANSWERS)
extensions.file_purposes.fill(
    PICTURE_PURPOSE,
    extensions.FilePurpose(
        title=_("hình trong câu hỏi"),
        allowed=media.IMAGES,
        most_bytes=20 * 1024 * 1024,
        # Pictures come in with a paper or a question; nobody uploads one by itself.
        may_upload=lambda _actor, _organisation: False,
    ),
)
# Pictures are shown through their own address, which knows who may see the question.
extensions.file_readers.fill(PICTURE_PURPOSE, lambda actor, _file: actor.is_system)
for key, entry in {
    "assessment.due": MenuEntry(_("Bài kiểm tra"), "clipboard-check", "assessment:due", frozenset({"pupil"}), 30),
    "assessment.tests": MenuEntry(_("Đề kiểm tra"), "clipboard-list", "assessment:tests", MAKERS, 35),
    "assessment.bank": MenuEntry(_("Ngân hàng câu hỏi"), "list-checks", "assessment:bank", MAKERS, 40),
}.items():
    extensions.menu.fill(key, entry)
extensions.chores.fill("assessment.close_overdue", extensions.Chore(every=20, do=chores.close_overdue))
