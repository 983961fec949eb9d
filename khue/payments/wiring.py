"""Everything that payments hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, media, permissions
from khue.foundation.extensions import FilePurpose, MenuEntry, MenuGroup
from khue.identity.models import Role
from khue.payments import queries
from khue.payments.access import Permission
from khue.payments.deeds import DEEDS
from khue.payments.statements import MOST_BYTES, STATEMENT
from khue.registry.extensions import person_facts

permissions.grant(Role.HEAD, [Permission.FEE_WRITE, Permission.MONEY_READ, Permission.DAY_CLOSE])
for role in (Role.CLERK, Role.ACCOUNTANT):
    permissions.grant(role, [each for each in Permission if each != Permission.FEE_ANSWER])
permissions.grant(Role.GUARDIAN, [Permission.FEE_ANSWER])

for key, title, address, roles, group in (
    ("payments.family", _("Khoản nộp"), "payments:invoices", frozenset({Role.GUARDIAN.value}), MenuGroup.FAMILIES),
    (
        "payments.school",
        _("Thu và chi"),
        "payments:desk",
        frozenset({Role.HEAD.value, Role.CLERK.value, Role.ACCOUNTANT.value}),
        MenuGroup.OFFICE,
    ),
):
    extensions.menu.fill(key, MenuEntry(title, "wallet", address, roles, 80, group))
extensions.deeds.fill_all(DEEDS)
person_facts.fill("payments.family", queries.book_of_person)

# Whatever calls itself a file is let through, so that the reader can say what is wrong with it.
extensions.file_purposes.fill(
    STATEMENT,
    FilePurpose(
        title=_("sao kê ngân hàng"),
        allowed=frozenset({media.XLSX, media.ZIP, media.OLE, media.MACROS, media.UNKNOWN, media.TEXT, media.CSV,
                           media.XML, media.JSON, media.HTML, media.SVG}),
        most_bytes=MOST_BYTES,
        may_upload=lambda actor, place: actor.may(Permission.MONEY_TAKE, place),
    ),
)  # fmt: skip
extensions.file_readers.fill(STATEMENT, lambda actor, file: actor.may(Permission.MONEY_READ, file))
