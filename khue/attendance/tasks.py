"""What follows from a roll: families hear of an absence without a reason."""

from django.utils.translation import gettext as _

from khue.attendance import queries
from khue.attendance.events import RollTaken
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.registry import queries as registry


def tell_families(event: RollTaken) -> None:
    """Tell the guardians of each pupil newly missing without a reason. Telling twice changes nothing."""
    missing = queries.missing_in(event.lesson_id, event.newly_missing)
    guardians = registry.guardians_to_tell([pupil.person_id for pupil in missing], clock.today())
    for pupil in missing:
        if told := guardians[pupil.person_id]:
            messaging.notify(
                actor=SYSTEM,
                organisation_id=event.organisation_id or 0,
                note=_note(event.lesson_id, pupil),
                recipients=told,
                at=clock.now(),
            )


def _note(lesson_id: int, pupil: queries.MissingPupil) -> Note:
    values = {
        "name": pupil.full_name,
        "class": pupil.class_name,
        "period": pupil.period,
        "subject": pupil.subject,
        "day": f"{pupil.day:%d/%m/%Y}",
    }
    return Note(
        kind="absence",
        key=f"absence:{lesson_id}:{pupil.enrolment_id}",
        subject=_("Em %(name)s vắng không phép ngày %(day)s") % values,
        body=_(
            "Kính gửi Quý phụ huynh,\n\nEm %(name)s, lớp %(class)s, vắng không phép tiết %(period)s (%(subject)s) ngày"
            " %(day)s. Quý phụ huynh vui lòng liên hệ giáo viên chủ nhiệm nếu em có lí do."
        )
        % values,
        link=f"/attendance/pupils/{pupil.enrolment}/",
        about_id=pupil.person_id,
        caused_by_id=pupil.taken_by_id,
    )
