"""Everything that messaging hooks into, on one page."""

from khue.foundation import events, extensions, permissions
from khue.foundation.extensions import Chore
from khue.identity.models import Role
from khue.messaging import queries, tasks
from khue.messaging.access import Permission
from khue.messaging.deeds import DEEDS
from khue.messaging.events import MailWaiting

permissions.grant(Role.HEAD, [Permission.MESSAGE_SEND, Permission.DELIVERY_READ])
permissions.grant(Role.CLERK, [Permission.MESSAGE_SEND, Permission.DELIVERY_READ])
for role in (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER):
    permissions.grant(role, [Permission.DELIVERY_READ_OWN])

events.subscribe(MailWaiting, tasks.queue_mail)
extensions.chores.fill("messaging.mail", Chore(every=30, do=tasks.queue_due_mail))
extensions.unread_messages.fill(queries.unread_count)
extensions.messages_address.fill("messaging:inbox")
extensions.deeds.fill_all(DEEDS)
