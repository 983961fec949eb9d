"""Everything that payments hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, permissions
from khue.foundation.extensions import MenuEntry
from khue.identity.models import Role
from khue.payments.access import Permission
from khue.payments.deeds import DEEDS

permissions.grant(Role.HEAD, [Permission.FEE_WRITE, Permission.MONEY_READ])
permissions.grant(Role.CLERK, [Permission.FEE_WRITE, Permission.MONEY_TAKE, Permission.MONEY_READ])

for key, title, roles in (
    ("payments.family", _("Khoản nộp"), frozenset({Role.GUARDIAN.value})),
    ("payments.school", _("Phiếu thu"), frozenset({Role.HEAD.value, Role.CLERK.value})),
):
    extensions.menu.fill(key, MenuEntry(title, "wallet", "payments:invoices", roles, 80))
extensions.deeds.fill_all(DEEDS)
