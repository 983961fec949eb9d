"""Everything that messaging hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, extensions, files, jobs, media, permissions
from khue.foundation.extensions import Chore, FilePurpose, FileSeal, MenuEntry, MenuGroup
from khue.identity.models import Role
from khue.messaging import announcement_nudges as nudges
from khue.messaging import conversations_work, queries, tasks
from khue.messaging.access import Permission
from khue.messaging.actions.broadcasts import JOB
from khue.messaging.actions.keys import RESEAL, forget_file_keys, keep_file_key
from khue.messaging.deeds import DEEDS
from khue.messaging.events import MailWaiting
from khue.messaging.queries.announcements import ATTACHMENT

for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.MESSAGE_SEND, Permission.DELIVERY_READ, Permission.NOTICE_SEND])
for role in (Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.NOTICE_SEND])
for role in (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER):
    permissions.grant(role, [Permission.DELIVERY_READ_OWN, Permission.NOTICE_SEND_OWN])

for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.ANNOUNCEMENT_SEND, Permission.CONSENT_ASK])
for role in (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER):
    permissions.grant(role, [Permission.ANNOUNCEMENT_SEND_OWN])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.CONSENT_ASK_OWN])

events.subscribe(MailWaiting, tasks.queue_mail, gathers=True)
extensions.chores.fill("messaging.mail", Chore(every=30, do=tasks.queue_due_mail))
extensions.chores.fill("messaging.count", Chore(every=300, do=tasks.count_big_notices))
jobs.define(JOB, _("Gửi thông báo cho nhiều người"), tasks.fan_out)
extensions.unread_messages.fill(queries.unread_count)
extensions.messages_address.fill("messaging:inbox")
extensions.deeds.fill_all(DEEDS)
extensions.chores.fill("messaging.nudge", Chore(every=900, do=nudges.nudge_due))
extensions.file_purposes.fill(
    ATTACHMENT,
    FilePurpose(
        title=_("tệp đính kèm thông báo"),
        allowed=media.IMAGES | media.DOCUMENTS,
        most_bytes=20 * 1024 * 1024,
        may_upload=queries.may_attach,
    ),
)
extensions.file_readers.fill(ATTACHMENT, queries.may_read_attachment)
extensions.menu.fill(
    "messaging.announcements",
    MenuEntry(
        _("Thông báo lớp"), "mail", "messaging:announcements",
        frozenset({"head", "clerk", "subject_teacher", "homeroom_teacher"}), 56, MenuGroup.FAMILIES,
    ),
)  # fmt: skip

# Conversations.
_teachers = (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER)
_families = (Role.GUARDIAN, Role.PUPIL)
for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.TALK_RULES, Permission.TALK_DELEGATE, Permission.REPORT_DECIDE])
for role in _teachers:
    permissions.grant(role, [Permission.TALK_AS_STAFF])
for role in _families:
    permissions.grant(role, [Permission.TALK_AS_FAMILY])
extensions.file_purposes.fill(
    queries.LINE_FILE,
    FilePurpose(
        title=_("tệp gửi kèm tin nhắn"),
        allowed=media.IMAGES | media.DOCUMENTS | media.SOUNDS,
        most_bytes=20 * files.MEGABYTE,
        may_upload=queries.may_send_files,
    ),
)
extensions.file_readers.fill(queries.LINE_FILE, queries.may_read_file)
extensions.file_seals.fill(queries.LINE_FILE, FileSeal(keep_file_key, queries.key_of_file, forget_file_keys))
extensions.chores.fill("messaging.forget", Chore(every=3600, do=conversations_work.forget_old))
jobs.define(RESEAL, _("Mã hoá lại tin nhắn bằng khoá mới"), conversations_work.reseal)
extensions.menu.fill(
    "messaging.conversations",
    MenuEntry(
        _("Trò chuyện"), "messages-square", "messaging:conversations",
        frozenset(role.value for role in (*_teachers, Role.GUARDIAN)), 57, MenuGroup.FAMILIES,
    ),
)  # fmt: skip
