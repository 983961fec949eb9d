"""What schools plug into procedures: definitions, acts, choices, what is known. Called once by wiring."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from khue.procedures import extensions
from khue.procedures.extensions import Act, Shipped
from khue.schools.dossiers import confirming, knowledge, queueing, readmission, transfer

DATA = Path(__file__).parents[1] / "data" / "dossiers"
#: The procedures whose places are given by an AdmissionPlan.
ADMISSIONS = ("first-grade-admission", "sixth-grade-admission")
KEYS = (
    "transfer", "readmission", "study-confirmation", "fee-support", *ADMISSIONS,
)  # fmt: skip


def offer() -> None:
    """Fill the slots of procedures."""
    for key in KEYS:
        extensions.shipped.fill(key, Shipped(DATA / key))
    for key, label, do in (
        ("schools.find_pupil", _("tìm hồ sơ học sinh ở trường đang học"), transfer.find_pupil),
        ("schools.accept_transfer", _("giữ chỗ trong lớp"), transfer.accept),
        ("schools.release", _("chuyển học sinh sang trường mới"), transfer.release),
        ("schools.join_queue", _("lấy số thứ tự trong hàng chờ tuyển sinh"), queueing.join_queue),
        ("schools.confirm_studying", _("tìm học sinh trong danh sách đang học"), confirming.confirm),
        ("schools.readmit", _("đưa học sinh vào lớp"), readmission.readmit),
    ):
        extensions.acts.fill(key, Act(label, do))
    seated = Act(_("xếp chỗ cùng lúc với mọi hồ sơ"), queueing.review, many=queueing.review_many)
    extensions.acts.fill("schools.review_admission", seated)
    extensions.choices.fill("schools.classes", transfer.classes_to_join)
    extensions.choices.fill("schools.pupils_born", transfer.pupils_to_release)
    extensions.choices.fill("schools.former_pupils", readmission.former_pupils)
    page = extensions.Elsewhere(_("Hồ sơ tuyển sinh chờ xếp chỗ"), "schools:office_admissions")
    for key in ADMISSIONS:
        extensions.worked_elsewhere.fill(key, page)
        extensions.offices_listed.fill(key, extensions.Elsewhere(_("Tuyển sinh đầu cấp"), "schools:admissions"))
        extensions.notes.fill(key, queueing.place_shown)
    extensions.known.fill("schools", knowledge.facts_of)
    extensions.organisation_left.fill(knowledge.school_left)
