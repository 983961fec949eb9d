"""Everything that records hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, extensions, files, jobs, media, permissions
from khue.foundation.extensions import Chore, FilePurpose, MenuEntry, MenuGroup, PublicDoor
from khue.identity.models import Role
from khue.procedures import extensions as procedures
from khue.procedures.events import ResultIssued
from khue.records import actions, dossiers, queries, results, tasks
from khue.records.access import Permission
from khue.records.deeds import DEEDS

permissions.grant(Role.SUBJECT_TEACHER, [Permission.SHEET_READ_LED, Permission.SHEET_COMPARE])
permissions.grant(
    Role.HOMEROOM_TEACHER,
    [
        Permission.SHEET_READ_LED,
        Permission.SHEET_PREPARE,
        Permission.SHEET_COMPARE,
        Permission.SHEET_SIGN,
        Permission.KEY_OWN,
    ],
)
permissions.grant(
    Role.HEAD,
    [
        Permission.SHEET_READ_ALL,
        Permission.SHEET_PREPARE,
        Permission.SHEET_CONFIRM,
        Permission.SHEET_SIGN,
        Permission.SHEET_SEAL,
        Permission.SHEET_CORRECT,
        Permission.SHEET_DEPOSIT,
        Permission.SHEET_ISSUE,
        Permission.RESULT_SEAL,
        Permission.PACKAGE_RECEIVE,
        Permission.KEY_OWN,
        Permission.KEY_SEAL,
        Permission.DIPLOMA_READ,
        Permission.DIPLOMA_WRITE,
    ],
)
permissions.grant(
    Role.CLERK,
    [
        Permission.SHEET_READ_ALL,
        Permission.SHEET_PREPARE,
        Permission.SHEET_SEAL,
        Permission.SHEET_DEPOSIT,
        Permission.SHEET_ISSUE,
        Permission.RESULT_SEAL,
        Permission.PACKAGE_RECEIVE,
        Permission.KEY_SEAL,
        Permission.DIPLOMA_READ,
        Permission.DIPLOMA_WRITE,
    ],
)
permissions.grant(
    Role.DEPARTMENT_OFFICER,
    [
        Permission.RESULT_SEAL,
        Permission.KEY_SEAL,
        Permission.DIPLOMA_READ,
        Permission.DIPLOMA_CORRECT,
    ],
)
permissions.grant(Role.PUPIL, [Permission.SHEET_READ_OWN])
permissions.grant(Role.GUARDIAN, [Permission.SHEET_READ_OWN, Permission.SHARE_MAKE])

jobs.define(actions.SIGN, _("Ký số học bạ"), tasks.sign_batch)
jobs.define(actions.CLASSES, _("Lập, xác nhận học bạ nhiều lớp"), tasks.work_through_classes)
jobs.define(actions.SIGN_RESULTS, _("Đóng dấu kết quả thủ tục"), tasks.sign_results)
events.subscribe(ResultIssued, tasks.draft_result)
procedures.signed_results.fill_all({key: form.heading for key, form in results.FORMS.items()})
for procedure in dossiers.KEYS:
    procedures.shipped.fill(procedure, procedures.Shipped(dossiers.DATA / procedure))
procedures.acts.fill("records.find_diploma", procedures.Act(_("tìm dòng của văn bằng trong sổ gốc"), dossiers.find))
procedures.acts.fill("records.correct_diploma", procedures.Act(_("ghi chú chỉnh sửa vào sổ gốc"), dossiers.correct))
procedures.choices.fill("records.diplomas", dossiers.lines_offered)
extensions.chores.fill("records.forget_secrets", Chore(600, tasks.forget_secrets))
extensions.chores.fill("records.revocation_lists", Chore(3600, tasks.refresh_revocation_lists))
extensions.deeds.fill_all(DEEDS)
extensions.file_purposes.fill(
    actions.DOCUMENT,
    FilePurpose(
        title=_("học bạ số"),
        allowed=frozenset({media.XML, media.PDF}),
        most_bytes=20 * files.MEGABYTE,
        may_upload=lambda _actor, _place: False,
    ),
)
extensions.file_readers.fill(actions.DOCUMENT, queries.may_read_document)
extensions.file_purposes.fill(
    actions.RESULT_FILE,
    FilePurpose(
        title=_("kết quả thủ tục"),
        allowed=frozenset({media.PDF}),
        most_bytes=20 * files.MEGABYTE,
        may_upload=lambda _actor, _place: False,
    ),
)
extensions.file_readers.fill(actions.RESULT_FILE, queries.may_read_result)
extensions.file_purposes.fill(
    actions.DEPOSITED,
    FilePurpose(
        title=_("gói học bạ đã nộp"),
        allowed=frozenset({media.ZIP}),
        most_bytes=1024 * files.MEGABYTE,
        may_upload=lambda _actor, _place: False,
    ),
)
extensions.file_readers.fill(
    actions.DEPOSITED, lambda actor, file: actor.may(Permission.SHEET_DEPOSIT, file.organisation_id)
)
extensions.file_purposes.fill(
    actions.RECEIVED,
    FilePurpose(
        title=_("học bạ từ trường khác"),
        allowed=frozenset({media.ZIP, media.XML, media.PDF}),
        most_bytes=20 * files.MEGABYTE,
        may_upload=lambda _actor, _place: False,
    ),
)
extensions.file_readers.fill(
    actions.RECEIVED, lambda actor, file: actor.may(Permission.PACKAGE_RECEIVE, file.organisation_id)
)
_staff = frozenset({Role.SUBJECT_TEACHER.value, Role.HOMEROOM_TEACHER.value, Role.HEAD.value, Role.CLERK.value})
_family = frozenset({Role.PUPIL.value, Role.GUARDIAN.value})
extensions.menu.fill(
    "records.school", MenuEntry(_("Học bạ"), "file-check", "records:year", _staff, 45, MenuGroup.TEACHING)
)
_department = frozenset({Role.DEPARTMENT_OFFICER.value})
# A commune's schools give no diploma since Law 123/2025; registers of earlier ones are a department's (domain §5.4).
extensions.menu.fill(
    "records.diplomas",
    MenuEntry(
        _("Văn bằng"), "file-check", "records:diplomas", _department, 58, MenuGroup.OFFICE, frozenset({"department"})
    ),
)
extensions.menu.fill(
    "records.mine", MenuEntry(_("Học bạ"), "file-check", "records:mine", _family, 59, MenuGroup.TEACHING)
)
extensions.public_doors.fill(
    "records.verify",
    PublicDoor(
        _("Xác minh giấy tờ"), _("Học bạ, văn bằng có thật không: bằng tệp, mã QR hoặc số hiệu."), "shield-check",
        "records:verify", 30,
    ),
)  # fmt: skip
