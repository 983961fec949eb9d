"""Everything that messaging hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, extensions, jobs, permissions
from khue.foundation.extensions import Chore
from khue.identity.models import Role
from khue.messaging import queries, tasks
from khue.messaging.access import Permission
from khue.messaging.actions.broadcasts import JOB
from khue.messaging.deeds import DEEDS
from khue.messaging.events import MailWaiting

for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.MESSAGE_SEND, Permission.DELIVERY_READ, Permission.NOTICE_SEND])
for role in (Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.NOTICE_SEND])
for role in (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER):
    permissions.grant(role, [Permission.DELIVERY_READ_OWN, Permission.NOTICE_SEND_OWN])

events.subscribe(MailWaiting, tasks.queue_mail)
extensions.chores.fill("messaging.mail", Chore(every=30, do=tasks.queue_due_mail))
extensions.chores.fill("messaging.count", Chore(every=300, do=tasks.count_big_notices))
jobs.define(JOB, _("Gửi thông báo cho nhiều người"), tasks.fan_out)
extensions.unread_messages.fill(queries.unread_count)
extensions.messages_address.fill("messaging:inbox")
extensions.deeds.fill_all(DEEDS)
