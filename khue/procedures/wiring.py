"""Everything that procedures hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import clock, events, extensions, media, permissions
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import Chore, FilePurpose, FileSeal, MenuEntry, MenuGroup, PublicDoor
from khue.identity.models import Role
from khue.messaging.actions.keys import forget_file_keys, keep_file_key
from khue.messaging.queries import key_of_file
from khue.procedures import actions, tasks
from khue.procedures.access import Permission, may_upload
from khue.procedures.attaching import CASE_FILE, MOST_BYTES
from khue.procedures.deeds import DEEDS
from khue.procedures.events import CaseApologised, CaseFiled, CaseFinished, ResultSigned, SupplementAsked

for role in (Role.HEAD, Role.CLERK, Role.DEPARTMENT_OFFICER):
    permissions.grant(role, [Permission.CASE_WORK, Permission.CASE_READ, Permission.DEFINITION_WRITE])
permissions.grant(Role.MINISTRY_OFFICER, [Permission.CASE_READ, Permission.DAYS_WRITE])
permissions.grant(Role.OPERATOR, [Permission.REFERENCE_WRITE])

events.subscribe(CaseFiled, tasks.tell_of_receipt)
events.subscribe(SupplementAsked, tasks.tell_of_supplement)
events.subscribe(CaseApologised, tasks.tell_of_apology)
events.subscribe(CaseFinished, tasks.tell_of_end)
events.subscribe(ResultSigned, tasks.tell_of_result)
extensions.chores.fill("procedures.apologise", Chore(every=600, do=tasks.apologise_for_late_cases))
extensions.chores.fill("procedures.forget_knocks", Chore(every=3600, do=tasks.forget_knocks))
extensions.chores.fill("procedures.forget_unsent_files", Chore(every=86400, do=tasks.forget_unsent_files))
extensions.reference_data.fill("procedures", lambda: actions.load_shipped(actor=SYSTEM, at=clock.now()))
extensions.deeds.fill_all(DEEDS)
extensions.file_purposes.fill(
    CASE_FILE,
    FilePurpose(
        title=_("tệp của hồ sơ thủ tục"),
        allowed=frozenset({media.JPEG, media.PNG, media.WEBP, media.PDF, media.DOCX}),
        most_bytes=MOST_BYTES,
        may_upload=may_upload,
    ),
)
# Opened through its case alone, which asks who takes part and writes down who opened it.
extensions.file_readers.fill(CASE_FILE, lambda _actor, _file: False)
extensions.file_seals.fill(CASE_FILE, FileSeal(keep_file_key, key_of_file, forget_file_keys, "messaging.FileKey"))

for key, title, text, icon, address, order in (
    (
        "procedures.list", _("Thủ tục"), _("Tìm thủ tục, nộp hồ sơ trên mạng; không hỏi lại điều hệ thống đã biết."),
        "clipboard-list", "procedures:list", 10,
    ),
    (
        "procedures.follow", _("Theo dõi hồ sơ"), _("Hồ sơ đang ở bước nào, hạn ngày nào: bằng mã hồ sơ và ngày sinh."),
        "file-search", "procedures:follow", 20,
    ),
):  # fmt: skip
    extensions.public_doors.fill(key, PublicDoor(title, text, icon, address, order))

OFFICERS = frozenset({Role.HEAD.value, Role.CLERK.value, Role.DEPARTMENT_OFFICER.value})
for key, title, icon, address, roles, order, group in (
    ("procedures.desk", _("Một cửa"), "inbox", "procedures:desk", OFFICERS, 60, MenuGroup.OFFICE),
    (
        "procedures.mine",
        _("Thủ tục"),
        "clipboard-list",
        "procedures:list",
        frozenset({Role.GUARDIAN.value}),
        85,
        MenuGroup.FAMILIES,
    ),
):
    extensions.menu.fill(key, MenuEntry(title, icon, address, roles, order, group))
