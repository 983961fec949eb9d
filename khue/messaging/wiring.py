"""Everything that messaging hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, extensions, jobs, media, permissions
from khue.foundation.extensions import Chore, FilePurpose, MenuEntry
from khue.identity.models import Role
from khue.messaging import announcement_nudges as nudges
from khue.messaging import queries, tasks
from khue.messaging.access import Permission
from khue.messaging.actions.broadcasts import JOB
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

events.subscribe(MailWaiting, tasks.queue_mail)
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
        frozenset({"head", "clerk", "subject_teacher", "homeroom_teacher"}), 56,
    ),
)  # fmt: skip
