"""Everything that gradebook hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment.events import AttemptSubmitted
from khue.foundation import events, extensions, media, permissions, prints
from khue.foundation.extensions import FilePurpose, MenuEntry, MenuGroup
from khue.gradebook import prints as forms
from khue.gradebook import queries, tasks
from khue.gradebook.access import Permission
from khue.gradebook.deeds import DEEDS
from khue.gradebook.events import MarksRecorded
from khue.gradebook.queries.imports import MOST_BYTES
from khue.identity.models import Role
from khue.messaging.extensions import FactKind, facts
from khue.schools.events import TransferReleased
from khue.schools.extensions import EnrolmentPage, enrolment_pages

permissions.grant(Role.SUBJECT_TEACHER, [Permission.MARK_READ, Permission.MARK_WRITE])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.MARK_READ, Permission.RESULT_READ, Permission.CLASS_WRITE])
permissions.grant(
    Role.HEAD,
    [
        Permission.MARK_READ,
        Permission.BOOK_LOCK,
        Permission.CORRECTION_DECIDE,
        Permission.RESULT_READ,
        Permission.YEAR_DECIDE,
        Permission.WINDOW_WRITE,
    ],
)

events.subscribe(MarksRecorded, tasks.tell_families)
events.subscribe(MarksRecorded, tasks.settle_years)
events.subscribe(AttemptSubmitted, tasks.receive_test_result)
events.subscribe(TransferReleased, tasks.bring_marks_of_transfer)

_staff = frozenset({Role.SUBJECT_TEACHER.value, Role.HOMEROOM_TEACHER.value, Role.HEAD.value})
_family = frozenset({Role.PUPIL.value, Role.GUARDIAN.value})
extensions.menu.fill(
    "gradebook.books", MenuEntry(_("Sổ điểm"), "notebook-pen", "gradebook:books", _staff, 40, MenuGroup.TEACHING)
)
extensions.menu.fill(
    "gradebook.mine", MenuEntry(_("Kết quả"), "award", "gradebook:mine", _family, 40, MenuGroup.TEACHING)
)
enrolment_pages.fill(
    "gradebook.report", EnrolmentPage(_("Kết quả học tập"), "award", "gradebook:report", Permission.MARK_READ)
)
extensions.deeds.fill_all(DEEDS)
prints.define(forms.BOOK, _("In sổ theo dõi và đánh giá"), forms.book)
prints.define(forms.CLASS, _("In bảng tổng hợp kết quả"), forms.class_sheet)
prints.define_set(forms.ALL_CLASSES, _("In bảng tổng hợp cả trường"), forms.classes_to_print, forms.class_sheet)
prints.define_set(forms.ALL_NOTICES, _("In phiếu báo cả trường"), forms.classes_to_print, forms.notices)
prints.define(forms.NOTICES, _("In phiếu báo kết quả"), forms.notices)

# Whatever calls itself a file is let through, so that the reader can say what is wrong with it.
extensions.file_purposes.fill(
    "gradebook.marks",
    FilePurpose(
        title=_("tệp điểm"),
        allowed=frozenset({media.XLSX, media.ZIP, media.OLE, media.MACROS, media.UNKNOWN, media.TEXT, media.CSV}),
        most_bytes=MOST_BYTES,
        may_upload=lambda actor, place: actor.may(Permission.MARK_WRITE, place),
    ),
)
extensions.file_readers.fill(
    "gradebook.marks", lambda actor, file: actor.account_id is not None and file.stored_by_id == actor.account_id
)
facts.fill("mark", FactKind(_("Điểm"), queries.marks_of_child))
