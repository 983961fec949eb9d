"""Everything that payments hooks into, on one page."""

from khue.foundation import extensions, permissions
from khue.identity.models import Role
from khue.payments.access import Permission
from khue.payments.deeds import DEEDS

permissions.grant(Role.HEAD, [Permission.FEE_WRITE, Permission.MONEY_READ])
permissions.grant(Role.CLERK, [Permission.FEE_WRITE, Permission.MONEY_TAKE, Permission.MONEY_READ])

extensions.deeds.fill_all(DEEDS)
