"""Everything that identity hooks into, on one page."""

from khue.foundation import extensions
from khue.foundation.permissions import grant
from khue.identity import doors
from khue.identity.access import Permission
from khue.identity.models import Role

extensions.actor_of_request.fill(doors.actor_of_request)
extensions.actor_of_account.fill(doors.actor_of_account)
extensions.owed_step.fill(doors.owed_step)
extensions.ask_to_sign_in.fill(doors.ask_to_sign_in)

grant(Role.CLERK, [Permission.ACCOUNT_OPEN, Permission.ACCOUNT_READ, Permission.CONSENT_RECORD])
grant(Role.HEAD, [
    Permission.ACCOUNT_OPEN, Permission.ACCOUNT_READ, Permission.ACCOUNT_CLOSE, Permission.SCHOOL_ROLE_GRANT,
    Permission.CONSENT_RECORD,
])  # fmt: skip
grant(Role.DEPARTMENT_OFFICER, [Permission.ACCOUNT_READ, Permission.HEAD_GRANT])
grant(Role.OPERATOR, set(Permission) - {Permission.CONSENT_RECORD})
