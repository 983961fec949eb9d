"""Everything that identity hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import clock, events, extensions
from khue.foundation.access import Permission as House
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import Chore, MenuEntry, MenuGroup
from khue.foundation.permissions import grant
from khue.identity import actions, doors
from khue.identity.access import Permission
from khue.identity.deeds import DEEDS
from khue.identity.events import EmailProofRequested, LinkRequested
from khue.identity.extensions import Purpose, purposes
from khue.identity.forms import role_name
from khue.identity.models import Role
from khue.registry.extensions import PersonLink, person_links

extensions.actor_of_request.fill(doors.actor_of_request)
extensions.actor_of_account.fill(doors.actor_of_account)
extensions.owed_step.fill(doors.owed_step)
extensions.ask_to_sign_in.fill(doors.ask_to_sign_in)
extensions.sign_in_address.fill("identity:sign_in")
extensions.sign_out_address.fill("identity:sign_out")
extensions.role_name.fill(role_name)
extensions.account_menu.fill(
    "identity.account", MenuEntry(_("Tài khoản của tôi"), "circle-user", "identity:account", frozenset(), 10)
)
extensions.account_menu.fill(
    "identity.privacy",
    MenuEntry(_("Đồng ý và quyền riêng tư"), "shield", "identity:privacy", frozenset({Role.PUPIL, Role.GUARDIAN}), 20),
)
extensions.menu.fill(
    "identity.accounts",
    MenuEntry(
        _("Tài khoản"),
        "user-cog",
        "identity:accounts",
        frozenset({Role.CLERK, Role.HEAD, Role.DEPARTMENT_OFFICER, Role.OPERATOR}),
        90,
        MenuGroup.SYSTEM,
    ),
)
extensions.account_menu.fill(
    "identity.providers",
    MenuEntry(_("Nhà cung cấp danh tính"), "badge-check", "identity:providers", frozenset({Role.OPERATOR}), 80),
)
person_links.fill(
    "identity.account", PersonLink(_("Tài khoản"), "user-cog", "identity:account_of_person", Permission.ACCOUNT_READ)
)
person_links.fill(
    "identity.consents",
    PersonLink(_("Phiếu đồng ý"), "shield", "identity:consents_on_paper", Permission.CONSENT_RECORD),
)
extensions.chores.fill(
    "identity.forget_expired", Chore(every=3600, do=lambda: actions.forget_expired(actor=SYSTEM, at=clock.now()))
)

purposes.fill(
    "photos",
    Purpose(
        title=_("Đăng ảnh và thành tích"),
        text=_(
            "Nhà trường đăng tên, ảnh và thành tích của học sinh trên trang thông tin, bản tin của trường. Không đăng "
            "địa chỉ, số điện thoại hay số định danh."
        ),
        version="2026-11",
        discloses=True,
    ),
)
purposes.fill(
    "partners",
    Purpose(
        title=_("Chia sẻ với đơn vị cung cấp học liệu"),
        text=_(
            "Nhà trường gửi tên và lớp của học sinh cho đơn vị cung cấp học liệu mà trường đã ký hợp đồng, chỉ để mở "
            "tài khoản học ở đó."
        ),
        version="2026-11",
        discloses=True,
    ),
)
purposes.fill(
    "research",
    Purpose(
        title=_("Nghiên cứu giáo dục"),
        text=_("Kết quả học tập, đã bỏ tên và mọi số hiệu, được dùng cho nghiên cứu về dạy và học."),
        version="2026-11",
        discloses=False,
    ),
)

grant(Role.CLERK, [Permission.ACCOUNT_OPEN, Permission.ACCOUNT_READ, Permission.CONSENT_RECORD])
grant(Role.HEAD, [
    Permission.ACCOUNT_OPEN, Permission.ACCOUNT_READ, Permission.ACCOUNT_CLOSE, Permission.SCHOOL_ROLE_GRANT,
    Permission.CONSENT_RECORD,
])  # fmt: skip
grant(Role.DEPARTMENT_OFFICER, [Permission.ACCOUNT_READ, Permission.HEAD_GRANT, Permission.COMMUNE_GRANT])
grant(Role.OPERATOR, set(Permission) - {Permission.CONSENT_RECORD})

# The foundation's own permissions: it knows no roles.
TEACHERS = frozenset({Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER})
OFFICES = frozenset({Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR})
DESKS = frozenset({Role.CLERK, Role.ACCOUNTANT})
for role in TEACHERS | OFFICES | DESKS:
    grant(role, [House.FILE_READ])
for role in OFFICES | DESKS:
    grant(role, [House.JOB_READ])
for role in OFFICES:
    grant(role, [House.AUDIT_READ])
grant(Role.OPERATOR, [House.AUDIT_READ_NODE])

extensions.account_menu.fill(
    "jobs", MenuEntry(_("Việc đang chạy"), "hourglass", "foundation:jobs", OFFICES | TEACHERS | DESKS, 60)
)
extensions.account_menu.fill("audit", MenuEntry(_("Nhật ký hệ thống"), "scroll-text", "foundation:audit", OFFICES, 70))


def _mail_link(asked: LinkRequested) -> None:
    actions.send_link(account_id=asked.account_id, handle_id=asked.handle_id, page=asked.page, at=clock.now())


def _mail_proof(asked: EmailProofRequested) -> None:
    actions.send_email_proof(account_id=asked.account_id, email=asked.email, page=asked.page, at=clock.now())


events.subscribe(LinkRequested, _mail_link)
events.subscribe(EmailProofRequested, _mail_proof)
extensions.deeds.fill_all(DEEDS)
