"""Everything that assessment hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment import chores, tasks
from khue.assessment.access import Permission
from khue.assessment.actions.papers import PAPER_PURPOSE, READ_PAPER
from khue.assessment.actions.pictures import PICTURE_PURPOSE
from khue.assessment.deeds import DEEDS
from khue.assessment.forms import LARGEST_PAPER
from khue.assessment.hot import ANSWERS
from khue.foundation import extensions, jobs, media
from khue.foundation.extensions import MenuEntry, MenuGroup
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
extensions.file_purposes.fill(
    PAPER_PURPOSE,
    extensions.FilePurpose(
        title=_("đề kiểm tra dạng Word"),
        allowed=frozenset({media.DOCX}),
        most_bytes=LARGEST_PAPER,
        may_upload=lambda _actor, _organisation: False,
    ),
)
extensions.file_readers.fill(PAPER_PURPOSE, lambda actor, file: actor.account_id == file.stored_by_id)
jobs.define(READ_PAPER, _("Đọc đề Word"), tasks.read_paper)
# Pictures are shown through their own address, which knows who may see the question.
extensions.file_readers.fill(PICTURE_PURPOSE, lambda actor, _file: actor.is_system)
for key, entry in {
    "assessment.due": MenuEntry(
        _("Bài kiểm tra"), "clipboard-check", "assessment:due", frozenset({"pupil"}), 30, MenuGroup.TEACHING
    ),
    "assessment.tests": MenuEntry(
        _("Đề kiểm tra"), "clipboard-list", "assessment:tests", MAKERS, 35, MenuGroup.TEACHING
    ),
    "assessment.bank": MenuEntry(
        _("Ngân hàng câu hỏi"), "list-checks", "assessment:bank", MAKERS, 40, MenuGroup.TEACHING
    ),
}.items():
    extensions.menu.fill(key, entry)
extensions.chores.fill("assessment.close_overdue", extensions.Chore(every=20, do=chores.close_overdue))
extensions.deeds.fill_all(DEEDS)
