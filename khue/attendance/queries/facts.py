"""Absences as a conversation between teacher and family points at them."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.attendance.models import Absence
from khue.foundation.actor import Actor
from khue.messaging.extensions import Fact
from khue.schools import queries as schools
from khue.timetable import queries as timetable

MOST = 20


def absences_of_child(actor: Actor, child_id: int, keys: Sequence[UUID] | None) -> list[Fact]:
    """The latest absences of a child whose enrolment the actor may open.

    keys  public ids of lessons; with them, those alone. One query
    """
    enrolments = schools.visible_enrolments(actor).order_by().filter(person_id=child_id)
    rows = Absence.objects.filter(enrolment__in=enrolments.values("id"))
    if keys is not None:
        rows = rows.filter(lesson__public_id__in=keys)
    found = rows.annotate(held=timetable.held_period("lesson__")).order_by("-lesson__day", "-held", "-id").values_list(
        "lesson__public_id", "enrolment__public_id", "lesson__class_subject__subject__name", "held",
        "lesson__day", "kind",
    )[:MOST]  # fmt: skip
    return [
        Fact(
            key=lesson,
            label=_("%(what)s: tiết %(period)s %(subject)s, %(day)s")
            % {"what": _what(kind), "period": period, "subject": subject, "day": f"{day:%d/%m/%Y}"},
            url=reverse("attendance:pupil", args=[enrolment]),
        )
        for lesson, enrolment, subject, period, day, kind in found
    ]


def _what(kind: str) -> str:
    return {
        Absence.Kind.EXCUSED: _("Vắng có phép"), Absence.Kind.UNEXCUSED: _("Vắng không phép"),
        Absence.Kind.LATE: _("Đi muộn"), Absence.Kind.LEFT_EARLY: _("Về sớm"), Absence.Kind.SKIPPED: _("Bỏ tiết"),
    }[Absence.Kind(kind)]  # fmt: skip
